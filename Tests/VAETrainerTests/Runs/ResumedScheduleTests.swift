import TestSupport
import Testing
import VAEKernels
import VAETrainer

/// What becomes of a cosine in a run that is resumed with another number of epochs.
@Suite struct ResumedScheduleTests {
  private func run(_ shape: LearningRateSchedule.Shape = .cosine) throws -> TinyRun {
    try TinyRun {
      $0.epochs = 2
      $0.schedule = LearningRateSchedule(shape)
    }
  }

  /// The rates of all epochs of a run that is resumed with six, and then with ten.
  private func rates(_ schedule: ResumedSchedule?) throws -> [Float] {
    let test = try run()
    _ = try test.start().train()
    _ = try TrainingRun.resume(test.path(), epochs: 6, schedule: schedule).train()
    let last = try TrainingRun.resume(test.path(), epochs: 10)
    _ = try last.train()
    return last.metrics.map(\.learningRate)
  }

  @Test func itIsStretchedUnlessSaidOtherwise() throws {
    let rates = try rates(nil)
    #expect(rates[2] > 2 * rates[1])
    #expect(try self.rates(.stretch) == rates)
  }

  /// The choice is of the run from there on; the rate never comes to zero, where nothing would be learnt.
  @Test func theOneThatWasPlannedIsKept() throws {
    let rates = try rates(.keep)
    #expect(rates.count == 10 && rates[1] > 0 && rates[1] < rates[0])
    #expect(rates[2...].allSatisfy { $0 == rates[1] })
  }

  @Test(arguments: ResumedSchedule.allCases, [0, 1, 5])
  func stoppedAgainItEndsTheSame(schedule: ResumedSchedule, steps: Int) throws {
    let test = try run()
    for name in ["whole", "stopped"] { _ = try test.start(name).train() }
    let whole = try TrainingRun.resume(test.path("whole"), epochs: 4, schedule: schedule)
    let first = whole.trainer.state.step
    _ = try whole.train()
    let stopped = try TrainingRun.resume(test.path("stopped"), epochs: 4, schedule: schedule)
    _ = try stopped.train(shouldStop: { stopped.trainer.state.step == first + steps })
    let resumed = try TrainingRun.resume(test.path("stopped"))
    #expect(resumed.scheduleChange == nil)
    _ = try resumed.train()
    #expect(try RunResult(resumed.directory) == RunResult(whole.directory))
  }

  /// A run that is stopped before its end and given more epochs follows the plan to its end.
  @Test func aKeptPlanIsFollowedToItsEnd() throws {
    let test = try run()
    let whole = try test.start("whole")
    _ = try whole.train()
    let stopped = try test.start()
    _ = try stopped.train(shouldStop: { stopped.trainer.state.step == 3 })
    let resumed = try TrainingRun.resume(test.path(), epochs: 3, schedule: .keep)
    _ = try resumed.train()
    #expect(resumed.metrics.prefix(2).map(\.learningRate) == whole.metrics.map(\.learningRate))
  }

  @Test func whatChangesIsSaid() throws {
    let test = try run()
    _ = try test.start().train()
    let change = try #require(try TrainingRun.resume(test.path(), epochs: 4).scheduleChange)
    #expect(change.epochsBefore == 2 && change.epochs == 4 && change.nextRate > change.lastRate)
    #expect(try TrainingRun.resume(test.path(), epochs: 4).scheduleChange == nil)
    let kept = try #require(try TrainingRun.resume(test.path(), epochs: 5, schedule: .keep).scheduleChange)
    // The plan is that of the run as it was last resumed.
    #expect(kept.epochs == 4 && kept.runEpochs == 5)
  }

  @Test func anotherScheduleHasNoLength() throws {
    let test = try run(.constant)
    _ = try test.start().train()
    #expect(throws: RunError.scheduleWithoutLength(path: test.path(), shape: .constant)) {
      try TrainingRun.resume(test.path(), epochs: 4, schedule: .keep)
    }
    #expect(try TrainingRun.resume(test.path(), epochs: 4).scheduleChange == nil)
  }
}
