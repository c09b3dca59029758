import Foundation
import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Every likelihood against their reference: each example's loss, and the gradient with respect to the outputs.
@Suite struct LikelihoodGradientTests {
  static let likelihoods: [any Likelihood] = [
    .bernoulli, .gaussian(variance: 0.5), .gaussian(variance: 1), .gaussian(variance: 0.01), .learnedGaussian,
    .pixelwiseGaussian, .categorical(levels: 2), .categorical(levels: 7),
  ]
  static let shapes = [(1, 1), (3, 5), (7, 17), (2, 33), (3, 100)]

  private struct Case {
    let rows: Int
    let columns: Int
    let likelihood: any Likelihood
    let output: TestMatrix
    let parameters: TestMatrix
    let x: TestMatrix
    let loss: TestMatrix
    let dParameters: TestMatrix

    init(_ likelihood: any Likelihood, _ rows: Int, _ columns: Int) {
      self.likelihood = likelihood
      self.rows = rows
      self.columns = columns
      output = TestMatrix(normal: 1, scale: 3, rows: rows, columns: columns * likelihood.outputsPerFeature)
      let parameterCount = likelihood.parameterCount
      parameters = TestMatrix(normal: 3, rows: 1, columns: parameterCount)
      if likelihood.domain == 0...1 {
        // Grey, black and white.
        let pixels = uniformNumbers(rows * columns, seed: 2).map { $0 < 0.3 ? 0 : $0 > 0.7 ? 1 : $0 }
        x = TestMatrix(pixels, rows: rows, columns: columns)
      } else {
        x = TestMatrix(normal: 2, rows: rows, columns: columns)
      }
      loss = TestMatrix(rows: 1, columns: rows)
      dParameters = TestMatrix(rows: rows, columns: parameterCount)
    }

    func reference(_ output: [Double], parameters: [Double]? = nil) -> [Double] {
      let x = x.doubles
      return (0..<rows).map { row in
        let outputs = output.count / rows
        return Reference.reconstructionLoss(
          outputs: Array(output[row * outputs..<(row + 1) * outputs]),
          example: Array(x[row * columns..<(row + 1) * columns]), likelihood: likelihood,
          parameters: parameters ?? self.parameters.doubles)
      }
    }

    func forwardAndBackward(scale: Float, into dOutput: TestMatrix) {
      likelihood.forwardAndBackward(
        output: output.matrix, parameters: parameters.matrix, Observation(x.matrix), scale: scale,
        lossInto: loss.matrix,
        gradientInto: dOutput.matrix, dParameters.matrix)
    }
  }

  @Test(arguments: likelihoods, shapes)
  func forward(likelihood: any Likelihood, shape: (rows: Int, columns: Int)) {
    let test = Case(likelihood, shape.rows, shape.columns)
    likelihood.forward(
      output: test.output.matrix, parameters: test.parameters.matrix, Observation(test.x.matrix),
      lossInto: test.loss.matrix)
    let error = relativeError(of: test.loss.elements, from: test.reference(test.output.doubles))
    #expect(error <= GradientTolerance.perLayer)
  }

  @Test(arguments: likelihoods, shapes)
  func forwardAndBackward(likelihood: any Likelihood, shape: (rows: Int, columns: Int)) {
    let test = Case(likelihood, shape.rows, shape.columns)
    let scale: Float = 0.375
    let outputs = shape.columns * likelihood.outputsPerFeature
    let dOutput = TestMatrix(rows: shape.rows, columns: outputs)
    test.forwardAndBackward(scale: scale, into: dOutput)
    // The scale is the gradient's alone.
    let error = relativeError(of: test.loss.elements, from: test.reference(test.output.doubles))
    #expect(error <= GradientTolerance.perLayer)
    let report = GradientCheck.compare(
      name: "\(likelihood), \(shape)", analytic: dOutput.elements, point: test.output.doubles,
      coordinates: coordinates(of: shape.rows * outputs), tolerance: GradientTolerance.perLayer
    ) { Double(scale) * test.reference($0).reduce(0, +) }
    #expect(report.passed, "\(report)")
    // A row of the parameters' gradient for each example.
    let parameterCount = likelihood.parameterCount
    for row in 0..<(parameterCount > 0 ? shape.rows : 0) {
      let report = GradientCheck.compare(
        name: "\(likelihood), parameters",
        analytic: Array(test.dParameters.elements[row * parameterCount..<(row + 1) * parameterCount]),
        point: test.parameters.doubles, tolerance: GradientTolerance.perLayer
      ) { Double(scale) * test.reference(test.output.doubles, parameters: $0)[row] }
      #expect(report.passed, "\(report)")
    }
  }

  @Test(arguments: likelihoods) func theGradientMayTakeThePlaceOfTheOutputs(likelihood: any Likelihood) {
    let test = Case(likelihood, 3, 33)
    let apart = TestMatrix(rows: 3, columns: test.output.matrix.columns)
    test.forwardAndBackward(scale: 0.5, into: apart)
    let losses = test.loss.elements
    test.forwardAndBackward(scale: 0.5, into: test.output)
    #expect(test.output.elements.bits == apart.elements.bits)
    #expect(test.loss.elements.bits == losses.bits)
  }

