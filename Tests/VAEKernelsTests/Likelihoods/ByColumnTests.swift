import Foundation
import TestSupport
import Testing
import VAEKernels
import VAEReference

/// A likelihood by column: its words, its loss and gradients against the reference and SciPy, and where it starts.
@Suite struct ByColumnTests {
  static let mixtures: [[ColumnFamily]] = [
    [.gaussian], [.bernoulli], [.categorical(2)], [.categorical(7)], [.poisson],
    [.gaussian, .gaussian, .categorical(9), .bernoulli, .bernoulli, .poisson],
    [.poisson, .categorical(3), .categorical(3), .gaussian, .bernoulli, .gaussian, .categorical(20), .gaussian],
    (0..<40).map { $0 % 3 == 0 ? .poisson : .gaussian } + (0..<35).map { _ in .gaussian },
  ]

  /// Rows that a likelihood drew itself, with gaps.
  private struct Case {
    let likelihood: ByColumn
    let rows = 5
    let output: TestMatrix
    let parameters: TestMatrix
    let x: TestMatrix
    let mask: TestMatrix
    let loss: TestMatrix

    init(_ families: [ColumnFamily], gaps: Bool = true) {
      let likelihood = ByColumn(families)
      let (rows, features, columns) = (rows, likelihood.featureCount, likelihood.columnCount)
      let output = TestMatrix(normal: 1, rows: rows, columns: features)
      // From far above the floor to below it.
      let b = normalNumbers(likelihood.gaussianCount, seed: 3).map { 3 * $0 - 3 }
      let parameters = TestMatrix(b, rows: 1, columns: b.count)
      let x = TestMatrix(output.elements, rows: rows, columns: features)
      (0..<UInt32(rows)).map { $0 }.withUnsafeBufferPointer {
        likelihood.draw(
          inPlace: x.matrix, parameters: parameters.matrix, RandomStream(seed: 2, purpose: .pixels), examples: $0)
      }
      let known = uniformNumbers(rows * columns, seed: 4).map { gaps && $0 < 0.4 ? Float(0) : 1 }
      mask = TestMatrix(filledWith: 1, rows: rows, columns: features)
      for row in 0..<rows {
        for (column, places) in likelihood.features.enumerated() where known[row * columns + column] == 0 {
          for feature in places { (mask.matrix[row, feature], x.matrix[row, feature]) = (0, 0) }
        }
      }
      loss = TestMatrix(rows: 1, columns: rows)
      (self.likelihood, self.output, self.parameters, self.x) = (likelihood, output, parameters, x)
    }

    /// The rows and features that are not known.
    var missing: [(row: Int, feature: Int)] {
      (0..<rows).flatMap { row in
        (0..<likelihood.featureCount).filter { mask.matrix[row, $0] == 0 }.map { (row, $0) }
      }
    }

    func observation(masked: Bool = true) -> Observation { Observation(x.matrix, mask: masked ? mask.matrix : nil) }

    func reference(_ outputs: [Double]? = nil, parameters: [Double]? = nil) -> [Double] {
      let features = likelihood.featureCount
      return (0..<rows).map { row in
        let place = row * features..<(row + 1) * features
        return Reference.reconstructionLoss(
          outputs: Array((outputs ?? output.doubles)[place]), example: Array(x.doubles[place]),
          mask: Array(mask.doubles[place]), likelihood: likelihood, parameters: parameters ?? self.parameters.doubles)
      }
    }
  }

