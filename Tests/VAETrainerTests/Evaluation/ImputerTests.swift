import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData
@testable import VAETrainer

/// What is filled in, against distributions that are known.
struct ImputerTests {
  private static let rows: [[Float]] = [
    [2.5, -2, .nan], [1, 0, 2], [-1, .nan, .nan], [.nan, 1.5, -2], [.nan, .nan, 4], [.nan, .nan, .nan],
  ]

  private static func fill(
    _ table: LinearTable, _ rows: [[Float]] = rows, threads: Int = 1, seed: UInt64 = 11,
    _ change: (inout Imputer) -> Void = { _ in }
  ) throws -> Imputation {
    var imputer = Imputer(seed: seed)
    change(&imputer)
    return try imputer.fill(table.dataset(rows), table.model, ThreadTeam(count: threads))
  }

  /// Mean and spread of p(x_missing|x_known), which is Gaussian: with an encoder that says nothing of gaps, whose latents the
  /// weights put right, and with one that is shown draws.
  @Test(arguments: [LinearTable.Encoder.posterior, .prior])
  func meansAndSpreadsAreThoseOfTheModel(encoder: LinearTable.Encoder) throws {
    let table = try LinearTable(encoder, mayBeMissing: encoder == .prior)
    let filled = try Self.fill(table) { ($0.samples, $0.drawCount) = (20_000, 3) }
    for cell in filled.cells {
      let (mean, variance) = LinearTable.missing(cell.column, of: Self.rows[cell.row])
      // Some hundred of the samples count.
      let deviation = variance.squareRoot()
      #expect(abs(Double(cell.value) - mean) < 0.1 * deviation, "\(cell) \(mean)")
      #expect(abs(Double(cell.spread) - deviation) < 0.1 * deviation, "\(cell) \(deviation)")
    }
  }

  /// Counts too are within the range of the data, means and draws.
  @Test func countsAreWithinTheRangeOfTheData() throws {
    var columns = [CodedColumn(name: "a", kind: .number), CodedColumn(name: "n", kind: .count)]
    (columns[0].lowest, columns[0].highest, columns[1].highest) = (-10, 10, 5)
    columns[1].mayBeMissing = true
    let coding = TableCoding(columns: columns)
    var architecture = Architecture(
      inputCount: 2, encoderHidden: [], latentCount: 1, decoderHidden: [], likelihood: ByColumn([.gaussian, .poisson]))
    architecture.indicatorCount = coding.indicatorCount
    let model = try VariationalAutoencoder(architecture)
    model.set("decoder.output.weight", [0, 0])
    model.set("decoder.output.bias", [0, log(100)])
    let table = Table(path: "t.csv", columns: coding.columns.map(\.source), values: [0.5, .nan])
    var imputer = Imputer(seed: 3)
    imputer.drawCount = 3
    let filled = try imputer.fill(Dataset(table).coded(by: coding), model, ThreadTeam(count: 1))
    #expect(filled.cells.map(\.value) == [5] && filled.draws(ofCell: 0) == [5, 5, 5])
    #expect(abs(filled.cells[0].spread - Float(5).squareRoot()) < 1e-3)
  }

  /// With as many samples as there are by default.
  @Test func fewSamplesAreNear() throws {
    let rows = (0..<100).flatMap { _ in Self.rows }
    let filled = try Self.fill(LinearTable(), rows)
    let errors = filled.cells.map { cell in
      let (mean, variance) = LinearTable.missing(cell.column, of: rows[cell.row])
      return (Double(cell.value) - mean) / variance.squareRoot()
    }
    let square = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
    #expect(square.squareRoot() < 0.25, "\(square.squareRoot())")
    #expect(abs(errors.reduce(0, +) / Double(errors.count)) < 0.1)
  }

