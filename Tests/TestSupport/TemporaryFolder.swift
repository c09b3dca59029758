import Foundation
import VAEData

/// An empty folder that goes when the test that made it ends.
public final class TemporaryFolder {
  /// Where it is.
  public let path: String

  /// Makes one.
  public init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "vae-tests-\(UUID().uuidString)").path
    try Folder.create(at: path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in it.
  public func path(of name: String) -> String {
    Folder.path(of: name, in: path)
  }

  /// Writes a file, and the folders above it, and returns its path.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let path = path(of: name)
    try Folder.create(at: URL(fileURLWithPath: path).deletingLastPathComponent().path)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// The contents of a file in it.
  public func read(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(of: name)))
  }

  /// Every file in it with its contents; folders with none.
  public func snapshot() throws -> [String: Data] {
    try FileManager.default.subpathsOfDirectory(atPath: path).reduce(into: [:]) { files, name in
      files[name] = (try? read(name)) ?? Data()
    }
  }
}
