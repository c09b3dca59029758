import Foundation
import TestSupport
import Testing

@testable import VAEData

/// What is found of columns, against sums and sorts of the test's own.
struct TableCodingFitTests {
  private static func modelling(_ change: (inout TableModelling) -> Void) -> TableModelling {
    var modelling = TableModelling()
    change(&modelling)
    return modelling
  }

  private static func fit(
    _ values: [Float], texts: [String]? = nil, _ change: (inout TableModelling) -> Void = { _ in }
  ) throws -> CodedColumn {
    // A second column, which is never in the way.
    let rows = values.enumerated().flatMap { [$1, Float($0) * 0.1] }
    let table = Table(
      path: "t.csv", columns: [.init(name: "x", texts: texts), .init(name: "other", decimals: 1)], values: rows)
    return try TableCoding.fit(Dataset(table), modelling(change)).columns[0]
  }

  /// Φ⁻¹(p) by halving, from erfc.
  private static func normalQuantile(_ p: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Skew, with a long tail; all different.
  private static func skewed(_ count: Int, seed: UInt64 = 5) -> [Float] {
    normalNumbers(count, seed: seed).map { Float(exp(1.3 * Double($0))) * 1000 + 7 }
  }

  @Test(arguments: [TableModelling.Scaling.standard, .robust, .quantile, .automatic, .none])
  func theRangeIsThatOfTheData(scaling: TableModelling.Scaling) throws {
    let values = Self.skewed(400)
    let column = try Self.fit(values) { $0.scaling = scaling }
    #expect(column.kind == .number && column.lowest == values.min()! && column.highest == values.max()!)
    #expect(!column.mayBeMissing && column.missingShare == 0)
  }

  /// The texts of a file, of which the training rows are a part.
  @Test func namesAreSaidToDifferAsFarAsTheyDo() throws {
    func found(_ count: Int) -> String {
      var rows: [Float] = []
      for row in 0..<100 {
        rows.append(Float(row % count))
        rows.append(Float(row))
      }
      let texts = (0..<count).map { "n\($0)" }
      let columns = [Table.Column(name: "x", texts: texts), Table.Column(name: "other")]
      let all = Dataset(Table(path: "t.csv", columns: columns, values: rows))
      let (train, test) = all.split(heldOutFraction: 0.1, seed: 1)
      return errorDescription { _ = try TableCoding.fit(train, allowing: [test]) }
    }
    #expect(found(100).hasSuffix("found another in each row"))
    #expect(found(95).hasSuffix("found 95 different ones in 100 rows"))
    #expect(found(80) == "")
  }

  @Test func conditionsTakePatterns() throws {
    let columns = ["dose_a", "dose_b", "age"].map { Table.Column(name: $0) }
    var rows: [Float] = []
    for row in 0..<60 {
      rows.append(Float(row * 7 % 31))
      rows.append(Float(row * 5 % 37))
      rows.append(Float(row))
    }
    let data = Dataset(Table(path: "t.csv", columns: columns, values: rows))
    let coding = try TableCoding.fit(data, Self.modelling { $0.conditions = ["dose_*"] })
    #expect(coding.columns.map(\.role) == [.condition, .condition, .feature])
    var reading = DataReading()
    reading.modelling.conditions = ["dose_*", "dosis*"]
    #expect(
      errorDescription { try reading.checkModelling(columns.map(\.name), path: "t.csv") }
        .hasPrefix("t.csv: expected a column of the name \"dosis*\", found none"))
  }

  @Test func standardIsMeanAndDeviation() throws {
    var values = Self.skewed(501)
    let mean = values.reduce(0) { $0 + Double($1) } / 501
    let squares: [Double] = values.map { (Double($0) - mean) * (Double($0) - mean) }
    let variance = squares.reduce(0, +) / 501
    values.insert(.nan, at: 100)
    let column = try Self.fit(values) { $0.scaling = .standard }
    #expect(abs(Double(column.transform.center) - mean) < 1e-6 * mean && column.transform.knots.isEmpty)
    #expect(abs(Double(column.transform.scale) - variance.squareRoot()) < 1e-6 * variance.squareRoot())
    #expect(column.mayBeMissing && abs(column.missingShare - 1 / 502) < 1e-7)
  }