  @Test(arguments: mixtures, [false, true])
  func gradients(families: [ColumnFamily], gaps: Bool) {
    let test = Case(families, gaps: gaps)
    let scale: Float = 0.375
    let (features, count) = (test.likelihood.featureCount, test.likelihood.gaussianCount)
    let dOutput = TestMatrix(rows: test.rows, columns: features)
    let dParameters = TestMatrix(rows: test.rows, columns: count)
    test.likelihood.forwardAndBackward(
      output: test.output.matrix, parameters: test.parameters.matrix, test.observation(), scale: scale,
      lossInto: test.loss.matrix, gradientInto: dOutput.matrix, dParameters.matrix)
    #expect(relativeError(of: test.loss.elements, from: test.reference()) <= GradientTolerance.perLayer)
    let report = GradientCheck.compare(
      name: "\(test.likelihood)", analytic: dOutput.elements, point: test.output.doubles,
      coordinates: coordinates(of: test.rows * features), tolerance: GradientTolerance.perLayer
    ) { Double(scale) * test.reference($0).reduce(0, +) }
    #expect(report.passed, "\(report)")
    for row in 0..<(count > 0 ? test.rows : 0) {
      let report = GradientCheck.compare(
        name: "\(test.likelihood), row \(row)",
        analytic: Array(dParameters.elements[row * count..<(row + 1) * count]), point: test.parameters.doubles,
        tolerance: GradientTolerance.perLayer
      ) { Double(scale) * test.reference(parameters: $0)[row] }
      #expect(report.passed, "\(report)")
    }
    // Forward alone is the same, and the gradient may take the output's place.
    let losses = test.loss.elements
    test.likelihood.forward(
      output: test.output.matrix, parameters: test.parameters.matrix, test.observation(), lossInto: test.loss.matrix)
    #expect(test.loss.elements.bits == losses.bits)
    test.likelihood.forwardAndBackward(
      output: test.output.matrix, parameters: test.parameters.matrix, test.observation(), scale: scale,
      lossInto: test.loss.matrix, gradientInto: test.output.matrix, dParameters.matrix)
    #expect(test.output.elements.bits == dOutput.elements.bits)
  }

  /// What is missing adds nothing, whatever the decoder puts out for it, and has no gradient; all of a mask is no mask.
  @Test(arguments: mixtures) func whatIsMissingDoesNotMatter(families: [ColumnFamily]) {
    func results(_ test: Case, masked: Bool = true) -> (loss: [UInt32], dOutput: [Float], dParameters: [UInt32]) {
      let dOutput = TestMatrix(rows: test.rows, columns: test.likelihood.featureCount)
      let dParameters = TestMatrix(rows: test.rows, columns: test.likelihood.gaussianCount)
      test.likelihood.forwardAndBackward(
        output: test.output.matrix, parameters: test.parameters.matrix, test.observation(masked: masked), scale: 1,
        lossInto: test.loss.matrix, gradientInto: dOutput.matrix, dParameters.matrix)
      return (test.loss.elements.bits, dOutput.elements, dParameters.elements.bits)
    }
    let test = Case(families)
    let before = results(test)
    for (row, feature) in test.missing {
      test.output.matrix[row, feature] = row % 2 == 0 ? .infinity : 1000
      #expect(before.dOutput[row * test.likelihood.featureCount + feature] == 0)
    }
    let after = results(test)
    #expect(before.loss == after.loss && before.dParameters == after.dParameters)
    #expect(before.dOutput.bits == after.dOutput.bits)

    let whole = Case(families, gaps: false)
    let (masked, unmasked) = (results(whole), results(whole, masked: false))
    #expect(masked.loss == unmasked.loss && masked.dParameters == unmasked.dParameters)
    #expect(masked.dOutput.bits == unmasked.dOutput.bits)
  }

  @Test(arguments: mixtures) func columnLossesAddUpToTheLoss(families: [ColumnFamily]) {
    let test = Case(families)
    let count = test.likelihood.columnCount
    let losses = TestMatrix(rows: test.rows, columns: count)
    test.likelihood.columnLosses(
      output: test.output.matrix, parameters: test.parameters.matrix, test.observation(), into: losses.matrix)
    test.likelihood.forward(
      output: test.output.matrix, parameters: test.parameters.matrix, test.observation(), lossInto: test.loss.matrix)
    let sums = losses.elements.rows(of: count).map { $0.reduce(0, +) }
    #expect(relativeError(of: test.loss.elements, from: sums) <= GradientTolerance.perLayer)
    for row in 0..<test.rows {
      for (column, features) in test.likelihood.features.enumerated()
      where test.mask.matrix[row, features.lowerBound] == 0 {
        #expect(losses.matrix[row, column] == 0)
      }
    }
  }

