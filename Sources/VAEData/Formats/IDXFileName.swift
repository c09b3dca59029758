/// What the name of an IDX file says: which set it belongs to, which part of it, and what it holds.
///
///     train-images-idx3-ubyte                   MNIST, Fashion-MNIST, KMNIST: no name of a set
///     t10k-labels.idx1-ubyte                    with dots, as some archives have it
///     test-images-idx3-ubyte.gz
///     emnist-letters-train-images-idx3-ubyte    EMNIST: the set's name comes first
///     qmnist-train-labels-idx2-int              QMNIST
///
/// Letters are of either case. What the ending says of rank and type is not asked: the header knows.
struct IDXFileName {
  /// What the examples are for.
  enum Part: String {
    case train
    /// Both mean test data: MNIST's name, and that of others.
    case t10k, test
  }

  /// "emnist-letters", in small letters; empty where the name has none.
  let set: String
  let part: Part
  let content: IDXHeader.Kind
  /// Of files that are the same but for these, the one that is taken: dashes before dots, then plain before compressed.
  let precedence: Int

  /// Nil where it is no such name.
  init?(_ name: String) {
    let name = name.lowercased()
    var words = name.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "." }
    let isCompressed = words.last == "gz"
    if isCompressed { words.removeLast() }
    guard words.count >= 4, Self.hasTypeAndRank(words),
      let content = IDXHeader.Kind(rawValue: String(words[words.count - 3])),
      let part = Part(rawValue: String(words[words.count - 4]))
    else { return nil }
    set = String(name[..<words[words.count - 4].startIndex].dropLast())
    self.part = part
    self.content = content
    let hasDots = name.dropLast(isCompressed ? 3 : 0).contains(".")
    precedence = (hasDots ? 2 : 0) + (isCompressed ? 1 : 0)
  }

  /// Whether a name ends as these do, whatever stands in front, or in "-ubyte" without a rank.
  static func hasEnding(_ name: String) -> Bool {
    var words = name.lowercased().split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "." }
    if words.last == "gz" { words.removeLast() }
    return words.count > 1 && (words[words.count - 1] == "ubyte" || hasTypeAndRank(words))
  }

  private static func hasTypeAndRank(_ words: [Substring]) -> Bool {
    words.count > 1 && types.contains(words[words.count - 1]) && ranks.contains(words[words.count - 2])
  }

  private static let types: Set<Substring> = ["ubyte", "byte", "short", "int", "float", "double"]
  private static let ranks: Set<Substring> = ["idx1", "idx2", "idx3", "idx4"]

  /// The usual name of a file.
  static func usual(set: String, part: Part, content: IDXHeader.Kind) -> String {
    (set.isEmpty ? "" : set + "-") + "\(part)-\(content)-\(content == .images ? "idx3" : "idx1")-ubyte"
  }

  /// Whether the pictures of a set of this name lie on their sides. EMNIST's do (Cohen et al., "EMNIST: an extension of
  /// MNIST to handwritten letters", 2017), having been written by columns.
  static func isTransposed(set: String) -> Bool { set.hasPrefix("emnist") }
}