  @Test func robustIsMedianAndQuartiles() throws {
    // 4 k + 1 of them, so that each quartile is a row.
    let values = Self.skewed(401)
    let sorted = values.sorted()
    let column = try Self.fit(values + [.nan]) { $0.scaling = .robust }
    let scale = (Double(sorted[300]) - Double(sorted[100])) / (2 * Self.normalQuantile(0.75))
    #expect(column.transform.center == sorted[200] && column.transform.knots.isEmpty)
    #expect(abs(Double(column.transform.scale) - scale) < 1e-6 * scale)
  }

  /// Where three quarters of the rows are alike there are no quartiles to divide by.
  @Test func robustWithoutQuartilesIsStandard() throws {
    let values = (0..<400).map { (row: Int) -> Float in row % 5 == 0 ? Float(row) + 0.5 : 3 }
    let standard = try Self.fit(values) { $0.scaling = .standard }
    #expect(try Self.fit(values) { $0.scaling = .robust }.transform == standard.transform)
  }

  @Test func quantilesBecomeThoseOfTheNormalDistribution() throws {
    let values = Self.skewed(1025)
    let column = try Self.fit(values) { $0.scaling = .quantile }
    let knots = column.transform.knots
    #expect(knots.count == 129)
    for (low, high) in zip(knots, knots.dropFirst()) {
      #expect(low.value < high.value && low.range.upperBound < high.range.lowerBound)
    }
    let sorted = values.sorted()
    for (rank, value) in sorted.enumerated() {
      let expected = Self.normalQuantile((Double(rank) + 0.5) / 1025)
      // Each eighth row is a knot; straight lines between are farther off where the tail is thin.
      let tolerance = rank % 8 == 0 ? 1e-5 : abs(expected) < 2 ? 0.1 : 0.5
      #expect(abs(Double(column.transform.forward(value).value) - expected) < tolerance, "\(rank)")
    }
  }

  /// Of numbers that are nearer to each other, or farther apart, than a slope in `Float` can say.
  @Test(arguments: [[0, Float.leastNormalMagnitude / 100], [-1.6e38, 1.6e38], [1, 1.0000001]])
  func extremeNumbersHaveFiniteFeatures(range: [Float]) throws {
    let shares = uniformNumbers(500, seed: 3)
    let values = shares.map { range[0] * (1 - $0) + range[1] * $0 } + range
    for scaling in TableModelling.Scaling.allCases where scaling != .none {
      let column = try Self.fit(values) { ($0.scaling, $0.numbers) = (scaling, ["x"]) }
      for value in values {
        let (feature, offset) = column.transform.forward(value)
        #expect(feature.isFinite && offset.isFinite, "\(scaling) \(value)")
        #expect(column.transform.inverse(feature).isFinite)
      }
    }
  }

  /// Of two numbers in very many rows, none need be among those that are looked at for quantiles.
  @Test(arguments: [TableModelling.Scaling.robust, .quantile])
  func numbersThatNoQuantileSeesAreStandard(scaling: TableModelling.Scaling) throws {
    var values = [Float](repeating: .nan, count: 2 * TableModelling.mostRowsForQuantiles)
    (values[1], values[3]) = (1, 2.5)
    let column = try Self.fit(values) { ($0.scaling, $0.numbers) = (scaling, ["x"]) }
    #expect(column.transform == NumberTransform(center: 1.75, scale: 0.75))
  }

  /// As many normal numbers lead back to a value as rows have it.
  @Test func aFrequentValueIsAsWideAsItsShare() throws {
    // A tenth below, three tenths at 5, and the rest above.
    let values = (0..<1000).map { (row: Int) -> Float in
      if row < 100 { return Float(row) / 25 }
      return row < 400 ? 5 : Float(row) / 10 + 0.05
    }
    let column = try Self.fit(values)
    #expect(column.kind == .number)
    let knot = try #require(column.transform.knots.first { $0.value == 5 })
    func probability(below x: Float) -> Double { 0.5 * erfc(-Double(x) / 2.0.squareRoot()) }
    let share = probability(below: knot.range.upperBound) - probability(below: knot.range.lowerBound)
    #expect(abs(share - 0.3) < 0.002)
    #expect(abs(Double(knot.range.lowerBound) - Self.normalQuantile(0.1)) < 0.01)
    #expect(abs(Double(knot.range.upperBound) - Self.normalQuantile(0.4)) < 0.01)
    // And it stands where their average is.
    let normals: [Double] = (0..<300).map { Self.normalQuantile((Double($0) + 100.5) / 1000) }
    let mean = normals.reduce(0, +) / 300
    #expect(abs(Double(knot.normal) - mean) < 1e-3)
  }