  /// The plain sum of squared errors is the case σ² = ½, as `Gaussian` says.
  @Test func squaredErrorIsAVarianceOfOneHalf() {
    let test = Case(.gaussian(variance: 0.5), 2, 17)
    let dMean = TestMatrix(rows: 2, columns: 17)
    test.forwardAndBackward(scale: 1, into: dMean)
    let differences = zip(test.output.doubles, test.x.doubles).map { $0 - $1 }
    let constant = 8.5 * log(Double.pi)
    let squares = (0..<2).map { row in
      differences[row * 17..<(row + 1) * 17].reduce(constant) { $0 + $1 * $1 }
    }
    #expect(relativeError(of: test.loss.elements, from: squares) <= GradientTolerance.perLayer)
    #expect(relativeError(of: dMean.elements, from: differences.map { 2 * $0 }) <= GradientTolerance.perLayer)
  }

  @Test func theMeanOfAPixelIsWhatAPictureShows() {
    let logits: [Float] = [-1e30, -100, -1, 0, 0.5, 100, 1e30]
    let none = TestMatrix(rows: 1, columns: 0)
    let pixels = TestMatrix(logits, rows: 1, columns: 7)
    Bernoulli().mean(inPlace: pixels.matrix, parameters: none.matrix)
    let expected = logits.map { Reference.sigmoid(Double($0)) }
    #expect(relativeError(of: pixels.elements, from: expected) <= GradientTolerance.perLayer)
    #expect(pixels.elements.allSatisfy { (0...1).contains($0) })

    let means = TestMatrix(logits, rows: 1, columns: 7)
    Gaussian(variance: 2).mean(inPlace: means.matrix, parameters: none.matrix)
    #expect(means.elements == logits)

    // Two pixels of three levels, with probabilities in the ratios 1 : 2 : 1 and 1 : 1 : 2.
    let levels = TestMatrix([1, 1, 2, 1, 1, 2].map { log($0) + 50 }, rows: 1, columns: 6)
    Categorical(levels: 3).mean(inPlace: levels.matrix, parameters: none.matrix)
    #expect(relativeError(of: Array(levels.elements[0..<2]), from: [0.5, 0.625]) <= 1e-6)
  }

  /// A draw has the mean and the variance of its distribution, within five standard errors of many draws.
  @Test(arguments: likelihoods) func drawsAreOfTheDistribution(likelihood: any Likelihood) {
    let count = 20_000
    let outputs: [Float] = (0..<likelihood.outputsPerFeature).map { 0.3 - 0.4 * Float($0) }
    let output = TestMatrix((0..<count).flatMap { _ in outputs }, rows: count, columns: outputs.count)
    let means = TestMatrix(outputs, rows: 1, columns: outputs.count)
    let parameters = TestMatrix(
      (0..<likelihood.parameterCount).map { _ in -0.5 }, rows: 1, columns: likelihood.parameterCount)
    likelihood.mean(inPlace: means.matrix, parameters: parameters.matrix)
    (0..<count).map { UInt32($0) }.withUnsafeBufferPointer {
      likelihood.draw(
        inPlace: output.matrix, parameters: parameters.matrix, RandomStream(seed: 3, purpose: .pixels), examples: $0)
    }
    let draws = (0..<count).map { Double(output.matrix[$0, 0]) }
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(abs(mean - Double(means.elements[0])) < 5 * (variance / Double(count)).squareRoot())
    // The loss of a Gaussian says what its variance is: the difference of two pixels' losses is that of their squares.
    func loss(_ x: Double) -> Double {
      Reference.reconstructionLoss(
        outputs: outputs.map(Double.init), example: [x], likelihood: likelihood,
        parameters: parameters.doubles)
    }
    let expected: Double
    if likelihood.isDiscrete {
      let levels = (likelihood as? Categorical)?.levels ?? 2
      let values = (0..<levels).map { Double($0) / Double(levels - 1) }
      let average = values.reduce(0) { $0 + exp(-loss($1)) * $1 }
      expected = values.reduce(0) { $0 + exp(-loss($1)) * ($1 - average) * ($1 - average) }
    } else {
      expected = 0.5 / (loss(Double(outputs[0]) + 1) - loss(Double(outputs[0])))
    }
    #expect(abs(variance / expected - 1) < 0.07)
  }

  @Test(arguments: ["gaussian 0", "gaussian inf", "categorical 1", "categorical 2.5", "bernoulli 1"])
  func settingsThatMakeNoSense(words: String) {
    #expect(throws: DescriptionError.self) { try Vocabulary.standard.likelihood(words) }
  }

  /// Files and options find a likelihood by its words.
  @Test(arguments: Vocabulary.standard.likelihoods.map { $0.name }) func theyAreFoundByName(name: String) throws {
    // One has no member without settings.
    let likelihood = try Vocabulary.standard.likelihood(name == ByColumn.name ? "\(name) poisson 2" : name)
    #expect(likelihood.name == name)
    #expect("\(try Vocabulary.standard.likelihood("\(likelihood)"))" == "\(likelihood)")
  }
}

extension Likelihood {
  /// What it learns beside the decoder's weights.
  fileprivate var parameterCount: Int { parameters(features: 1).reduce(0) { $0 + $1.count } }
}
