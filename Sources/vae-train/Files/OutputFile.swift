import VAEData
import VAEReport

/// A file that a command is going to write.
///
/// Checked when the command starts, so that nobody waits for a result that has nowhere to go; written wholly or not at
/// all, by `AtomicFile`.
struct OutputFile {
  let path: String
  /// The ending of its name in lower case, one of those allowed.
  let fileExtension: String

  init(_ path: String, extensions: [String], option: String = "--output") throws {
    fileExtension = try FileEnding.of(path, among: extensions, option: option)
    let folder = Path.folder(of: path)
    guard try Path.kind(folder) == .folder else {
      throw FileError(path: path, action: "write the file", reason: "there is no folder \(folder)")
    }
    guard try Path.kind(path) != .folder else {
      throw FileError(path: path, action: "write the file", reason: "it is a folder")
    }
    self.path = path
  }
}

extension OutputFile {
  /// Writes a picture, and says so.
  func write(_ image: PNGImage, showing content: String) throws {
    try image.write(to: path)
    print("\(path): \(content)")
  }
}
