import Foundation
import Testing
import VAEKernels

@testable import VAEData
@testable import VAETrainer

/// What a model of counts says of examples, by a model of which everything is known: z is the count of the first feature less
/// 1, nearly without variance, and the shares are softmax(b + z w + c t), t being what the model is told.
@Suite struct CountAnswerTests {
  private static let w: [Float] = [0, 1, -0.5, 0.1, 0]
  private static let b: [Float] = [0, 0.5, 1, 0, -2]
  private static let c: [Float] = [0, 0, 0, 1, 0]
  private static let batches = ["one", "two"]

  private let model: VariationalAutoencoder
  private let dataset: Dataset
  private let evaluator: Evaluator

  init() throws {
    var architecture = Architecture(
      inputCount: 5, encoder: [], latentCount: 1, decoder: [], likelihood: ZeroInflatedNegativeBinomial())
    (architecture.numericCovariateCount, architecture.encoderIsTold) = (2, false)
    let model = try VariationalAutoencoder(architecture)
    func set(_ name: String, _ values: [Float]) throws {
      let tensor = try #require(model.layout.tensors.first { $0.name == name })
      model.weights.setElements(values, of: tensor)
    }
    try set("encoder.mean.weight", [1, 0, 0, 0, 0])
    try set("encoder.mean.bias", [-1])
    try set("encoder.log_variance.bias", [-30])
    // A row for each output: z, and a one in the place of the batch.
    try set("decoder.output.weight", (0..<5).flatMap { [Self.w[$0], 0, Self.c[$0]] })
    try set("decoder.output.bias", Self.b)
    try set("decoder.zero_inflation.bias", [Float](repeating: log(1 / 3), count: 5))
    self.model = model
    let counts: [[Float]] = [[0, 1, 0, 2, 0], [2, 1, 4, 0, 0], [0, 0, 3, 1, 0], [2, 0, 0, 1, 0], [2, 5, 0, 0, 0]]
    let codes: [Float] = [0, 0, 1, 1, 0]
    let table = Dataset(
      Table(path: "told", columns: [Table.Column(name: "batch", texts: Self.batches)], values: codes))
    let coding = try TableCoding.fitTold(table, allowing: [])
    var builder = CompressedRows.Builder(columnCount: 5)
    for row in counts {
      let places = row.indices.filter { row[$0] != 0 }
      places.map { UInt32($0) }.withUnsafeBufferPointer { columns in
        places.map { row[$0] }.withUnsafeBufferPointer { builder.append(columns: columns, values: $0) }
      }
    }
    dataset = Dataset(builder.finish()).telling(table.coded(by: coding))
    evaluator = Evaluator(model, team: try ThreadTeam(count: 2))
  }

  private static func shares(_ z: Double, told: Double) -> [Double] {
    let a = w.indices.map { Double(b[$0]) + z * Double(w[$0]) + told * Double(c[$0]) }
    let total = a.map { exp($0) }.reduce(0, +)
    return a.map { exp($0) / total }
  }

  private func expectations(_ exposure: Exposure, _ told: ToldValues = ToldValues()) throws -> [[Float]] {
    var rows: [[Float]] = []
    try evaluator.forEachExpectation(of: dataset, exposure: exposure, told: told) { examples, means in
      #expect(examples.lowerBound == rows.count)
      for row in 0..<means.rows { rows.append((0..<5).map { means[row, $0] }) }
    }
    return rows
  }

  @Test func expectsWhatTheFormulaSays() throws {
    let (z, told, totals) = ([-1.0, 1, -1, 1, 1], [0.0, 0, 1, 1, 0], [3.0, 7, 4, 3, 7])
    func check(_ found: [[Float]], _ expected: (Int) -> [Double]) {
      for (row, values) in found.enumerated() {
        for (value, right) in zip(values, expected(row)) {
          #expect(abs(Double(value) / right - 1) < 1e-5, "row \(row)")
        }
      }
      #expect(found.count == 5)
    }
    // A quarter of all counts is lost.
    check(try expectations(.observed)) { row in Self.shares(z[row], told: told[row]).map { 0.75 * totals[row] * $0 } }
    check(try expectations(.fixed(1000))) { row in Self.shares(z[row], told: told[row]).map { 750 * $0 } }
    check(try expectations(.fixed(1), ToldValues(fixed: [0: 1]))) { Self.shares(z[$0], told: 1).map { 0.75 * $0 } }
    let coding = try #require(dataset.told?.coding)
    check(try expectations(.fixed(2), ToldValues(fixed: [:], each: 0, of: coding))) { row in
      zip(Self.shares(z[row], told: 0), Self.shares(z[row], told: 1)).map { 0.75 * ($0 + $1) }
    }
  }

  @Test func foldChangesAreThoseOfTheRates() throws {
    var search = DifferentialExpression()
    search.draws = 1001
    // Told the same, so that the batch is no difference; feature 4 nobody has seen.
    let found = try search.compare(
      [1, 4], with: [0], in: dataset, told: ToldValues(fixed: [0: 0]), by: evaluator)
    let (high, low) = (Self.shares(1, told: 0), Self.shares(-1, told: 0))
    let offset = Double(max(Float(high[4]), Float(low[4])))
    for feature in found {
      let expected = log2((high[feature.index] + offset) / (low[feature.index] + offset))
      #expect(abs(feature.logFoldChange - expected) < 1e-4, "\(feature)")
      #expect(feature.deviation < 1e-3 && feature.probability == (abs(expected) > 0.25 ? 1 : 0), "\(feature)")
      #expect(feature.isDifferent == (abs(expected) > 0.25))
    }
    #expect(
      Set(found.map(\.index)) == Set(0..<5) && found.contains { $0.isDifferent } && found.contains { !$0.isDifferent })
    // The other way round.
    let back = try search.compare([0], with: [1, 4], in: dataset, told: ToldValues(fixed: [0: 0]), by: evaluator)
    for feature in back {
      let other = try #require(found.first { $0.index == feature.index })
      #expect(abs(feature.logFoldChange + other.logFoldChange) < 1e-4)
    }
  }

  @Test func ofTheFirstSoManyAreFalseAsExpected() throws {
    // Half of the one group are as the other: the probability is a half.
    var search = DifferentialExpression()
    (search.draws, search.falseDiscoveryRate) = (4000, 0.05)
    let found = try search.compare([1, 0], with: [0, 2], in: dataset, told: ToldValues(fixed: [0: 0]), by: evaluator)
    let second = try #require(found.first { $0.index == 1 })
    // Four standard errors.
    #expect(abs(second.probability - 0.5) < 4 * (0.25 / 4000.0).squareRoot())
    #expect(!found.contains { $0.isDifferent })
    search.falseDiscoveryRate = 0.6
    let more = try search.compare([1, 0], with: [0, 2], in: dataset, told: ToldValues(fixed: [0: 0]), by: evaluator)
    #expect(more.contains { $0.isDifferent })
  }

  @Test func threadsChangeNothing() throws {
    let alone = Evaluator(model, team: try ThreadTeam(count: 1))
    let search = DifferentialExpression()
    #expect(
      try search.compare([1, 4], with: [0, 2], in: dataset, by: alone)
        == search.compare([1, 4], with: [0, 2], in: dataset, by: evaluator))
  }
}
