import CStandardLibrary

/// What the operating system, or the state of the disk, refused to do with a file.
public struct FileError: Error, Hashable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What was being done, as it follows "cannot": "write the file", "create the folder".
  public let action: String
  /// Why it failed: "no space left on device".
  public let reason: String

  /// An error that the program itself found.
  public init(path: String, action: String, reason: String) {
    self.path = path
    self.action = action
    self.reason = reason
  }

  /// An error of the operating system: its own words for `code`, a value of `errno`.
  public init(path: String, action: String, code: Int32) {
    // Not strerror_r, whose two incompatible signatures differ by platform; strerror's text for a known code is
    // constant or thread-local on all of them.
    let text = String(cString: strerror(code))
    self.init(path: path, action: action, reason: text.prefix(1).lowercased() + text.dropFirst())
  }

  /// One line: path, what was being done, why it failed.
  public var description: String { "\(path): cannot \(action): \(reason)" }
}
