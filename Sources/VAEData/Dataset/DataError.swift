/// What is wrong with data from outside: where, what was expected, what was found.
///
/// What the operating system refuses is a `FileError`.
public struct DataError: Error, Hashable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// The place in it: "header", "line 7"; nil where it is the whole.
  public let place: String?
  /// What should have been there.
  public let expected: String
  /// What was there instead.
  public let found: String

  /// An error in the file or folder at `path`.
  public init(path: String, place: String? = nil, expected: String, found: String) {
    self.path = path
    self.place = place
    self.expected = expected
    self.found = found
  }

  /// One line: path, place, expected, found.
  public var description: String {
    "\(path.isEmpty ? "\"\"" : path): \(place.map { "\($0): " } ?? "")expected \(expected), found \(found)"
  }
}