  @Test func aValueOfMostRowsHasAProbabilityOfItsOwn() throws {
    let others = Self.skewed(300)
    let values = (0..<1000).map { (row: Int) -> Float in row % 10 < 3 ? others[row / 10 * 3 + row % 10] : -1 }
    let column = try Self.fit(values + [.nan, .nan])
    #expect(column.kind == .inflated && column.levels == [-1] && column.width == 2)
    #expect(column.lowest == -1 && column.highest == others.max()! && column.mayBeMissing)
    // The curve is one of the others alone.
    let sorted = others.sorted()
    for rank in [0, 299] {
      let expected = Self.normalQuantile((Double(rank) + 0.5) / 300)
      #expect(abs(Double(column.transform.forward(sorted[rank]).value) - expected) < 1e-5)
    }
    #expect(abs(column.transform.forward(sorted[150]).value) < 0.02)
    // What a model is told is a number, whatever its shape.
    let told = try Self.fit(values) { $0.conditions = ["x"] }
    #expect(told.kind == .number && told.role == .condition && told.width == 1)
    // A little less than the share is no share.
    for (frequent, kind) in [(590, CodedColumn.Kind.number), (600, .inflated)] {
      let values = (0..<1000).map { (row: Int) -> Float in row < frequent ? -1 : others[row % 300] }
      #expect(try Self.fit(values).kind == kind)
    }
  }

  @Test func countsAreStandardByTheirLogarithms() throws {
    let counts = (0..<500).map { (row: Int) -> Float in Float((row * 7919 % 13 + row * 31 % 7) / 4) }
    let values: [Float] = counts + [.nan]
    let column = try Self.fit(values)
    #expect(column.kind == .count && column.decimals == 0 && column.mayBeMissing)
    func standard(_ counts: [Float]) -> (mean: Double, deviation: Double) {
      let logs: [Double] = counts.map { log(1 + Double($0)) }
      let mean = logs.reduce(0, +) / Double(logs.count)
      let squares: [Double] = logs.map { ($0 - mean) * ($0 - mean) }
      return (mean, (squares.reduce(0, +) / Double(logs.count)).squareRoot())
    }
    // By their deviation, but not by one below 1.
    let (mean, deviation) = standard(counts)
    #expect(abs(Double(column.transform.center) - mean) < 1e-6 && deviation < 1 && column.transform.scale == 1)
    let spread = try Self.fit(values.map { $0 * $0 * 100 }) { $0.counts = ["x"] }
    let far = standard(counts.map { $0 * $0 * 100 })
    #expect(abs(Double(spread.transform.center) - far.mean) < 1e-5 && far.deviation > 1)
    #expect(abs(Double(spread.transform.scale) - far.deviation) < 1e-5)
    // A variance far above the mean is none of a count's.
    let wide: [Float] = values.map { $0 * 40 }
    #expect(try Self.fit(wide).kind == .number)
    #expect(try Self.fit(wide) { $0.counts = ["x"] }.kind == .count)
    #expect(try Self.fit(values) { $0.numbers = ["x"] }.kind == .number)
  }

  @Test func categoriesAreInTheOrderOfTheirTexts() throws {
    let texts = ["Graz", "Linz", "Wien"]
    func repeating(_ values: [Float]) -> [Float] { (0..<60).map { values[$0 % values.count] } }
    let column = try Self.fit(repeating([0, 2, 1]) + [.nan], texts: texts)
    #expect(column.kind == .category && column.levels == [0, 1, 2] && column.levelTexts == texts && column.width == 3)
    let numbers = try Self.fit(repeating([7, -2, 11])) { $0.categories = ["x"] }
    #expect(numbers.kind == .category && numbers.levels == [-2, 7, 11] && numbers.levelTexts == ["-2", "7", "11"])
    let two = try Self.fit(repeating([7, -2]))
    #expect(two.kind == .yesNo && two.levels == [-2, 7] && two.width == 1)
    #expect(try Self.fit(repeating([0, 1]), texts: ["no", "yes"]).kind == .yesNo)
    let one = try Self.fit(Array(repeating: 4, count: 59) + [.nan])
    #expect(one.kind == .constant && one.levels == [4] && one.width == 0)
    #expect(try Self.fit(Array(repeating: .nan, count: 60)).kind == .constant)
  }
}
