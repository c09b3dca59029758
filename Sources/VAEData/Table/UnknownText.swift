import VAEKernels

/// What is said of a value that none of the training rows had in its column.
enum UnknownText {
  /// What stands in a table for it where it counts as missing: no number, as what is missing is none, and yet another, so that
  /// nobody fills in what is there.
  static let mark = Float(nan: 1, signaling: false)

  /// So many of those that they had are named.
  private static let mostNamed = 8

  /// What was expected: one of `texts`, of which long ones are cut.
  static func expected(_ texts: [String]) -> String {
    let named = texts.prefix(mostNamed).map { text in
      let line = text.onOneLine
      return line.count > 40 ? line.prefix(39) + "…" : line
    }
    let list = named.joined(separator: ", ") + (texts.count > mostNamed ? ", …" : "")
    return "one of the \(texts.count.counted("value")) that the model knows, \(list) "
      + "(--unseen other takes others for unknown)"
  }
}