  /// Draws are as far apart as the model is unsure: their mean and variance over many rows that are alike.
  @Test(arguments: [LinearTable.Encoder.posterior, .prior]) func drawsAreFromTheModel(encoder: LinearTable.Encoder)
    throws
  {
    let row: [Float] = [2.5, -2, .nan]
    let rows = Array(repeating: row, count: 400)
    let filled = try Self.fill(LinearTable(encoder, mayBeMissing: encoder == .prior), rows) { $0.drawCount = 5 }
    let draws = filled.cells.indices.flatMap { filled.draws(ofCell: $0).map(Double.init) }
    #expect(draws.count == 2000 && Set(draws).count > 1990)
    let (mean, variance) = LinearTable.missing(2, of: row)
    let found = draws.reduce(0, +) / 2000
    let foundVariance = draws.reduce(0) { $0 + ($1 - found) * ($1 - found) } / 2000
    // Of 2000 draws, and of the proposals that they are chosen from.
    #expect(abs(found - mean) < 0.12 * variance.squareRoot(), "\(found), \(mean)")
    #expect(abs(foundVariance / variance - 1) < 0.15, "\(foundVariance), \(variance)")
  }

  /// Also where one sample has all the weight, and every draw is of its latent.
  @Test func drawsOfOneLatentDiffer() throws {
    let filled = try Self.fill(LinearTable(mayBeMissing: true)) { ($0.samples, $0.drawCount) = (1, 20) }
    for cell in filled.cells.indices { #expect(Set(filled.draws(ofCell: cell)).count == 20) }
  }

  @Test func allGapsAreFilledAndNothingElse() throws {
    let filled = try Self.fill(LinearTable()) { $0.drawCount = 2 }
    let expected = Self.rows.indices.flatMap { row in
      (0..<3).filter { Self.rows[row][$0].isNaN }.map { [row, $0] }
    }
    #expect(filled.cells.map { [$0.row, $0.column] } == expected)
    #expect(filled.cells.allSatisfy { $0.value.isFinite && $0.spread > 0 })
    var finder = filled.finder
    for row in Self.rows.indices {
      for column in (0..<3).reversed() {
        let found = finder.cell(row: row, column: column)
        #expect((found != nil) == Self.rows[row][column].isNaN)
        if let found { #expect(filled.cells[found].row == row && filled.cells[found].column == column) }
      }
    }
    #expect(finder.cell(row: 100, column: 0) == nil)
    #expect(MemoryLayout<Imputation.Cell>.stride == 16)
    #expect(try Self.fill(LinearTable(), [[1, 2, 3], [4, 5, 6]]).cells.isEmpty)
  }

  /// The seed, the row and its number are all that draws depend on.
  @Test(arguments: [false, true]) func aSeedSaysItAll(mayBeMissing: Bool) throws {
    let table = try LinearTable(mayBeMissing: mayBeMissing)
    let rows = (0..<9).flatMap { _ in Self.rows }
    func figures(_ threads: Int, _ seed: UInt64 = 11) throws -> [Float] {
      let filled = try Self.fill(table, rows, threads: threads, seed: seed) { $0.drawCount = 2 }
      return filled.cells.indices.flatMap { cell in
        [filled.cells[cell].value, filled.cells[cell].spread] + filled.draws(ofCell: cell)
      }
    }
    let alone = try figures(1)
    #expect(try figures(1) == alone)
    for threads in [2, 3, 8] { #expect(try figures(threads) == alone) }
    #expect(try figures(1, 12) != alone)
  }

  // MARK: Other kinds

  /// A model whose decoder says the same whatever the latent, so that what is filled in has a closed form.
  @Test func eachKindHasItsMean() throws {
    var number = CodedColumn(name: "x", kind: .number)
    (number.transform, number.lowest, number.highest) = (NumberTransform(center: 50, scale: 20), -1000, 1000)
    var often = CodedColumn(name: "h", kind: .inflated, levels: [-4])
    (often.transform, often.lowest, often.highest) = (NumberTransform(center: 10, scale: 3), -1000, 1000)
    var count = CodedColumn(name: "n", kind: .count)
    count.highest = 1000
    let yesNo = CodedColumn(name: "y", kind: .yesNo, levels: [2, 8])
    let category = CodedColumn(name: "c", kind: .category, levels: [5, 6, 9])
    let other = CodedColumn(name: "o", kind: .yesNo, levels: [0, 1])
    let coding = TableCoding(columns: [category, number, often, count, yesNo, other])
    let model = try VariationalAutoencoder(
      Architecture(
        inputCount: coding.featureCount, encoderHidden: [], latentCount: 2, decoderHidden: [],
        likelihood: TableDefaults.likelihood(for: coding)))
    // x; h or not, h; n; y, o; c.
    let outputs = [0.7, 0.4, -0.5, 1.1, -0.9, 0, 0.2, 1.3, -0.6]
    model.set("decoder.output.bias", outputs)
    // Of x and h: deviations of 0.5 and 0.8.
    model.setLogVariances([2 * log(0.5), 2 * log(0.8)])
    let table = Table(
      path: "t.csv", columns: coding.columns.map(\.source),
      values: [.nan, .nan, .nan, .nan, .nan, 1, 5, .nan, 7, 3, 8, 0, .nan, 1, -4, .nan, 2, .nan])
    var imputer = Imputer(seed: 1)
    (imputer.samples, imputer.drawCount) = (50, 400)
    let filled = try imputer.fill(Dataset(table).coded(by: coding), model, ThreadTeam(count: 1))
    #expect(filled.cells.map(\.row) == [0, 0, 0, 0, 0, 1, 2, 2, 2])
    #expect(filled.cells.map(\.column) == [0, 1, 2, 3, 4, 1, 0, 3, 5])

    let weights: [Double] = [0.2, 1.3, -0.6].map { exp($0) }
    let softmax = weights.map { $0 / weights.reduce(0, +) }
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let rate = exp(1.1)
    let share = sigmoid(0.4)
    let (mean, deviation) = (10 - 0.5 * 3, 0.8 * 3)
    let usual: Double = share * -4 + (1 - share) * mean
    let second: Double = share * 16 + (1 - share) * (mean * mean + deviation * deviation)
    let expected: [(value: Double, spread: Double)] = [
      (6, softmax[1]), (50 + 0.7 * 20, 0.5 * 20), (usual, (second - usual * usual).squareRoot()),
      (rate, rate.squareRoot()), (2, 1 - sigmoid(-0.9)), (64, 10), (6, softmax[1]), (rate, rate.squareRoot()),
    ]
    for (cell, expected) in zip(filled.cells, expected) {
      #expect(abs(Double(cell.value) - expected.value) < 1e-3, "\(cell) \(expected)")
      #expect(abs(Double(cell.spread) - expected.spread) < 1e-3, "\(cell) \(expected)")
    }
    // Draws, 400 of each: values that the column may have, as often as the model says.
    func draws(_ cell: Int) -> [Float] { Array(filled.draws(ofCell: cell)) }
    let error = 4 / 400.0.squareRoot()
    for (level, probability) in zip([Float(5), 6, 9], softmax) {
      #expect(abs(Double(draws(0).count { $0 == level }) / 400 - probability) < error * 0.5)
    }
    #expect(Set(draws(0)) == [5, 6, 9] && Set(draws(4)) == [2, 8])
    #expect(abs(Double(draws(2).count { $0 == -4 }) / 400 - share) < error * 0.5)
    #expect(draws(3).allSatisfy { $0 >= 0 && $0 == $0.rounded() })
    #expect(abs(draws(3).reduce(0) { $0 + Double($1) } / 400 - rate) < error * rate.squareRoot())
    #expect(abs(draws(1).reduce(0) { $0 + Double($1) } / 400 - 64) < error * 10)
  }

  @Test func whatIsNoTableIsRefused() throws {
    let model = try VariationalAutoencoder(.tiny, seed: 1)
    #expect(throws: DataError.self) {
      try Imputer(seed: 1).fill(TinyData.dataset(count: 3), model, ThreadTeam(count: 1))
    }
  }
}
