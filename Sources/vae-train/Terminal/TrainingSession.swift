import VAETrainer

/// A run trained at a terminal: its head, a line an epoch, and what to do after Ctrl-C.
struct TrainingSession {
  /// What is shown.
  enum Style {
    case progress, json, nothing
  }

  let summary: RunSummary
  private let run: TrainingRun
  private let style: Style
  private let resumed: Bool
  private let verbose: Bool

  init(_ run: TrainingRun, style: Style = .progress, resumed: Bool, verbose: Bool = false) {
    self.run = run
    self.style = style
    self.resumed = resumed
    self.verbose = verbose
    summary = RunSummary(run)
  }

  /// Trains, and calls `onEpoch` with the number of each epoch that is done and shown.
  mutating func train(onEpoch: (Int) throws -> Void = { _ in }) throws -> TrainingRun.Outcome {
    if style == .progress { summary.printHead(resumed: resumed, verbose: verbose) }
    // Where no head is printed it must not go unsaid either: the rate may jump.
    if style == .json, let change = summary.scheduleChange { Message.warn("schedule: \(change)") }
    var progress = Progress(run.trainer)
    if style == .progress { progress.showTitles() }
    var said: Set<String> = []
    let advice = ScalingAdvice(run.configuration, train: run.trainer.train)
    let outcome = try ScalingAdvice.advising(advice) {
      try Interrupt.remembering {
        try run.train(shouldStop: { Interrupt.isRequested }) { trainer in
          if style == .progress { progress.update(trainer) }
        } onEpoch: { epoch in
          if style == .progress { progress.show(epoch) }
          if style == .json { try summary.printJSON(epoch) }
          // Each kind once; metrics.jsonl has them all.
          for sentence in (epoch.warnings ?? []) + [advice?.warning(epoch)].compactMap({ $0 })
          where said.insert(String(sentence.prefix { $0 != ":" })).inserted {
            if style != .nothing { Message.warn("after epoch \(epoch.epoch): \(sentence)") }
          }
          try onEpoch(epoch.epoch)
        }
      }
    }
    progress.clear()
    if outcome == .interrupted { Message.say(summary.interruption) }
    return outcome
  }
}
