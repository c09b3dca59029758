import Foundation
import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Distributions of counts against their references, where they are hard: counts 0, 1 and a million, dispersions from 1e-6 to
/// 1e6, means far from what was counted.
@Suite struct CountLikelihoodTests {
  static let likelihoods: [any Likelihood] = [
    Poisson(), Poisson(link: .exp), NegativeBinomial(), NegativeBinomial(.init(link: .exp)),
    NegativeBinomial(.init(dispersion: .decoder)), NegativeBinomial(.init(dispersion: .batch)),
    ZeroInflatedNegativeBinomial(),
    ZeroInflatedNegativeBinomial(.init(link: .exp, dispersion: .decoder)),
  ]

  private static let counts: [Float] = [0, 1, 0, 1e6, 0, 2, 40, 0, 1000, 0, 0, 3, 7, 0, 250_000, 1, 0, 0, 0]

  private struct Case {
    let likelihood: any Likelihood
    var output: [Float]
    let parameters: [Float]
    let logTheta: Float
    let rows = 3

    init(_ likelihood: any Likelihood, logTheta: Float) {
      (self.likelihood, self.logTheta) = (likelihood, logTheta)
      let columns = CountLikelihoodTests.counts.count
      output = (0..<rows).flatMap { row in
        likelihood.outputs.flatMap { output in
          let numbers = uniformNumbers(columns, seed: UInt64(row * 7 + output.name.count)).map { 6 * $0 - 3 }
          return output.name == "log_inverse_dispersion" ? numbers.map { logTheta + 0.1 * $0 } : numbers
        }
      }
      parameters = likelihood.parameters(features: columns).flatMap {
        (0..<$0.count).map { logTheta + 0.2 * Float($0 % 3) }
      }
    }

    var columns: Int { CountLikelihoodTests.counts.count }

    func losses(_ output: [Double], _ parameters: [Double]) -> Double {
      let width = output.count / rows
      return (0..<rows).reduce(0) {
        $0
          + Reference.reconstructionLoss(
            outputs: Array(output[$1 * width..<($1 + 1) * width]),
            example: CountLikelihoodTests.counts.map(Double.init), likelihood: likelihood, parameters: parameters)
      }
    }

    /// The largest count, which is as large as a slope by log m may be.
    var slopeScale: Double { Double(CountLikelihoodTests.counts.max()!) * min(1, exp(Double(logTheta)) * 4) + 1 }

    /// Half the gradient of the sum of the losses, element by element from those of `ReferenceGamma`; and by the logarithm of each
    /// row's exposure.
    func gradient() -> (dOutput: [Double], dParameters: [Double], dLogExposure: [Double]) {
      let (count, width) = (columns, output.count / rows)
      let isExp = likelihood.settings.contains("exp"), isOutput = likelihood.settings.contains("decoder")
      let isInflated = likelihood.name == "zinb", isPoisson = likelihood.name == "poisson"
      let exposure = CountLikelihoodTests.counts.reduce(0) { $0 + Double($1) }
      var dOutput = [Double](repeating: 0, count: output.count)
      var dParameters = [Double](repeating: 0, count: parameters.count)
      var dLogExposure: [Double] = []
      for row in 0..<rows {
        let out = output[row * width..<(row + 1) * width].map(Double.init)
        let a = Array(out[..<count])
        let largest = a.max()!
        let total = a.reduce(0) { $0 + exp($1 - largest) }
        var slopes = [Double](repeating: 0, count: count)
        for j in 0..<count {
          let x = Double(CountLikelihoodTests.counts[j])
          let logMean = log(exposure) + (isExp ? a[j] : a[j] - largest - log(total))
          if isPoisson {
            slopes[j] = exp(logMean) - x
            continue
          }
          let logTheta = isOutput ? out[count + j] : Double(parameters[j])
          let term = ReferenceGamma.negativeBinomial(x, logMean: logMean, logTheta: logTheta)
          var weight = 1.0
          if isInflated {
            let b = out[width - count + j]
            if x == 0 {
              weight = 1 / (1 + exp(b + term.loss))
              dOutput[row * width + width - count + j] = 0.5 * (weight - 1 / (1 + exp(b)))
            } else {
              dOutput[row * width + width - count + j] = 0.5 / (1 + exp(-b))
            }
          }
          slopes[j] = weight * term.slopeByLogMean
          let byTheta = 0.5 * weight * term.slopeByLogTheta
          if isOutput { dOutput[row * width + count + j] = byTheta } else { dParameters[j] += byTheta }
        }
        let sum = slopes.reduce(0, +)
        dLogExposure.append(0.5 * sum)
        for j in 0..<count {
          dOutput[row * width + j] = 0.5 * (slopes[j] - (isExp ? 0 : exp(a[j] - largest) / total * sum))
        }
      }
      return (dOutput, dParameters, dLogExposure)
    }

