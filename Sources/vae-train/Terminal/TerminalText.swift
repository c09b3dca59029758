/// Text in columns of a terminal, where some characters are two wide and some none.
enum TerminalText {
  /// How wide what `inspect` and the head of a run print is at most.
  static let width = 80

  /// The columns that a terminal takes for `text`.
  static func width(of text: some StringProtocol) -> Int { text.unicodeScalars.reduce(0) { $0 + width(of: $1) } }

  /// As Unicode's Standard Annex 11 has it for East Asian characters, and 0 of what is put on the character before it.
  private static func width(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// Hangul Jamo, CJK with what stands between its blocks, Hangul, compatibility and full-width forms, emoji, and the
  /// planes of rarer ideographs.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653,
    0x267F...0x267F, 0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
    0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26FD, 0x2705...0x2705, 0x270A...0x270B,
    0x2728...0x2728, 0x274C...0x2757, 0x2795...0x2797, 0x27B0...0x27BF, 0x2B1B...0x2B55, 0x2E80...0x303E,
    0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F19A,
    0x1F200...0x1F320, 0x1F32D...0x1F64F, 0x1F680...0x1F6FF, 0x1F7E0...0x1F7F0, 0x1F90C...0x1FAFF, 0x20000...0x3FFFD,
  ]

  /// `text` on one line, at most `width` columns of it: what is more, and what would move the cursor, is left out.
  static func clipped(_ text: String, to width: Int) -> String {
    let text = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }.joined()
    guard self.width(of: text) > width else { return text }
    var (clipped, used) = ("", 0)
    for character in text {
      let more = self.width(of: String(character))
      if used + more > width - 1 { break }
      clipped.append(character)
      used += more
    }
    return clipped + "…"
  }

  /// `text`, clipped, with blanks up to `width` columns; before it where `isRight`.
  static func padded(_ text: String, to width: Int, isRight: Bool = false) -> String {
    let text = clipped(text, to: width)
    let blanks = String(repeating: " ", count: max(width - self.width(of: text), 0))
    return isRight ? blanks + text : text + blanks
  }

  /// `text` in lines of at most `width` columns, broken between words where there are some; behind `indent` blanks but for
  /// the first, which begins with `label`.
  static func wrapped(_ text: String, label: String = "", indent: Int = 0, width: Int = width) -> [String] {
    var lines: [String] = []
    var line = padded(label, to: max(indent, self.width(of: label)))
    var isEmpty = true
    for word in text.split(separator: " ") {
      var rest = String(word)
      if !isEmpty, self.width(of: line) + 1 + self.width(of: rest) > width {
        lines.append(line)
        (line, isEmpty) = (String(repeating: " ", count: indent), true)
      }
      // A word that no line can hold is broken.
      while self.width(of: line) + (isEmpty ? 0 : 1) + self.width(of: rest) > width {
        var part = ""
        while let next = rest.first, self.width(of: line + part) + self.width(of: String(next)) <= width {
          part.append(rest.removeFirst())
        }
        lines.append(line + part)
        (line, isEmpty) = (String(repeating: " ", count: indent), true)
        if part.isEmpty { break }
      }
      line += (isEmpty ? "" : " ") + rest
      isEmpty = false
    }
    return lines + [line]
  }

  /// Words that fit in `width` columns, with commas between, and how many more there are.
  static func list(_ words: [String], to width: Int) -> String {
    for shown in stride(from: words.count, to: 0, by: -1) {
      let more = words.count - shown
      let text = words.prefix(shown).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
      if self.width(of: text) <= width { return text }
    }
    return clipped(words.joined(separator: ", "), to: width)
  }
}
