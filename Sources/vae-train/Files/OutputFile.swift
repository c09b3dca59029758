import ArgumentParser
import Foundation
import VAEData
import VAEReport

/// A file that a command is going to write.
///
/// Checked when the command starts, so that nobody waits for a result that has nowhere to go; written wholly or not at
/// all, by `AtomicFile`.
struct OutputFile {
  let path: String
  /// The ending of its name, one of those allowed.
  let fileExtension: String

  init(_ path: String, extensions: [String]) throws {
    let url = URL(fileURLWithPath: path)
    let expected = extensions.map { "." + $0 }.joined(separator: " or ")
    guard extensions.contains(url.pathExtension) else {
      throw ValidationError("--output \(path): expected a name that ends in \(expected), found another")
    }
    var isFolder: ObjCBool = false
    let folder = url.deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw FileError(path: path, action: "write the file", reason: "there is no folder \(folder)")
    }
    self.path = path
    fileExtension = url.pathExtension
  }
}

extension OutputFile {
  /// Writes a picture, and says so.
  func write(_ image: PNGImage, showing content: String) throws {
    try image.write(to: path)
    print("\(path): \(content)")
  }
}
