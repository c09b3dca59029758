import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// Training gives the same bytes whatever the number of threads.
@Suite(
  .enabled(if: MatrixProduct.engine == .own, "OpenBLAS, which debug builds use, rounds by how products are divided"))
struct ThreadIndependenceTests {
  enum Variant: CaseIterable {
    case plain, clipped, importanceWeighted, layers, learnedExposure
  }

  private static let counts: DataSplit = {
    let counts = uniformNumbers(80 * 36, seed: 5).map { $0 < 0.6 ? 0 : (1 / (1.05 - $0)).rounded() }
    let data = Dataset(counts, featureCount: 36)
    return DataSplit(train: data.subset(Array(0..<60)), test: data.subset(Array(60..<80)), source: "counts")
  }()

  @Test(arguments: Variant.allCases, [2, 3, 5]) func sameWeightsAndFigures(variant: Variant, threads: Int) throws {
    func train(threads: Int) throws -> (weights: [String: [UInt32]], metrics: [Evaluation]) {
      let data = variant == .learnedExposure ? Self.counts : TinyData.split(train: 60, test: 20)
      // Layers wide enough to be divided by columns, and narrow ones.
      var architecture =
        variant == .layers
        ? Architecture(
          inputCount: 36, encoder: [Dense(400), BatchNorm(), Activate(.silu), Dropout(0.2)], latentCount: 2,
          decoder: [LayerNorm(), Dense(130), Dropout(0.5), Activate(.gelu), BatchNorm()])
        : Architecture(inputCount: 36, encoderHidden: [400, 130], latentCount: 2, activation: .tanh)
      if variant == .learnedExposure {
        architecture.likelihood = ZeroInflatedNegativeBinomial()
        architecture.exposureEncoder = [Log1p(), Dense(130), BatchNorm(), Activate(.relu), Dropout(0.1)]
      }
      let trainer = try Trainer(
        architecture,
        train: data.train, test: data.test,
        options: .tiny {
          $0.threads = threads
          $0.batchSize = 17
          if variant == .clipped { $0.gradientClipNorm = 0.1 }
          if variant == .importanceWeighted || variant == .learnedExposure { $0.objective = IWAE(samples: 4) }
        })
      var metrics: [Evaluation] = []
      while !trainer.isFinished {
        let epoch = try trainer.runEpoch()
        metrics += [epoch.train, epoch.test]
      }
      return (trainer.model.weights.bits, metrics)
    }
    let (alone, together) = try (train(threads: 1), train(threads: threads))
    #expect(together.weights == alone.weights)
    #expect(together.metrics == alone.metrics)
  }
}
