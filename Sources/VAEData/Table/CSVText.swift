/// Cells of a table in text.
public enum CSVText {
  /// A cell as RFC 4180 has it: in quotes where it holds a comma, a quote or a line end, or begins or ends with a space.
  public static func cell(_ text: String) -> String {
    let isPlain =
      !text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 }
      && text.first != " " && text.last != " "
    return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
