import Foundation
import VAEData

/// An empty folder that goes when the test that made it ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "vae-tests-\(UUID().uuidString)").path
    try Folder.create(at: path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func path(of name: String) -> String {
    Folder.path(of: name, in: path)
  }

  /// Writes a file, and the folders above it.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Folder.create(at: URL(fileURLWithPath: path(of: name)).deletingLastPathComponent().path)
    try Data(bytes).write(to: URL(fileURLWithPath: path(of: name)))
  }

  func read(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(of: name)))
  }

  /// Every file in it with its contents; folders with none.
  func snapshot() throws -> [String: Data] {
    try FileManager.default.subpathsOfDirectory(atPath: path).reduce(into: [:]) { files, name in
      files[name] = (try? read(name)) ?? Data()
    }
  }
}
