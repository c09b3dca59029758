/// A line for the shell that runs Python, to be copied out of a message.
struct PythonCommand: CustomStringConvertible {
  let description: String

  /// `code` makes the program of a path. A path with characters that mean something to the shell or to Python does not stand
  /// in it: FILE does.
  init(path: String, _ code: (String) -> String) {
    description = "python3 -c \"\(code(Self.isPlain(path) ? path : "FILE"))\""
  }

  /// Whether `text` means itself within quotes of both kinds.
  static func isPlain(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || $0.value < 0x80 && " +,-./0123456789:=@_~".unicodeScalars.contains($0)
      }
  }
}
