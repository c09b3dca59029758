import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels

@testable import VAETrainer

/// A run that was stopped and resumed ends like one that was never stopped, to the last bit.
@Suite struct ResumeTests {
  enum Variant: CaseIterable {
    case plain, everything, twoThreads, layers

    /// With running averages, and draws of its own.
    static let layered = Architecture(
      inputCount: 36, encoder: [Dense(12), BatchNorm(), Dropout(0.2), Activate(.elu)], latentCount: 2,
      decoder: [Dense(12), LayerNorm(), Activate(.leakyReLU), Dropout(0.5)])

    func run(checkpointSteps: Int? = nil) throws -> TinyRun {
      // 45 or 48 examples to train on: six steps an epoch.
      try TinyRun(
        validationCount: self == .plain ? 0 : 6, checkpointSteps: checkpointSteps, examples: self == .plain ? 50 : 60,
        architecture: self == .layers ? Self.layered : .tiny
      ) { options in
        guard self != .plain else { return }
        options.schedule = LearningRateSchedule(.cosine, warmUpEpochs: 1.5)
        options.gradientClipNorm = 2
        options.binarization = .dynamic
        options.patience = 2
        options.optimizer.learningRate = 1e-2
        options.outputBiasFromMean = true
        options.threads = self == .twoThreads ? 2 : 1
      }
    }
  }

  /// Stopped as by Ctrl-C after so many steps of the 18 there are: at the start, within an epoch, at its end.
  @Test(arguments: Variant.allCases, [0, 1, 4, 6, 7, 11, 17])
  func stoppedAfterAnyStep(variant: Variant, step: Int) throws {
    let test = try variant.run()
    let whole = try test.start("whole")
    _ = try whole.train()
    #expect(whole.trainer.state.step == 18)

    let stopped = try test.start()
    let outcome = try stopped.train(shouldStop: { stopped.trainer.state.step >= step })
    guard case .interrupted = outcome else {
      Issue.record("\(outcome)")
      return
    }
    let resumed = try TrainingRun.resume(stopped.directory.path)
    #expect(resumed.trainer.state.step == step)
    _ = try resumed.train()
    #expect(try RunResult(resumed.directory) == RunResult(whole.directory))
  }

  /// The folder as a killed process would leave it, at every moment between two steps; its last checkpoint may be
  /// several steps old.
  @Test func killedAfterAnyStep() throws {
    let test = try Variant.everything.run(checkpointSteps: 4)
    let whole = try test.start("whole")
    var copies: [String] = []
    _ = try whole.train(onStep: { trainer in
      let copy = test.path("killed-\(trainer.state.step)")
      try? FileManager.default.copyItem(atPath: whole.directory.path, toPath: copy)
      copies.append(copy)
    })
    #expect(copies.count == 18)
    for copy in copies {
      let resumed = try TrainingRun.resume(copy)
      #expect(resumed.trainer.state.step % 4 == 0 || resumed.trainer.state.stepInEpoch == 0)
      _ = try resumed.train()
      #expect(try RunResult(resumed.directory) == RunResult(whole.directory), "\(copy)")
    }
  }

  /// Stopped again and again, after every step.
  @Test func stoppedAfterEveryStep() throws {
    let test = try Variant.everything.run()
    let whole = try test.start("whole")
    _ = try whole.train()
    var run = try test.start()
    var stops = 0
    while true {
      let start = run.trainer.state.step
      guard case .interrupted = try run.train(shouldStop: { run.trainer.state.step > start }) else { break }
      stops += 1
      run = try TrainingRun.resume(run.directory.path)
    }
    #expect(stops == 17)
    #expect(try RunResult(run.directory) == RunResult(whole.directory))
  }

