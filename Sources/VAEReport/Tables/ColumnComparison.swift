import VAEData

/// How often one column has which values, in the data and among a model's draws.
struct ColumnComparison {
  /// The levels of a category that are shown apart, the most frequent in the data first.
  static let mostLevels = 12

  /// The column.
  let column: CodedColumn
  /// The share of the data in each bar, and that of the draws.
  let data: [Double]
  let draws: [Double]
  /// Of numbers the intervals that the bars stand for; nil of levels.
  let bins: NumberBins?
  /// Of levels their names.
  let names: [String]
  /// How many levels the last bar stands for; 0 where it is one like the others.
  let otherCount: Int
  /// ½ Σ |p − q| over all bars or levels, also those that are shown as one: 0 where both are alike, 1 where they have nothing
  /// in common.
  let distance: Double
  /// What that would be on average if the draws were as many more rows of the data.
  let chance: Double
  /// The share of rows of the data that do not have the column.
  let missing: Double

  /// Of a modelled column's raw numbers.
  init(_ column: CodedColumn, data: [Float], draws: [Float]) {
    self.column = column
    let known = data.count { !$0.isNaN }
    missing = Double(data.count - known) / Double(max(data.count, 1))
    let counts: (data: [Int], draws: [Int])
    switch column.kind {
    case .number, .inflated, .count:
      // A draw of a count may be far beyond anything that there was: it goes into the last bin.
      let ofData = data.filter(\.isFinite)
      let (low, high) = (min(column.lowest, ofData.min() ?? 0), max(column.highest, ofData.max() ?? 1))
      let all = ofData + draws.filter { (low...high).contains($0) }
      let bins = NumberBins(
        column, lowest: all.min() ?? low, highest: all.max() ?? high,
        binCount: NumberBins.binCount(of: ofData.count), hasHeavyTails: NumberBins.hasHeavyTails(ofData))
      counts = (bins.counts(data), bins.counts(draws))
      (self.bins, names, otherCount) = (bins, [], 0)
      (self.data, self.draws) = (Self.shares(counts.data), Self.shares(counts.draws))
    case .yesNo, .category, .constant:
      let places = Dictionary(column.levels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      func count(_ values: [Float]) -> [Int] {
        var counts = [Int](repeating: 0, count: column.levels.count)
        for value in values { if let place = places[value] { counts[place] += 1 } }
        return counts
      }
      counts = (count(data), count(draws))
      // The more frequent first; those alike in the order of their names.
      let order = counts.data.indices.sorted { (counts.data[$1], $0) < (counts.data[$0], $1) }
      let isShort = order.count <= Self.mostLevels + 1
      let apart = isShort ? order[...] : order.prefix(Self.mostLevels)
      otherCount = order.count - apart.count
      let texts = column.levelTexts
      names = apart.map { texts[$0] } + (isShort ? [] : ["\(otherCount) others"])
      func shown(_ counts: [Int]) -> [Double] {
        let shares = Self.shares(counts)
        let rest = order.dropFirst(apart.count).reduce(0) { $0 + shares[$1] }
        return apart.map { shares[$0] } + (isShort ? [] : [rest])
      }
      bins = nil
      (self.data, self.draws) = (shown(counts.data), shown(counts.draws))
    }
    (distance, chance) = Self.totalVariation(counts.data, counts.draws)
  }

  private static func shares(_ counts: [Int]) -> [Double] {
    let total = Double(max(counts.reduce(0, +), 1))
    return counts.map { Double($0) / total }
  }

  /// The distance of two samples, and its mean for two samples of the one distribution that both make together: the
  /// difference of two shares is then nearly normal, of variance p (1 − p) (1/n + 1/m), and E|N(0, σ²)| = σ √(2/π).
  static func totalVariation(_ first: [Int], _ second: [Int]) -> (distance: Double, chance: Double) {
    let (n, m) = (Double(first.reduce(0, +)), Double(second.reduce(0, +)))
    guard n > 0, m > 0 else { return (0, 0) }
    var (distance, chance) = (0.0, 0.0)
    for (a, b) in zip(first, second) {
      distance += abs(Double(a) / n - Double(b) / m) / 2
      let p = Double(a + b) / (n + m)
      chance += (2 / Double.pi * p * (1 - p) * (1 / n + 1 / m)).squareRoot() / 2
    }
    return (distance, chance)
  }
}

extension ModelledRows {
  /// Every modelled column's, the least alike first; those alike in the order of the table.
  func comparisons() -> [ColumnComparison] {
    let all = modelled.map {
      ColumnComparison(coding.columns[$0], data: column($0, of: data), draws: column($0, of: draws))
    }
    return all.indices.sorted { (all[$1].distance, $0) < (all[$0].distance, $1) }.map { all[$0] }
  }
}