    /// The losses, the gradient of the output, that of the parameters, and where it is asked for that of log E.
    func run(
      sparse: Bool, exposed: Bool = false
    ) -> (loss: [Float], dOutput: [Float], dParameters: [Float], dLogExposure: [Float]) {
      let width = output.count / rows
      let x = TestMatrix((0..<rows).flatMap { _ in CountLikelihoodTests.counts }, rows: rows, columns: columns)
      let exposure = TestMatrix(
        [Float](repeating: CountLikelihoodTests.counts.reduce(0, +), count: rows), rows: rows, columns: 1)
      let out = TestMatrix(output, rows: rows, columns: width)
      let learned = TestMatrix(parameters, rows: 1, columns: parameters.count)
      let dOut = TestMatrix(rows: rows, columns: width)
      let dLearned = TestMatrix(rows: rows, columns: parameters.count)
      let loss = TestMatrix(rows: 1, columns: rows)
      // Further apart than they need be.
      let dLogExposure = TestMatrix(rows: rows, columns: 3)
      var (places, values) = (
        [UInt32](repeating: 0, count: rows * columns), [Float](repeating: 0, count: rows * columns)
      )
      var starts = (0..<rows).map { UInt32($0 * columns) }
      var ends = starts
      places.withUnsafeMutableBufferPointer { places in
        values.withUnsafeMutableBufferPointer { values in
          starts.withUnsafeMutableBufferPointer { starts in
            ends.withUnsafeMutableBufferPointer { ends in
              let entries = SparseRows(
                places: places.baseAddress!, values: values.baseAddress!, starts: starts.baseAddress!,
                ends: ends.baseAddress!, rows: rows, columns: columns)
              VectorMath.active.collect(x.matrix, into: entries)
              let observed = Observation(x.matrix, exposure: exposure.matrix, entries: sparse ? entries : nil)
              if exposed, let likelihood = likelihood as? any LearnsExposure {
                likelihood.forwardAndBackward(
                  output: out.matrix, parameters: learned.matrix, observed, scale: 0.5, lossInto: loss.matrix,
                  gradientInto: dOut.matrix, dLearned.matrix, logExposure: dLogExposure.matrix.columns(1..<2))
              } else {
                likelihood.forwardAndBackward(
                  output: out.matrix, parameters: learned.matrix, observed, scale: 0.5, lossInto: loss.matrix,
                  gradientInto: dOut.matrix, dLearned.matrix)
              }
            }
          }
        }
      }
      let sums = (0..<parameters.count).map { column in
        (0..<rows).reduce(Float(0)) { $0 + dLearned.elements[$1 * parameters.count + column] }
      }
      return (loss.elements, dOut.elements, sums, (0..<rows).map { dLogExposure.elements[3 * $0 + 1] })
    }
  }