  /// Each column's −log p as SciPy has it.
  @Test func columnsAreThoseOfSciPy() throws {
    let fixture = ByColumnFixture.table
    let likelihood = try #require(Vocabulary.standard.likelihood(fixture.likelihood) as? ByColumn)
    let (rows, features, columns) = (fixture.x.count, likelihood.featureCount, likelihood.columnCount)
    func matrix(_ rows: [[Float]]) -> TestMatrix {
      TestMatrix(rows.flatMap { $0 }, rows: rows.count, columns: rows[0].count)
    }
    let (output, x, mask) = (matrix(fixture.outputs), matrix(fixture.x), matrix(fixture.mask))
    let parameters = matrix([fixture.parameters])
    let losses = TestMatrix(rows: rows, columns: columns)
    let observed = Observation(x.matrix, mask: mask.matrix)
    likelihood.columnLosses(output: output.matrix, parameters: parameters.matrix, observed, into: losses.matrix)
    for (found, expected) in zip(losses.elements, fixture.columnLosses.flatMap { $0 }) {
      #expect(abs(Double(found) - expected) <= 1e-6 * max(1, abs(expected)))
    }
    // And their sum, in single precision: at counts of a million, to what the log-rate's rounding leaves.
    let loss = TestMatrix(rows: 1, columns: rows)
    likelihood.forward(output: output.matrix, parameters: parameters.matrix, observed, lossInto: loss.matrix)
    let sums = fixture.columnLosses.map { $0.reduce(0, +) }
    #expect(relativeError(of: loss.elements, from: sums) <= 1e-4)
    for row in 0..<rows where fixture.x[row].allSatisfy({ $0 < 1000 }) {
      #expect(relativeError(of: [loss.elements[row]], from: [sums[row]]) <= GradientTolerance.perLayer, "row \(row)")
    }
    #expect(features == 15 && rows == 12)
  }

  // MARK: Where it starts

  /// With these outputs the mean of every column is that of the data, and a Gaussian column's variance too.
  @Test func atTheStartTheMeanIsTheDatas() {
    let likelihood = ByColumn([.gaussian, .bernoulli, .categorical(3), .poisson, .gaussian, .gaussian])
    let means: [Float] = [1.5, 0.25, 0.2, 0.3, 0.5, 12.5, -3, 0.5]
    let variances: [Float] = [4, 0.2, 0.1, 0.1, 0.1, 9, 1, 0]
    let start = TestMatrix(likelihood.initialOutput(mean: means, variance: variances), rows: 1, columns: 8)
    let parameters = TestMatrix(likelihood.initialParameters(mean: means, variance: variances), rows: 1, columns: 3)
    #expect(likelihood.startsFromVariance && !ByColumn([.poisson]).startsFromVariance)
    for (b, variance) in zip(parameters.doubles, [4, 1, 1e-3]) {
      let floor = Double(ByColumn.logVarianceFloor)
      #expect(abs(floor + Reference.softplus(b - floor) - log(variance)) < 1e-5)
    }
    likelihood.mean(inPlace: start.matrix, parameters: parameters.matrix)
    #expect(relativeError(of: start.elements, from: means.map(Double.init)) <= 1e-6)
    // What never happens, or always does.
    let ends = ByColumn([.bernoulli, .bernoulli, .categorical(2), .poisson])
    let output = ends.initialOutput(mean: [0, 1, 0, 1, 0], variance: [0, 0, 0, 0, 0])
    #expect(output.allSatisfy { $0.isFinite })
    #expect(abs(output[0] + log(999)) < 1e-4 && abs(output[1] - log(999)) < 1e-4 && output[4] == log(Float(0.001)))
  }

  // MARK: Words

  /// What computes a mean elsewhere is told every column's family, in order.
  @Test(arguments: mixtures) func theLinkIsTheFamilies(families: [ColumnFamily]) {
    #expect(ByColumn(families).meanLink == .byColumn(families))
  }

