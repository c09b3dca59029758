import VAEData

/// What the program was started with.
enum Arguments {
  /// All words but its own name, as `Path` holds bytes. `CommandLine.arguments` would put U+FFFD in place of bytes that are
  /// no UTF-8, and so lead to another file.
  static let given: [String] = (1..<Int(max(CommandLine.argc, 1))).compactMap {
    CommandLine.unsafeArgv[$0].map { Path.text(ofCString: $0) }
  }
}
