import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// β at the start of a run.
@Suite struct KLWarmUpTests {
  @Test func linear() {
    let warmUp = KLWarmUp(epochs: 0.5)
    #expect(
      (0..<12).map { warmUp.factor(completed: $0, stepsPerEpoch: 8) } == [0, 0.25, 0.5, 0.75]
        + Array(repeating: 1, count: 8))
    #expect(KLWarmUp().factor(completed: 0, stepsPerEpoch: 8) == 1)
  }

  @Test func inSteps() throws {
    let warmUp = KLWarmUp(steps: 4)
    #expect((0..<6).map { warmUp.factor(completed: $0, stepsPerEpoch: 100) } == [0, 0.25, 0.5, 0.75, 1, 1])
    // Two epochs of four steps have no room for nine.
    let data = TinyData.split(train: 32, test: 8)
    let error = #expect(throws: TrainingOptionsError.self) {
      try Trainer(
        .tiny, train: data.train, test: data.test,
        options: .tiny {
          $0.epochs = 2
          $0.klWarmUp = KLWarmUp(steps: 9)
        })
    }
    #expect(error?.description == "KL warm-up steps: expected 0 to the number of steps (8), found 9")
  }

  @Test func betweenEpochs() throws {
    let warmUp = KLWarmUp(epochs: 4, isByEpoch: true)
    #expect(
      (0..<10).map { warmUp.factor(completed: $0, stepsPerEpoch: 2) } == [0, 0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1, 1])
    let usual = KLWarmUp(epochs: 4)
    for one in [warmUp, usual] {
      #expect(try JSONDecoder().decode(KLWarmUp.self, from: JSONEncoder().encode(one)) == one)
    }
    #expect(try !String(decoding: JSONEncoder().encode(usual), as: UTF8.self).contains("isByEpoch"))
  }

  @Test func cyclical() {
    let warmUp = KLWarmUp(epochs: 2, cycles: 2)
    let factors = (0..<18).map { warmUp.factor(completed: $0, stepsPerEpoch: 8) }
    let cycle: [Float] = [0, 0.25, 0.5, 0.75, 1, 1, 1, 1]
    #expect(factors == cycle + cycle + [1, 1])
  }

  /// β is in the objective and in the metrics, and early stopping waits.
  @Test func training() throws {
    let data = TinyData.split(train: 32, test: 8)
    let trainer = try Trainer(
      .tiny, train: data.train, test: data.test, validation: data.test,
      options: .tiny {
        $0.epochs = 6
        $0.klWeight = 2
        $0.klWarmUp = KLWarmUp(epochs: 4)
        $0.patience = 1
        $0.optimizer.learningRate = 1e-30
      })
    let epochs = try (0..<5).map { _ in try trainer.runEpoch() }
    // After the last of an epoch's four steps.
    #expect(epochs.map(\.klWeight) == [0.375, 0.875, 1.375, 1.875, 2])
    let average = epochs[0].train
    let meanWeight = (0 + 0.125 + 0.25 + 0.375) / 4
    #expect(abs(epochs[0].objective - average.reconstruction - meanWeight * average.kl) < 0.05 * average.kl)
    #expect(trainer.state.best?.epoch == 5 && !trainer.hasStoppedEarly)
    _ = try trainer.runEpoch()
    #expect(trainer.hasStoppedEarly)
  }

  /// As in scVI's setting, whose warm-up of 400 epochs is longer than its runs on many cells.
  @Test func mayOutlastTheRun() throws {
    try TrainingOptions.tiny { $0.klWarmUp = KLWarmUp(epochs: 100) }.validate()
    #expect(KLWarmUp(epochs: 100).factor(completed: 10, stepsPerEpoch: 2) == 0.05)
  }

  @Test func lengthsThatMakeNoSense() {
    for warmUp in [
      KLWarmUp(epochs: -1), KLWarmUp(cycles: 2), KLWarmUp(epochs: 1, cycles: 0),
      KLWarmUp(epochs: 1, steps: 1),
    ] {
      #expect(throws: TrainingOptionsError.self) { try TrainingOptions.tiny { $0.klWarmUp = warmUp }.validate() }
    }
  }
}