  /// The process dies between the files of an epoch's end: the metrics and the best model are there, the checkpoint is
  /// still that of the epoch before.
  @Test func killedBetweenTheFilesOfAnEpoch() throws {
    let test = try Variant.everything.run()
    let whole = try test.start()
    whole.leastTimeBetweenSaves = .zero
    var checkpoints: [Data] = []
    let path = URL(filePath: whole.directory.checkpoint)
    _ = try whole.train(onEpoch: { _ in checkpoints.append(try Data(contentsOf: path)) })
    let expected = try RunResult(whole.directory)
    try checkpoints[1].write(to: path)
    let resumed = try TrainingRun.resume(whole.directory.path)
    #expect(resumed.metrics.count == 2)
    _ = try resumed.train()
    #expect(try RunResult(resumed.directory) == expected)
  }

  /// Epochs of milliseconds do not each write files of megabytes; the first does, so that there soon is something to look at.
  @Test func aCheckpointIsWrittenWhereTimeHasPassed() throws {
    let test = try TinyRun(validationCount: 0) { $0.epochs = 6 }
    let run = try test.start()
    run.leastTimeBetweenSaves = .seconds(10_000)
    var epochs: [Int] = []
    _ = try run.train(onEpoch: { _ in epochs.append(try Checkpoint.readState(run.directory.checkpoint).epoch) })
    let last = run.trainer.state.epoch
    #expect(epochs == [2] + [Int](repeating: 2, count: last - 3) + [last] && last > 3)
  }

  /// A best model of an epoch that no checkpoint knows would stay, with the figures of another: between two checkpoints it is
  /// kept, and written with the next, as where every epoch has one.
  @Test func aCheckpointKnowsTheBestModel() throws {
    let test = try TinyRun { $0.epochs = 6 }
    let (run, saving) = (try test.start(), try test.start("saving"))
    run.leastTimeBetweenSaves = .seconds(10_000)
    saving.leastTimeBetweenSaves = .zero
    var best: [Int?] = []
    var files: Set<FileBytes> = []
    _ = try run.train(onEpoch: { epoch in
      best.append(run.trainer.state.best?.epoch)
      guard epoch.epoch < 6 else { return }
      files.insert(try FileBytes(run.directory.bestModel))
      #expect(try Checkpoint.readState(run.directory.checkpoint).best?.epoch == best[0])
    })
    _ = try saving.train()
    #expect(Set(best).count > 2 && files.count == 1, "\(best)")
    #expect(try FileBytes(run.directory.bestModel) == FileBytes(saving.directory.bestModel))
    #expect(try Checkpoint.readState(run.directory.checkpoint).best?.epoch == best.last!)
  }

  /// A process may die between writing the two. If the checkpoint were first, and the last of the run, the model would
  /// stay that of an epoch before.
  @Test func theCheckpointIsNeverAheadOfTheModel() throws {
    let test = try TinyRun { $0.epochs = 1 }
    let run = try test.start()
    let before = try FileBytes(run.directory.checkpoint)
    // What cannot be replaced by a file stops the run there.
    try FileManager.default.removeItem(atPath: run.directory.model)
    try FileManager.default.createDirectory(atPath: run.directory.model, withIntermediateDirectories: false)
    #expect(throws: FileError.self) { try run.train() }
    #expect(try FileBytes(run.directory.checkpoint) == before)
  }

