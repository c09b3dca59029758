import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData
@testable import VAETrainer

/// Figures of rows, against ones that are known.
struct RowScoresTests {
  /// Nats: of `Float` sums of a few terms each.
  static let tolerance = 2e-5

  private static func evaluator(_ model: VariationalAutoencoder, seed: UInt64 = 3, threads: Int = 1) throws -> Evaluator
  {
    try Evaluator(model, seed: seed, team: ThreadTeam(count: threads))
  }

  private static func rows(_ count: Int, seed: UInt64 = 8) -> [[Float]] {
    let numbers = normalNumbers(3 * count, seed: seed)
    return (0..<count).map { row in (0..<3).map { 2 * numbers[3 * row + $0] } }
  }

  /// With the very posterior every weight is p(x): one sample tells it.
  @Test(arguments: [1, 7, 64]) func theScoreIsTheLikelihood(samples: Int) throws {
    let table = try LinearTable()
    let rows = Self.rows(600)
    let scores = try Self.evaluator(table.model).scores(of: table.dataset(rows), by: .likelihood, samples: samples)
    for (score, row) in zip(scores.scores, rows) { #expect(abs(score + LinearTable.logLikelihood(row)) < 1e-3) }
  }

  @Test(arguments: [(0.0, 1.0), (0.5, 2), (0.75, .infinity), (1, .infinity)])
  func thresholdsAreNumbersBesideInfinities(quantile: Double, expected: Double) {
    #expect(RowScores(scores: [.infinity, 1, 2, .infinity, 1]).threshold(quantile: quantile) == expected)
  }

  /// The bound, averaged over many draws, is the likelihood here, where nothing is between the two.
  @Test func theELBOIsTheEvaluators() throws {
    let table = try LinearTable()
    let rows = Self.rows(600)
    let dataset = table.dataset(rows)
    let evaluator = try Self.evaluator(table.model)
    let one = try evaluator.scores(of: dataset, by: .elbo, samples: 1).scores
    let evaluation = try evaluator.evaluate(dataset, named: "rows")
    #expect(abs(one.reduce(0, +) / 600 - evaluation.reconstruction - evaluation.kl) < Self.tolerance)
    let many = try evaluator.scores(of: dataset, by: .elbo, samples: 256).scores
    for (score, row) in zip(many, rows) {
      // An error of ½ Σ w²/d/P (ε² − 1) and the like: below 1 nat a draw.
      #expect(abs(score + LinearTable.logLikelihood(row)) < 6 / 256.0.squareRoot(), "\(row)")
    }
  }

  // MARK: Gaps

  private static let gaps: [[Float]] = [
    [2.5, -2, .nan], [3, -3, .nan], [-1, .nan, .nan], [.nan, 1.5, -2], [.nan, .nan, 4], [.nan, .nan, .nan], [1, 0, 2],
  ]

  /// A row with gaps has the likelihood of what is known, whether or not the encoder has seen any; with one that has the
  /// prior's latents are few, but right.
  @Test(arguments: [LinearTable.Encoder.posterior, .prior]) func gapsAreLeftOut(encoder: LinearTable.Encoder) throws {
    let table = try LinearTable(encoder, mayBeMissing: encoder == .prior)
    let scores = try Self.evaluator(table.model)
      .scores(of: table.dataset(Self.gaps), by: .likelihood, samples: 20_000)
    for (score, row) in zip(scores.scores, Self.gaps) {
      #expect(abs(score + LinearTable.logLikelihood(row)) < 0.1, "\(row)")
    }
  }

  /// An encoder that never saw a gap takes the 0 in one for a value, and its latents for those of another row. With draws in
  /// its place few samples are enough.
  @Test func gapsThatTheEncoderKnowsNothingOfAreDrawn() throws {
    let rows = (0..<200).flatMap { _ in Self.gaps }
    func error(_ table: LinearTable) throws -> Double {
      let scores = try Self.evaluator(table.model).scores(of: table.dataset(rows), by: .likelihood, samples: 64).scores
      return zip(scores, rows).reduce(0) { $0 + abs($1.0 + LinearTable.logLikelihood($1.1)) } / Double(rows.count)
    }
    let (drawn, shown) = try (error(LinearTable()), error(LinearTable(mayBeMissing: true)))
    #expect(drawn < 0.1 && drawn < 0.25 * shown, "\(drawn), \(shown)")
  }

  /// What is drawn depends on the row and the seed alone: not on those about it, nor on threads.
  @Test(arguments: [RowScores.Measure.likelihood, .elbo]) func gapsDependOnTheirRow(measure: RowScores.Measure) throws {
    let table = try LinearTable()
    let dataset = table.dataset((0..<70).flatMap { _ in Self.gaps } + Self.rows(300))
    func scores(_ threads: Int, _ seed: UInt64 = 3) throws -> [Double] {
      try Self.evaluator(table.model, seed: seed, threads: threads).scores(of: dataset, by: measure, samples: 16).scores
    }
    let alone = try scores(1)
    #expect(try scores(1) == alone)
    for threads in [2, 3] {
      let found = try scores(threads)
      if MatrixProduct.engine == .own { #expect(found == alone) }
      #expect(zip(found, alone).allSatisfy { abs($0 - $1) < 1e-3 })
    }
    #expect(try scores(1, 4) != alone)
    // Rows alike have draws of their own.
    #expect(Set(stride(from: 0, to: 490, by: 7).map { alone[$0] }).count == 70)
  }

  /// Codes and reconstructions are of the drawn row too, and of whole rows what they were.
  @Test func encodedRowsWithoutGapsAreAsTheyWere() throws {
    let table = try LinearTable()
    let evaluator = try Self.evaluator(table.model)
    let codes = evaluator.encode(table.dataset(Self.gaps)).mean
    #expect(codes[6] == evaluator.encode(table.dataset([Self.gaps[6]])).mean[0])
    #expect(abs(Double(codes[6]) - LinearTable.posterior(Self.gaps[6]).mean) < 1e-5)
    // A draw of the posterior's mean, given a draw of what is missing: within five deviations.
    for (code, row) in zip(codes, Self.gaps) {
      let (mean, precision) = LinearTable.posterior(row)
      #expect(abs(Double(code) - mean) < 5 / precision.squareRoot(), "\(row)")
    }
  }

  // MARK: Thresholds

  @Test func aThresholdLiesBetweenSortedScores() {
    let scores = RowScores(scores: [5, 1, 4, 2, 3])
    #expect(scores.threshold(quantile: 0) == 1 && scores.threshold(quantile: 1) == 5)
    #expect(scores.threshold(quantile: 0.5) == 3 && scores.threshold(quantile: 0.25) == 2)
    #expect(abs(scores.threshold(quantile: 0.6) - 3.4) < 1e-12 && abs(scores.threshold(quantile: 0.9) - 4.6) < 1e-12)
    #expect(RowScores(scores: [7]).threshold(quantile: 0.3) == 7)
    #expect(RowScores(scores: [2, 2, 2]).threshold(quantile: 0.99) == 2)
  }

  /// As many scores lie above a quantile as its share says.
  @Test func aShareOfTheScoresLiesAboveAThreshold() {
    let numbers = normalNumbers(1001, seed: 4).map(Double.init)
    let sorted = numbers.sorted()
    for place in stride(from: 0, through: 1000, by: 25) {
      let limit = RowScores(scores: numbers).threshold(quantile: Double(place) / 1000)
      #expect(abs(limit - sorted[place]) < 1e-9)
    }
    let limit = RowScores(scores: numbers).threshold(quantile: 0.9905)
    #expect(numbers.count { $0 > limit } == 10)
  }

  // MARK: Columns

  private static func mixedModel() throws -> (model: VariationalAutoencoder, dataset: Dataset) {
    var rows: [[Float]] = []
    let numbers = normalNumbers(2 * 700, seed: 12)
    for row in 0..<700 {
      let gap = row % 9 == 3
      rows.append([
        Float(row % 4), gap ? .nan : numbers[2 * row] * 30 + 5, row % 3 == 0 ? numbers[2 * row + 1] : 0,
        Float((row * 7 % 11) / 3), row % 5 == 0 ? .nan : Float(row % 2),
      ])
    }
    let columns = [
      Table.Column(name: "c", texts: ["p", "q", "r", "s"]), .init(name: "x", decimals: 2),
      .init(name: "h", decimals: 3), .init(name: "n"), .init(name: "y", texts: ["no", "yes"]),
    ]
    let raw = Dataset(Table(path: "t.csv", columns: columns, values: rows.flatMap { $0 }))
    var modelling = TableModelling()
    modelling.counts = ["n"]
    let coding = try TableCoding.fit(raw, modelling)
    #expect(coding.columns.map(\.kind) == [.category, .number, .inflated, .count, .yesNo])
    var architecture = TableDefaults.architecture(for: coding)
    (architecture.encoder, architecture.decoder) = (.hidden([6], .tanh), .hidden([5], .tanh))
    return (try VariationalAutoencoder(architecture, seed: 6), raw.coded(by: coding))
  }

  /// What a row's columns contribute at the posterior mean, and the Jacobian, is the loss of the row there.
  @Test func columnsAddUpToTheLoss() throws {
    let (model, dataset) = try Self.mixedModel()
    let losses = try Self.evaluator(model, threads: 2).columnLosses(of: dataset)
    #expect(losses.count == 700 * 5)
    let workspace = Workspace(for: model, capacity: 700, gradients: false, side: dataset.sideInputs)
    let pass = Pass(workspace, model.weights, examples: 0..<700)
    (0..<700).map { UInt32($0) }.withUnsafeBufferPointer {
      dataset.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: workspace.minibatch(0..<700))
    }
    model.encode(pass)
    workspace.latent.copy(workspace.posteriorMean)
    model.decode(pass)
    model.reconstructionLoss(pass)
    let offsets = try #require(workspace.minibatch(0..<700).offset)
    for row in 0..<700 {
      let sum = losses[row * 5..<row * 5 + 5].reduce(0) { $0 + Double($1) } + Double(offsets[row, 0])
      #expect(abs(sum - Double(workspace.reconstructionLoss.base[row])) < 1e-4 * max(abs(sum), 1), "\(row)")
    }
    // Columns in the order of `modelled`: x, h, n, y, c.
    for row in 0..<700 {
      #expect((losses[row * 5] == 0) == (row % 9 == 3) && (losses[row * 5 + 3] == 0) == (row % 5 == 0))
    }
  }

  @Test func excessesAreAboveTheAverageOfRowsThatHaveTheColumn() throws {
    let (model, dataset) = try Self.mixedModel()
    let evaluator = try Self.evaluator(model)
    let losses = try evaluator.columnLosses(of: dataset)
    let usual = try evaluator.averageColumnLosses(of: dataset)
    for (column, average) in usual.enumerated() {
      let known = (0..<700).filter { column == 0 ? $0 % 9 != 3 : column == 3 ? $0 % 5 != 0 : true }
      let expected = known.reduce(0) { $0 + Double(losses[$1 * 5 + column]) } / Double(known.count)
      #expect(abs(average - expected) < 1e-9 * max(abs(expected), 1), "\(column)")
    }
    let largest = try evaluator.largestExcesses(of: dataset, over: usual, count: 2)
    let all = try evaluator.largestExcesses(of: dataset, over: usual, count: 9)
    for row in 0..<700 {
      let known = (0..<5).filter { !($0 == 0 && row % 9 == 3) && !($0 == 3 && row % 5 == 0) }
      let excess = known.map { (column: $0, excess: Double(losses[row * 5 + $0]) - usual[$0]) }
        .sorted { $0.excess > $1.excess }
      #expect(all[row].map(\.column) == excess.map(\.column))
      #expect(largest[row].map(\.column) == Array(excess.map(\.column).prefix(2)))
      #expect(zip(all[row], excess).allSatisfy { abs(Double($0.excess) - $1.excess) < 1e-5 })
    }
  }
}
