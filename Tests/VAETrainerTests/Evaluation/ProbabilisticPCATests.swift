import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// The optimum of a linear model, and a linear variational autoencoder that reaches it.
@Suite struct ProbabilisticPCATests {
  private static let dimension = 6
  private static let latentCount = 2

  /// Low-rank data: two latents through a fixed matrix, an offset, and noise of deviation 0.3.
  private static func data(_ count: Int) -> [Float] {
    let directions = normalNumbers(dimension * latentCount, seed: 1)
    let latents = normalNumbers(count * latentCount, seed: 2)
    let noise = normalNumbers(count * dimension, seed: 3)
    return (0..<count * dimension).map { place in
      let (row, column) = (place / dimension, place % dimension)
      let signal = (0..<latentCount).reduce(Float(column) / 10) {
        $0 + directions[column * latentCount + $1] * latents[row * latentCount + $1]
      }
      return signal + 0.3 * noise[place]
    }
  }

  /// log N(x; b, C) averaged over rows, by the Cholesky factor of C: as it is written.
  private func logLikelihood(_ rows: [Float], mean: [Double], covariance: [Double]) throws -> Double {
    let dimension = mean.count
    let factor = try LAPACK.cholesky(covariance, order: dimension)
    let logDeterminant = 2 * (0..<dimension).reduce(0) { $0 + log(factor[$1 * dimension + $1]) }
    let count = rows.count / dimension
    let quadratic = (0..<count).reduce(0.0) { sum, row in
      let deviation = (0..<dimension).map { Double(rows[row * dimension + $0]) - mean[$0] }
      let solved = LAPACK.solve(cholesky: factor, order: dimension, deviation)
      return sum + zip(deviation, solved).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return -0.5 * (Double(dimension) * log(2 * .pi) + logDeterminant + quadratic / Double(count))
  }

  @Test func theCovarianceIsThatOfTheRows() {
    let rows: [Float] = [1, 2, 3, 6, 5, 4]
    let found = SampleCovariance(rows: rows, dimension: 2)
    #expect(found.count == 3 && found.mean == [3, 4])
    let expected = [8.0 / 3, 4.0 / 3, 4.0 / 3, 8.0 / 3]
    #expect(zip(found.covariance, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    let dataset = Dataset(rows, featureCount: 2)
    #expect(SampleCovariance(of: dataset).covariance == found.covariance)
  }

  /// The density of the optimum, as its eigenvectors give it, has the likelihood that the formula says.
  @Test func theOptimumHasItsLikelihood() throws {
    let rows = Self.data(500)
    let sample = SampleCovariance(rows: rows, dimension: Self.dimension)
    let optimum = try ProbabilisticPCA(sample, latentCount: Self.latentCount)
    #expect(abs(optimum.noiseVariance - 0.09) < 0.01)
    let (values, vectors) = try LAPACK.eigen(ofSymmetric: sample.covariance, order: Self.dimension)
    var covariance = [Double](repeating: 0, count: Self.dimension * Self.dimension)
    for row in 0..<Self.dimension {
      for column in 0..<Self.dimension {
        for index in 0..<Self.dimension {
          let value = index < Self.latentCount ? values[index] : optimum.noiseVariance
          covariance[row * Self.dimension + column] +=
            value * vectors[index * Self.dimension + row] * vectors[index * Self.dimension + column]
        }
      }
    }
    let expected = try logLikelihood(rows, mean: sample.mean, covariance: covariance)
    #expect(abs(optimum.logLikelihood - expected) < 1e-9)
  }

  /// Woodbury's way gives what the whole covariance matrix does.
  @Test(arguments: [Gaussian(variance: 0.25), LearnedGaussian()] as [any Likelihood])
  func theExactLikelihoodOfALinearModel(likelihood: any Likelihood) throws {
    let rows = Self.data(50)
    let model = try VariationalAutoencoder(
      Architecture(
        inputCount: Self.dimension, encoderHidden: [], latentCount: Self.latentCount, likelihood: likelihood),
      seed: 4)
    for tensor in model.layout.tensors where !tensor.isWeight {
      model.weights.setElements(normalNumbers(tensor.count, seed: 9), of: tensor)
    }
    let layer = model.plan.decoder[0] as! DenseStage
    let (w, bias) = (model.weights[layer.weight], model.weights[layer.bias].copyElements().map(Double.init))
    let variance = likelihood is LearnedGaussian ? exp(Double(model.likelihoodParameterValues[0, 0])) : 0.25
    let covariance = (0..<Self.dimension * Self.dimension).map { place in
      let (row, column) = (place / Self.dimension, place % Self.dimension)
      return (0..<Self.latentCount).reduce(row == column ? variance : 0) {
        $0 + Double(w[$1, row]) * Double(w[$1, column])
      }
    }
    let found = try #require(
      try model.exactLogLikelihood(of: SampleCovariance(rows: rows, dimension: Self.dimension)))
    #expect(abs(found - (try logLikelihood(rows, mean: bias, covariance: covariance))) < 1e-6)
  }

  @Test func otherModelsHaveNone() throws {
    let sample = SampleCovariance(rows: Self.data(50), dimension: Self.dimension)
    for architecture in [
      Architecture(inputCount: Self.dimension, encoderHidden: [3], latentCount: 2, likelihood: .learnedGaussian),
      Architecture(inputCount: Self.dimension, encoderHidden: [], latentCount: 2),
    ] {
      #expect(try VariationalAutoencoder(architecture).exactLogLikelihood(of: sample) == nil)
    }
  }

  /// Trained, it comes within 0.5 % of the optimum, and not above it.
  @Test func aLinearModelReachesTheOptimum() throws {
    let data = Dataset(Self.data(2000), featureCount: Self.dimension)
    let sample = SampleCovariance(of: data)
    let optimum = try ProbabilisticPCA(sample, latentCount: Self.latentCount).logLikelihood
    var options = TrainingOptions()
    options.epochs = 200
    options.batchSize = 50
    options.optimizer.learningRate = 0.05
    options.schedule = LearningRateSchedule(.cosine)
    options.threads = 1
    let trainer = try Trainer(
      Architecture(
        inputCount: Self.dimension, encoderHidden: [], latentCount: Self.latentCount, likelihood: .learnedGaussian),
      train: data, test: data.subset([0]), options: options)
    let first = try #require(try trainer.model.exactLogLikelihood(of: sample))
    while !trainer.isFinished { _ = try trainer.runEpoch() }
    let found = try #require(try trainer.model.exactLogLikelihood(of: sample))
    #expect(found <= optimum && optimum - found < 0.005 * abs(optimum), "\(found) of \(optimum), at first \(first)")
    #expect(optimum - first > 0.005 * abs(optimum))
  }
}
