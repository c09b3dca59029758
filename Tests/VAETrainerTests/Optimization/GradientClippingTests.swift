import TestSupport
import Testing
import VAEKernels
import VAETrainer

/// Clipping by the norm of the whole gradient.
///
/// After one step from zero the first moment is (1 − β₁) times the gradient that Adam was given.
@Suite struct GradientClippingTests {
  private func firstStep(clippedTo limit: Float?, threads: Int = 1) throws -> Trainer {
    let data = TinyData.split(train: 20, test: 2)
    let trainer = try Trainer(
      .tiny, train: data.train, test: data.test,
      options: .tiny {
        $0.gradientClipNorm = limit
        $0.threads = threads
      })
    try trainer.step()
    return trainer
  }

  private func norm(_ trainer: Trainer) -> Double { trainer.optimizer.firstMoment.norm / 0.1 }

  @Test(arguments: [1, 2, 3]) func aLargerNormBecomesTheLimit(threads: Int) throws {
    let whole = try firstStep(clippedTo: nil, threads: threads)
    for part in [0.9, 0.5, 1e-3] {
      let limit = part * norm(whole)
      let clipped = try firstStep(clippedTo: Float(limit), threads: threads)
      #expect(abs(norm(clipped) / limit - 1) < 1e-5)
      // The direction stays.
      for tensor in whole.model.layout.tensors {
        let expected = whole.optimizer.firstMoment.elements(of: tensor).map { part * Double($0) }
        #expect(relativeError(of: clipped.optimizer.firstMoment.elements(of: tensor), from: expected) < 1e-5)
      }
    }
  }

  @Test(arguments: [1, 2, 3]) func aSmallerNormIsLeftAlone(threads: Int) throws {
    let whole = try firstStep(clippedTo: nil, threads: threads)
    let unclipped = try firstStep(clippedTo: Float(1.01 * norm(whole)), threads: threads)
    #expect(unclipped.optimizer.firstMoment.bits == whole.optimizer.firstMoment.bits)
    #expect(unclipped.model.weights.bits == whole.model.weights.bits)
  }
}
