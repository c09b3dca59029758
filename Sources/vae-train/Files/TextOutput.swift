import VAEData

/// Text that a command makes part by part, so that it is never in memory as a whole: to a file, which is there wholly or not
/// at all, or to the terminal.
enum TextOutput {
  /// The bytes that are written at a time.
  private static let partSize = 1 << 16

  /// Writes what `body` appends.
  static func write(to file: OutputFile?, _ body: (_ append: (String) throws -> Void) throws -> Void) throws {
    var part: [UInt8] = []
    guard let file else {
      try body { text in
        part += text.utf8
        guard part.count >= partSize else { return }
        print(String(decoding: part, as: UTF8.self), terminator: "")
        part.removeAll(keepingCapacity: true)
        // Whoever has seen enough wants no more to be made.
        try StandardStreams.finishOutput()
      }
      return print(String(decoding: part, as: UTF8.self), terminator: "")
    }
    try AtomicFile.write(to: file.path) { writer in
      try body { text in
        part += text.utf8
        guard part.count >= partSize else { return }
        try writer.append(part)
        part.removeAll(keepingCapacity: true)
      }
      try writer.append(part)
    }
  }
}
