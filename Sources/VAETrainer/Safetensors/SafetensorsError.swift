/// What is wrong with a safetensors file.
public struct SafetensorsError: Error, Hashable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The place in it: "header length", "byte 120", "tensor "encoder.mean.bias"".
  public let place: String
  /// What belongs there.
  public let expected: String
  /// What is there.
  public let found: String

  /// An error at a place of a file.
  public init(path: String, place: String, expected: String, found: String) {
    self.path = path
    self.place = place
    self.expected = expected
    self.found = found
  }

  /// One line: path, place, expected, found.
  public var description: String { "\(path): \(place): expected \(expected), found \(found)" }

  /// Text of the file in quotation marks, on one line and not too long, whatever is in it.
  static func quoted(_ text: some StringProtocol) -> String { "\"\(unquoted(text))\"" }

  /// The same without the marks.
  static func unquoted(_ text: some StringProtocol) -> String {
    let limit = 80
    let short = text.unicodeScalars.prefix(limit)
    let escaped = short.reduce(into: "") { $0 += $1.escaped(asASCII: Character($1).isNewline) }
    return "\(escaped)\(short.count == limit ? "…" : "")"
  }
}
