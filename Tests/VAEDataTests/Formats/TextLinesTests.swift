import Testing
import VAEData

struct TextLinesTests {
  @Test(arguments: [
    ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb\r\n", ["a", "b"]), ("a\rb", ["a", "b"]),
    ("\n\na\n\n", ["", "", "a", ""]), ("\u{FEFF}a\n", ["a"]), ("a\u{2028}b\n", ["a\u{2028}b"]),
  ]) func endAsAnyProgramWritesThem(text: String, expected: [String]) {
    #expect(TextLines.split(text.utf8) == expected)
  }
}
