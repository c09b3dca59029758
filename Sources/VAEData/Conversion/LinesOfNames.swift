/// The rows' names as a file of text, a line each: `F.ids.txt` beside `F.npy`.
public enum LinesOfNames {
  /// The names, each as one line: what would end it is written as `\n` or `\r`.
  public static func encode(_ names: [String]) -> [UInt8] {
    var text: [UInt8] = []
    for name in names {
      for byte in name.utf8 {
        switch byte {
        case UInt8(ascii: "\n"): text += Array("\\n".utf8)
        case UInt8(ascii: "\r"): text += Array("\\r".utf8)
        default: text.append(byte)
        }
      }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// The lines of such a file; a name that was several lines stays as it is written.
  static func decode(_ bytes: [UInt8]) -> [String] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
  }
}
