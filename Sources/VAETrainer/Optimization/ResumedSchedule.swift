/// What becomes of a learning rate that depends on the length of the run, where a run is resumed with another number of
/// epochs.
///
/// Half a cosine ends with the run. Of one that had ten epochs and is given twenty, the rate has come down to next to
/// nothing: either it follows the longer curve from there on, on which it stands much higher, or it stays as low as the
/// curve that was planned has brought it.
public enum ResumedSchedule: String, Sendable, CaseIterable {
  /// The curve that the run was started with, and after its end the rate of its last step.
  case keep
  /// The curve of a run of the new length, from where the run is: the default, since at the end of the other nothing
  /// would be learnt any more.
  case stretch
}

/// What a resumed run's learning rate does at the place where it was stopped.
public struct ScheduleChange: Sendable, Hashable {
  /// The epochs that the curve was over.
  public var epochsBefore: Int
  /// Those that it is over now.
  public var epochs: Int
  /// The epochs of the run itself.
  public var runEpochs: Int
  /// The rate of the last step that was made; 0 where there is none.
  public var lastRate: Float
  /// That of the next.
  public var nextRate: Float

  /// Nil where the run is as long as it was, or its rate has nothing to do with that.
  init?(from before: TrainingOptions, to options: TrainingOptions, at trainer: Trainer) {
    epochsBefore = before.schedule.epochs ?? before.epochs
    epochs = options.schedule.epochs ?? options.epochs
    guard options.schedule.shape == .cosine, !trainer.isFinished,
      epochs != epochsBefore || options.epochs != before.epochs
    else { return nil }
    runEpochs = options.epochs
    lastRate = trainer.state.learningRate
    nextRate = trainer.nextLearningRate
  }
}
