import Testing
import VAEData

@testable import VAEReport

/// Bars of data and draws, and how far apart they are.
@Suite struct ColumnComparisonTests {
  private func number(_ decimals: Int, knots: [NumberTransform.Knot] = []) -> CodedColumn {
    var column = CodedColumn(name: "x", kind: .number)
    column.decimals = decimals
    if !knots.isEmpty { column.transform = NumberTransform(knots: knots) }
    return column
  }

  @Test func wholeNumbersHaveABarEach() {
    let bins = NumberBins(number(0), lowest: 3, highest: 7)
    #expect(bins.edges == [2.5, 3.5, 4.5, 5.5, 6.5, 7.5] && !bins.isByQuantiles)
    #expect(bins.counts([3, 3.4, 3.6, 7, .nan, 100, -5]) == [3, 1, 0, 0, 2])
  }

  @Test func manyWholeNumbersShareBars() {
    let bins = NumberBins(number(0), lowest: 0, highest: 99)
    #expect(bins.count == 25 && bins.edges.first == -0.5 && bins.edges.last == 99.5)
    #expect(bins.counts((0..<100).map { Float($0) }).allSatisfy { $0 == 4 })
  }

  @Test(arguments: [(Float(-1), Float(2)), (5, 5)]) func equalSteps(low: Float, high: Float) {
    let bins = NumberBins(number(2), lowest: low, highest: high)
    #expect(bins.count == NumberBins.mostBins)
    #expect(NumberBins(number(2), lowest: low, highest: high, binCount: 8).count == 8)
    #expect(bins.counts([low, high]).reduce(0, +) == 2)
    #expect(bins.edges.first! <= Double(low) && bins.edges.last! >= Double(high))
  }

  @Test func fewNumbersHaveFewBins() {
    #expect([0, 60, 100, 400, 900, 10_000].map(NumberBins.binCount) == [8, 8, 10, 20, 30, 30])
  }

  @Test func heavyTailsGoByTheCurve() {
    let knots = [(0, -2), (1, 0), (1000, 2)].map { NumberTransform.Knot(value: Float($0.0), normal: Float($0.1)) }
    let values = [Float](repeating: 1, count: 200) + [0, 1000]
    #expect(NumberBins.hasHeavyTails(values) && !NumberBins.hasHeavyTails((0..<100).map { Float($0) }))
    #expect(!NumberBins.hasHeavyTails([3, 3, .nan]))
    let bins = NumberBins(number(0, knots: knots), lowest: 0, highest: 1000, hasHeavyTails: true)
    #expect(bins.isByQuantiles && zip(bins.edges, bins.edges.dropFirst()).allSatisfy { $0 < $1 })
    #expect(!NumberBins(number(0, knots: knots), lowest: 0, highest: 1000).isByQuantiles)
    // Half of the curve is below 1.
    #expect(abs(bins.edges[bins.count / 2] - 1) < 1e-4)
  }

  @Test func theMostFrequentLevelsComeFirstAndTheRestAreOne() {
    var column = CodedColumn(name: "city", kind: .category, levels: (0..<20).map { Float($0) })
    column.texts = (0..<20).map { "city \($0)" }
    // Level k in k rows; the draws in one row each.
    let data = (0..<20).flatMap { (level: Int) in [Float](repeating: Float(level), count: level) }
    let comparison = ColumnComparison(column, data: data + [.nan, .nan], draws: column.levels)
    #expect(comparison.names.first == "city 19" && comparison.names.last == "8 others" && comparison.names.count == 13)
    #expect(abs(comparison.data.reduce(0, +) - 1) < 1e-9 && abs(comparison.draws.reduce(0, +) - 1) < 1e-9)
    #expect(abs(comparison.draws.last! - 8.0 / 20) < 1e-9)
    #expect(abs(comparison.missing - 2.0 / 192) < 1e-9)
    // Over all levels, not only over those shown.
    var expected = 0.0
    for level in 0..<20 { expected += abs(Double(level) / 190 - 0.05) / 2 }
    #expect(abs(comparison.distance - expected) < 1e-9)
  }

  @Test func thirteenLevelsNeedNoRest() {
    let column = CodedColumn(name: "c", kind: .category, levels: (0..<13).map { Float($0) })
    let comparison = ColumnComparison(column, data: column.levels, draws: column.levels)
    #expect(comparison.otherCount == 0 && comparison.names.count == 13 && comparison.distance == 0)
  }

  @Test func distancesOfWhatIsAlikeAndWhatIsNot() {
    #expect(ColumnComparison.totalVariation([5, 0], [0, 9]).distance == 1)
    #expect(ColumnComparison.totalVariation([10, 30], [1, 3]).distance == 0)
    #expect(ColumnComparison.totalVariation([0, 0], [1, 3]) == (0, 0))
    // Two samples of 1000 of a fair coin: E|p − q| = √(2/π) · √(¼ · 2/1000), and half the sum of two of them is one.
    let chance = ColumnComparison.totalVariation([500, 500], [500, 500]).chance
    #expect(abs(chance - (2 / Double.pi * 0.25 * 0.002).squareRoot()) < 1e-9)
  }

  /// A draw of a count that is far out makes no axis of nothing.
  @Test func aDrawFarOutStaysInTheLastBar() {
    var column = CodedColumn(name: "n", kind: .count)
    (column.lowest, column.highest) = (0, 4)
    let comparison = ColumnComparison(column, data: [0, 1, 2, 3, 4], draws: [0, 1, 2, 3, 1e9])
    #expect(comparison.bins?.edges.last == 4.5 && comparison.draws.last == 0.2 && comparison.distance == 0)
  }
}