  @Test(arguments: likelihoods, [-13.8, -4, 0, 3, 13.8] as [Float])
  func agreesWithTheReference(likelihood: any Likelihood, logTheta: Float) {
    let test = Case(likelihood, logTheta: logTheta)
    let found = test.run(sparse: true)
    let (output, parameters) = (test.output.map(Double.init), test.parameters.map(Double.init))
    let total = test.losses(output, parameters)
    #expect(abs(found.loss.reduce(0) { $0 + Double($1) } - total) <= 2e-6 * abs(total), "\(found.loss) \(total)")
    let expected = test.gradient()
    func check(_ found: [Float], _ expected: [Double], _ name: String) {
      for index in found.indices {
        // A slope is a difference of terms where a count is what it was expected to be, and of a softmax by the row's sum.
        let room = 1e-5 * abs(expected[index]) + 4e-7 * test.slopeScale
        #expect(
          abs(Double(found[index]) - expected[index]) <= room, "\(name) \(index): \(found[index]), \(expected[index])")
      }
    }
    check(found.dOutput, expected.dOutput, "output")
    check(found.dParameters, expected.dParameters, "parameters")
    let dense = test.run(sparse: false)
    #expect(dense.loss == found.loss && dense.dOutput == found.dOutput && dense.dParameters == found.dParameters)
    let exposed = test.run(sparse: true, exposed: true)
    #expect(
      exposed.loss == found.loss && exposed.dOutput == found.dOutput && exposed.dParameters == found.dParameters)
    // Of an exposure that is the sum nothing is left of Poisson's, whose means are as right as their logarithms, of 14, are.
    let counted = CountLikelihoodTests.counts.reduce(0) { $0 + Double($1) }
    let room = 1e-6 * (counted * (likelihood.name == "poisson" ? 1 : min(1, exp(Double(logTheta)) * 4)) + 1)
    for (found, expected) in zip(exposed.dLogExposure, expected.dLogExposure) {
      #expect(abs(Double(found) - expected) <= room + 1e-5 * abs(expected), "\(found), \(expected)")
    }
  }

  @Test(arguments: likelihoods)
  func isFiniteEverywhere(likelihood: any Likelihood) {
    for extreme: Float in [-60, 60] {
      for logTheta: Float in [-18.4, 18.4] {
        var test = Case(likelihood, logTheta: logTheta)
        let isExp = likelihood.settings.contains("exp")
        // The rate itself has to be a number.
        let limit: Float = isExp && extreme > 0 ? 20 : extreme
        test.output = test.output.map { $0 / 3 * limit }
        let found = test.run(sparse: true)
        let all = found.loss + found.dOutput + found.dParameters
        #expect(!all.contains { !$0.isFinite }, "\(likelihood) \(extreme)")
      }
    }
  }

  @Test(arguments: likelihoods) func drawsWhatItsMeanIs(likelihood: any Likelihood) {
    let (rows, columns) = (4000, 3)
    let output = likelihood.outputs.flatMap { output -> [Float] in
      output.name == "log_inverse_dispersion" ? [0.7, 0.7, 0.7] : output.name == "output" ? [0.5, -1, 1] : [-1, 0, 1]
    }
    let parameters = likelihood.parameters(features: columns).flatMap { [Float](repeating: 0.7, count: $0.count) }
    let mean = TestMatrix(output, rows: 1, columns: output.count)
    let learned = TestMatrix(parameters, rows: 1, columns: parameters.count)
    let exposure = TestMatrix([12], rows: 1, columns: 1)
    likelihood.mean(inPlace: mean.matrix, parameters: learned.matrix, exposure: exposure.matrix)
    let drawn = TestMatrix(
      (0..<rows).flatMap { _ in output }, rows: rows, columns: output.count)
    let exposures = TestMatrix([Float](repeating: 12, count: rows), rows: rows, columns: 1)
    (0..<rows).map { UInt32($0) }.withUnsafeBufferPointer {
      likelihood.draw(
        inPlace: drawn.matrix, parameters: learned.matrix, exposure: exposures.matrix,
        RandomStream(seed: 1, purpose: .user), examples: $0)
    }
    for column in 0..<columns {
      let numbers = (0..<rows).map { Double(drawn.elements[$0 * output.count + column]) }
      let average = numbers.reduce(0, +) / Double(rows)
      let variance = numbers.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(rows)
      let expected = Double(mean.elements[column])
      #expect(abs(average - expected) < 5 * (variance / Double(rows)).squareRoot(), "\(likelihood) \(column)")
      #expect(numbers.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
    }
  }

  @Test(arguments: ["poisson", "poisson exp", "nb", "nb exp dispersion decoder", "zinb", "zinb dispersion decoder"])
  func trains(words: String) throws {
    var architecture = Architecture(
      inputCount: 21, encoder: LayerList(try Vocabulary.standard.layers("log1p, dense 12, tanh")), latentCount: 2,
      decoder: [Dense(9), Activate(.tanh)], likelihood: try Vocabulary.standard.likelihood(words))
    architecture.posterior = DiagonalGaussian(varianceFloor: 1e-4)
    for features: MinibatchForm.Features in [.dense, .entries(most: 21, withZeros: false)] {
      for objective: any Objective in [ELBO(), IWAE(samples: 3)] {
        for report in try GradientCheck.check(architecture, objective, features: features, threads: 2) {
          #expect(report.passed, "\(report)")
        }
      }
    }
    #expect("\(architecture.likelihood)" == words && "\(architecture.posterior)" == "gaussian floor 0.0001")
  }

  @Test(arguments: [
    ("nb dispersion decoder exp", "nb exp dispersion decoder"),
    ("zinb dispersion batch exp", "zinb exp dispersion batch"),
    ("zinb dispersion feature", "zinb"), ("nb exp", "nb exp"),
  ])
  func wordsStandInEitherOrder(words: String, written: String) throws {
    let likelihood = try Vocabulary.standard.likelihood(words)
    #expect("\(likelihood)" == written)
    #expect("\(try Vocabulary.standard.likelihood(written))" == written)
  }

  @Test(arguments: [
    "nb exp exp", "nb dispersion batch dispersion batch", "zinb dispersion", "poisson dispersion batch",
  ])
  func wordsStandOnce(words: String) {
    #expect(throws: DescriptionError.self) { try Vocabulary.standard.likelihood(words) }
  }

  @Test func saysThatWhatIsNoCountHasNoProbability() {
    for likelihood in Self.likelihoods {
      for count: Float in [0.5, -1] {
        let out = TestMatrix(
          [Float](repeating: 0, count: likelihood.outputsPerFeature), rows: 1, columns: likelihood.outputsPerFeature)
        let learned = TestMatrix(
          [Float](repeating: 0, count: likelihood.parameterCount(features: 1)), rows: 1,
          columns: likelihood.parameterCount(features: 1))
        let loss = TestMatrix(rows: 1, columns: 1)
        let exposure = TestMatrix([1], rows: 1, columns: 1)
        likelihood.forward(
          output: out.matrix, parameters: learned.matrix,
          Observation(TestMatrix([count], rows: 1, columns: 1).matrix, exposure: exposure.matrix), lossInto: loss.matrix
        )
        #expect(loss.elements[0].isNaN)
      }
    }
  }
}

extension Likelihood {
  fileprivate func parameterCount(features: Int) -> Int {
    parameters(features: features).reduce(0) { $0 + $1.count }
  }
}