  /// A rate at which nothing gets better for long.
  @Test func aRunThatStoppedEarlyIsOver() throws {
    let test = try TinyRun {
      $0.epochs = 500
      $0.patience = 1
      $0.optimizer.learningRate = 0.1
    }
    let run = try test.start()
    guard case .stoppedEarly = try run.train() else {
      Issue.record("it trained for all of its epochs")
      return
    }
    // It says so again, also when told as many epochs as it was started with; more make no sense.
    for epochs in [nil, 500, run.metrics.count] {
      #expect(try outcomeOfResuming(run, epochs: epochs) == .stoppedEarly)
    }
    #expect(throws: RunError.stoppedEarly(path: run.directory.path, epochs: run.metrics.count)) {
      try TrainingRun.resume(run.directory.path, epochs: 501)
    }
  }

  /// How a run ended that has nothing left to train; resuming it must leave every file as it is.
  private func outcomeOfResuming(_ run: TrainingRun, epochs: Int?) throws -> TrainingRun.Outcome {
    let files = try Folder.names(in: run.directory.path).map { run.directory.file($0) }
    let before = try files.map { try FileBytes($0) }
    let resumed = try TrainingRun.resume(run.directory.path, epochs: epochs)
    #expect(resumed.trainer.isFinished && resumed.metrics.count == run.metrics.count)
    let outcome = try resumed.train(onStep: { _ in Issue.record("it made a step") })
    #expect(try Folder.names(in: run.directory.path).map { run.directory.file($0) } == files)
    #expect(try files.map { try FileBytes($0) } == before)
    return outcome
  }

  /// Half an epoch cannot be undone; whole ones are enough where no more are asked for.
  @Test func fewerEpochsThanHaveBegunAreRefused() throws {
    let test = try TinyRun()
    let run = try test.start()
    let stepsPerEpoch = run.trainer.stepsPerEpoch
    _ = try run.train(shouldStop: { run.trainer.state.step == 2 * stepsPerEpoch })
    #expect(throws: RunError.tooFewEpochs(asked: 1, begun: 2)) { try TrainingRun.resume(test.path(), epochs: 1) }
    let resumed = try TrainingRun.resume(test.path(), epochs: 2)
    #expect(resumed.trainer.isFinished)
    #expect(try resumed.train() == .completed)

    let further = try TrainingRun.resume(test.path())
    _ = try further.train(shouldStop: { further.trainer.state.step == 2 * stepsPerEpoch + 1 })
    #expect(throws: RunError.tooFewEpochs(asked: 2, begun: 3)) { try TrainingRun.resume(test.path(), epochs: 2) }
  }

  /// The process dies when it has written its options, and no weights yet.
  @Test func aFolderWithoutWeightsCanBeUsedAgain() throws {
    let test = try TinyRun { $0.epochs = 1 }
    let directory = try test.start().directory
    for path in [directory.checkpoint, directory.model] { try FileManager.default.removeItem(atPath: path) }
    #expect(throws: RunError.noCheckpoint(path: directory.path)) { try TrainingRun.resume(directory.path) }
    _ = try test.start().train()
    #expect(try directory.readMetrics().count == 1)
  }

  /// The default is one a processor, and the machine that resumes may have another number of them.
  @Test func theNumberOfThreadsIsKept() throws {
    let test = try TinyRun { $0.threads = nil }
    let run = try test.start()
    #expect(try run.directory.readConfiguration().training.threads == run.trainer.team.count)
    _ = try run.train(shouldStop: { true })
    #expect(try TrainingRun.resume(run.directory.path).trainer.team.count == run.trainer.team.count)
  }

  @Test func moreEpochsAreTheLongerRun() throws {
    let test = try TinyRun { $0.epochs = 2 }
    let short = try test.start("short")
    _ = try short.train()
    for epochs in [nil, 2] { #expect(try outcomeOfResuming(short, epochs: epochs) == .completed) }
    #expect(throws: RunError.tooFewEpochs(asked: 1, begun: 2)) {
      try TrainingRun.resume(short.directory.path, epochs: 1)
    }
    let resumed = try TrainingRun.resume(short.directory.path, epochs: 4)
    _ = try resumed.train()

    var configuration = test.configuration
    configuration.training.epochs = 4
    let long = try TrainingRun.start(
      configuration, data: configuration.data.load(seed: configuration.training.seed), in: test.path("long"))
    _ = try long.train()
    #expect(try RunResult(resumed.directory) == RunResult(long.directory))
    #expect(try resumed.directory.readConfiguration().training.epochs == 4)
  }

  @Test func theSameOptionsGiveTheSameFiles() throws {
    let test = try Variant.twoThreads.run()
    let (one, other) = try (test.start("one"), test.start("other"))
    _ = try one.train()
    _ = try other.train()
    #expect(try RunResult(one.directory) == RunResult(other.directory))
  }
}
