import Foundation
import Testing
import VAETrainer

@Suite struct LearningRateScheduleTests {
  private func factors(_ schedule: LearningRateSchedule, steps: [Int]) -> [Float] {
    steps.map { schedule.factor(completed: $0, stepsPerEpoch: 10, epochs: 5) }
  }

  @Test func constant() {
    #expect(factors(LearningRateSchedule(), steps: [0, 1, 49, 1000]) == [1, 1, 1, 1])
  }

  @Test func stepsHoldFromTheEndOfTheirEpochOn() {
    let schedule = LearningRateSchedule(
      .steps, milestones: [.init(epoch: 1, factor: 0.5), .init(epoch: 3, factor: 0.1)])
    #expect(factors(schedule, steps: [0, 9, 10, 29, 30, 49]) == [1, 1, 0.5, 0.5, 0.1, 0.1])
  }

  /// Milestones may lie beyond all that can be counted.
  @Test func aMilestoneThatNeverComes() {
    let schedule = LearningRateSchedule(.steps, milestones: [.init(epoch: .max, factor: 0.5)])
    #expect(factors(schedule, steps: [0, 49]) == [1, 1])
  }

  @Test func cosine() {
    let found = factors(LearningRateSchedule(.cosine), steps: [0, 25, 50, 60])
    #expect(found[0] == 1)
    #expect(abs(found[1] - 0.5) < 1e-6)
    #expect(found[2] == 0 && found[3] == 0)
    let quarter = factors(LearningRateSchedule(.cosine), steps: [10])[0]
    #expect(abs(Double(quarter) - 0.5 * (1 + cos(Double.pi / 5))) < 1e-6)
  }

  @Test(arguments: [LearningRateSchedule.Shape.constant, .cosine])
  func warmUpRisesToTheBaseRate(shape: LearningRateSchedule.Shape) {
    let schedule = LearningRateSchedule(shape, warmUpEpochs: 0.4)
    #expect(factors(schedule, steps: [0, 1, 2, 3, 4]) == [0.25, 0.5, 0.75, 1, 1])
  }

  /// The cosine starts when the warm-up is over and still ends with the run.
  @Test func cosineAfterWarmUp() {
    let found = factors(LearningRateSchedule(.cosine, warmUpEpochs: 1), steps: [9, 10, 30, 50])
    #expect(found[0] == 1 && found[1] == 1)
    #expect(abs(found[2] - 0.5) < 1e-6)
    #expect(found[3] == 0)
  }

  @Test func theTrainerFollowsIt() throws {
    let data = TinyData.split(train: 16, test: 2)
    let trainer = try Trainer(
      .tiny, train: data.train, test: data.test,
      options: .tiny { $0.schedule = LearningRateSchedule(.cosine, warmUpEpochs: 1) })
    var rates: [Float] = []
    while !trainer.isFinished {
      while !trainer.isEpochComplete {
        try trainer.step()
        rates.append(trainer.state.learningRate / trainer.options.optimizer.learningRate)
      }
      _ = try trainer.finishEpoch()
    }
    let expected: [Float] = [
      0.5, 1, 1, Float(0.5 + 0.5 * cos(Double.pi / 4)), 0.5, Float(0.5 - 0.5 * cos(Double.pi / 4)),
    ]
    #expect(rates.count == expected.count && zip(rates, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }
}
