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
}