  @Test func wordsAreRunsOfColumns() throws {
    let families: [ColumnFamily] = [
      .gaussian, .gaussian, .categorical(9), .categorical(9), .bernoulli, .bernoulli, .poisson,
    ]
    let words = "by-column gaussian 2 categorical 9 categorical 9 bernoulli 2 poisson 1"
    let read = try #require(Vocabulary.standard.likelihood(words) as? ByColumn)
    #expect(read.families == families && "\(read)" == words && "\(ByColumn(families))" == words)
    #expect(read.columnCount == 7 && read.featureCount == 23 && read.gaussianCount == 2)
    #expect(read.features == [0..<1, 1..<2, 2..<11, 11..<20, 20..<21, 21..<22, 22..<23])
    // The same columns have the same words.
    #expect("\(try Vocabulary.standard.likelihood("by-column gaussian 1 gaussian 2"))" == "by-column gaussian 3")
    #expect(!read.isDiscrete && ByColumn([.bernoulli, .poisson]).isDiscrete)
    #expect(read.skipsMissing && !Bernoulli().skipsMissing)
    // So many columns cost nothing to name.
    let most = "by-column gaussian 16777216"
    #expect("\(try Vocabulary.standard.likelihood(most))" == most)
  }

  @Test(arguments: [
    ("by-column", "after \"by-column\": expected one of gaussian, bernoulli, categorical, poisson, found the end"),
    ("by-column 3", "after \"by-column\": expected one of gaussian, bernoulli, categorical, poisson, found \"3\""),
    (
      "by-column gaussian",
      "after \"by-column gaussian\": expected a number of columns from 1 to 16777216, found the end"
    ),
    (
      "by-column gaussian 0",
      "after \"by-column gaussian\": expected a number of columns from 1 to 16777216, found \"0\""
    ),
    (
      "by-column categorical 1",
      "after \"by-column categorical\": expected a number of levels from 2 to 65536, found \"1\""
    ),
    (
      "by-column categorical 65537",
      "after \"by-column categorical\": expected a number of levels from 2 to 65536, found \"65537\""
    ),
    (
      "by-column gaussian 16777000 bernoulli 300",
      "after \"by-column gaussian 16777000 bernoulli\": expected a number of columns from 1 to 216, found \"300\""
    ),
    (
      "by-column gaussian 16777216 poisson 1",
      "after \"by-column gaussian 16777216 poisson\": expected no more than 16777216 features, found \"1\""
    ),
  ])
  func wordsThatMakeNoSense(words: String, message: String) {
    #expect {
      try Vocabulary.standard.likelihood(words)
    } throws: {
      "\($0)" == message
    }
  }

  @Test func columnsMustBeAllOfTheFeatures() {
    var architecture = Architecture(
      inputCount: 5, encoderHidden: [4], latentCount: 2, likelihood: .byColumn([.poisson]))
    #expect {
      try architecture.validate()
    } throws: {
      "\($0)" == "by-column: expected 5 features, found 1"
    }
    architecture.likelihood = .byColumn([.categorical(3), .gaussian, .bernoulli])
    #expect(throws: Never.self) { try architecture.validate() }
  }

  // MARK: Data

  @Test func aMisfitIsFound() {
    let likelihood = ByColumn([.gaussian, .bernoulli, .categorical(3), .poisson])
    func misfit(_ row: [Float], mask: [Float]? = nil) -> String? {
      row.withUnsafeBufferPointer { row in
        let found =
          mask.map { $0.withUnsafeBufferPointer { likelihood.misfit(in: row, mask: $0) } } ?? likelihood.misfit(in: row)
        return found.map { "\($0.column) \($0.feature) \($0.expected)" }
      }
    }
    #expect(misfit([-3.5, 1, 0, 0, 1, 12]) == nil)
    #expect(misfit([.infinity, 1, 0, 0, 1, 12]) == "0 0 a finite number")
    #expect(misfit([0, 0.5, 0, 0, 1, 12]) == "1 1 0 or 1")
    for levels in [[Float(0), 0, 0], [1, 1, 0], [0, 2, 0], [0.5, 0.5, 0]] {
      #expect(misfit([0, 0] + levels + [12]) == "2 2 3 numbers, a 1 and else 0")
    }
    for count in [Float(-1), 0.5, .nan, .infinity] {
      #expect(misfit([0, 0, 0, 1, 0, count]) == "3 5 a whole number, 0 or more")
    }
    #expect(misfit([0, 0, 0, 0, 0, -1], mask: [1, 1, 0, 0, 0, 0]) == nil)
  }
}
