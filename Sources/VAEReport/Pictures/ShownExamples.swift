import VAEData

extension Dataset {
  /// The most examples that go into a plot or a page: more dots than that are one blot, and a test set may have millions.
  static let mostShown = 10_000

  /// The places of at most `most` examples, evenly spaced.
  func placesShown(atMost most: Int = mostShown) -> [Int] {
    let shown = min(count, max(most, 0))
    return (0..<shown).map { Self.place(ofShown: $0, shown: shown, of: count) }
  }

  /// The place of one of `shown` examples among `count`: the page counts by the same formula.
  private static func place(ofShown index: Int, shown: Int, of count: Int) -> Int { index * count / shown }

  /// Those examples; itself where that is all of them.
  func shown(atMost most: Int = mostShown) -> Dataset { count <= most ? self : subset(placesShown(atMost: most)) }
}
