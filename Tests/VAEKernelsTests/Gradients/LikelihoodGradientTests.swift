import Foundation
import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Both likelihoods against their reference: each example's loss, and the gradient with respect to the outputs.
@Suite struct LikelihoodGradientTests {
  static let likelihoods: [Likelihood] = [
    .bernoulli, .gaussian(variance: 0.5), .gaussian(variance: 1), .gaussian(variance: 0.01),
  ]
  static let shapes = [(1, 1), (3, 5), (7, 17), (2, 33), (3, 100)]

  private struct Case {
    let rows: Int
    let columns: Int
    let likelihood: Likelihood
    let output: TestMatrix
    let x: TestMatrix
    let loss: TestMatrix

    init(_ likelihood: Likelihood, _ rows: Int, _ columns: Int) {
      self.likelihood = likelihood
      self.rows = rows
      self.columns = columns
      output = TestMatrix(normal: 1, scale: 3, rows: rows, columns: columns)
      switch likelihood {
      case .bernoulli:
        // Grey, black and white.
        let pixels = uniformNumbers(rows * columns, seed: 2).map { $0 < 0.3 ? 0 : $0 > 0.7 ? 1 : $0 }
        x = TestMatrix(pixels, rows: rows, columns: columns)
      case .gaussian:
        x = TestMatrix(normal: 2, rows: rows, columns: columns)
      }
      loss = TestMatrix(rows: 1, columns: rows)
    }

    func reference(_ output: [Double]) -> [Double] {
      let x = x.doubles
      return (0..<rows).map { row in
        let range = row * columns..<(row + 1) * columns
        return Reference.reconstructionLoss(
          outputs: Array(output[range]), example: Array(x[range]), likelihood: likelihood)
      }
    }
  }

  @Test(arguments: likelihoods, shapes)
  func forward(likelihood: Likelihood, shape: (rows: Int, columns: Int)) {
    let test = Case(likelihood, shape.rows, shape.columns)
    likelihood.forward(output: test.output.matrix, test.x.matrix, lossInto: test.loss.matrix)
    let error = relativeError(of: test.loss.elements, from: test.reference(test.output.doubles))
    #expect(error <= GradientTolerance.perLayer)
  }

  @Test(arguments: likelihoods, shapes)
  func forwardAndBackward(likelihood: Likelihood, shape: (rows: Int, columns: Int)) {
    let test = Case(likelihood, shape.rows, shape.columns)
    let scale: Float = 0.375
    let dOutput = TestMatrix(rows: shape.rows, columns: shape.columns)
    likelihood.forwardAndBackward(
      output: test.output.matrix, test.x.matrix, scale: scale, lossInto: test.loss.matrix,
      gradientInto: dOutput.matrix)
    // The scale is the gradient's alone.
    let error = relativeError(of: test.loss.elements, from: test.reference(test.output.doubles))
    #expect(error <= GradientTolerance.perLayer)
    let report = GradientCheck.compare(
      name: "\(likelihood), \(shape)", analytic: dOutput.elements, point: test.output.doubles,
      coordinates: coordinates(of: shape.rows * shape.columns), tolerance: GradientTolerance.perLayer
    ) { Double(scale) * test.reference($0).reduce(0, +) }
    #expect(report.passed, "\(report)")
  }

  @Test(arguments: likelihoods) func theGradientMayTakeThePlaceOfTheOutputs(likelihood: Likelihood) {
    let test = Case(likelihood, 3, 33)
    let apart = TestMatrix(rows: 3, columns: 33)
    let losses = TestMatrix(rows: 1, columns: 3)
    likelihood.forwardAndBackward(
      output: test.output.matrix, test.x.matrix, scale: 0.5, lossInto: losses.matrix, gradientInto: apart.matrix)
    likelihood.forwardAndBackward(
      output: test.output.matrix, test.x.matrix, scale: 0.5, lossInto: test.loss.matrix,
      gradientInto: test.output.matrix)
    #expect(test.output.elements.bits == apart.elements.bits)
    #expect(test.loss.elements.bits == losses.elements.bits)
  }

  /// The plain sum of squared errors is the case σ² = ½, as `Gaussian` says.
  @Test func squaredErrorIsAVarianceOfOneHalf() {
    let test = Case(.gaussian(variance: 0.5), 2, 17)
    let dMean = TestMatrix(rows: 2, columns: 17)
    Gaussian.forwardAndBackward(
      mean: test.output.matrix, test.x.matrix, variance: 0.5, scale: 1, lossInto: test.loss.matrix,
      gradientInto: dMean.matrix)
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
    let pixels = TestMatrix(logits, rows: 1, columns: 7)
    Likelihood.bernoulli.mean(inPlace: pixels.matrix)
    let expected = logits.map { Reference.sigmoid(Double($0)) }
    #expect(relativeError(of: pixels.elements, from: expected) <= GradientTolerance.perLayer)
    #expect(pixels.elements.allSatisfy { (0...1).contains($0) })

    let means = TestMatrix(logits, rows: 1, columns: 7)
    Likelihood.gaussian(variance: 2).mean(inPlace: means.matrix)
    #expect(means.elements == logits)
  }
}
