import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// What is said of a run before its first epoch and after its last.
struct RunSummary {
  private let run: TrainingRun

  init(_ run: TrainingRun) {
    self.run = run
  }

  func printHead(resumed: Bool, verbose: Bool) {
    let trainer = run.trainer
    let architecture = trainer.model.architecture
    let options = trainer.options
    printData()
    let parameters = trainer.model.layout.parameterCount.counted("parameter")
    if architecture.likelihood is ByColumn {
      printWrapped("\(architecture.kind)\(architecture.shape): \(parameters)", label: "model")
      printWrapped(LikelihoodWords(architecture.likelihood).text)
    } else {
      print("model     \(architecture): \(parameters)")
    }
    print(
      "training  \(options.epochs.counted("epoch")) of \(trainer.stepsPerEpoch.counted("step")) of \(options.batchSize), "
        + "\(options.optimizer.rule.name) \(options.optimizer.learningRate), seed \(options.seed)")
    if let scheduleChange { print("schedule  \(scheduleChange)") }
    if !objective.isEmpty { print("objective \(objective.joined(separator: ", "))") }
    if let source = run.configuration.initializedFrom {
      let frozen = options.frozen.isEmpty ? "" : "; \(options.frozen) stays as it is"
      print("start     \(source.parts) of \(source.path)\(frozen)")
    }
    if let warning = trainer.optionWarning { Message.warn(warning.description) }
    print(
      "machine   \(trainer.team.count.counted("thread")), \(VectorMath.active.instructionSet), products by "
        + "\(MatrixProduct.engine == .own ? "its own kernels" : "OpenBLAS \(BLAS.coreName)"), "
        + "\(run.configuration.environment.build) build")
    let state = trainer.state
    let place = resumed ? ", from epoch \(state.epoch), step \(state.stepInEpoch + 1)" : ""
    print("run       \(run.directory.path)\(place)\n")
    if verbose { printLayers() }
  }

  /// What was understood of the data, in short; `inspect` has it all.
  private func printData() {
    let trainer = run.trainer
    var sets = "\(trainer.train.count) training, \(trainer.test.count) test"
    if let validation = trainer.validation { sets += ", \(validation.count) validation" }
    guard let columns = trainer.train.coding?.columns else {
      let shape = trainer.train.imageShape.map { "\($0)" } ?? trainer.train.featureCount.counted("feature")
      print("data      \(run.data.source): \(sets); \(shape)")
      return
    }
    let path = run.configuration.data.path
    let name = path.map { $0 == "-" ? "standard input" : Path.name(of: $0) } ?? run.data.source
    let kinds = ColumnSummary.Kind.allCases.compactMap { kind in
      let count = columns.count { ColumnSummary.Kind($0.kind) == kind }
      return count > 0 ? SummaryText.counted(count, kind) : nil
    }
    printWrapped(
      "\(name): \(sets); \(columns.count.counted("column")): \(kinds.joined(separator: ", "))", label: "data")
    let missing = columns.filter { $0.missingShare > 0 && $0.kind != .constant }.map { column in
      "\(TerminalText.clipped(column.name, to: 24)) \(DataSummary.percent(Double(column.missingShare)))"
    }
    guard !missing.isEmpty else { return }
    printWrapped("missing: " + TerminalText.list(missing, to: TerminalText.width - Self.labelWidth - 9))
  }

  private static let labelWidth = 10

  private func printWrapped(_ text: String, label: String = "") {
    for line in TerminalText.wrapped(text, label: label, indent: Self.labelWidth) { print(line) }
  }

  func printLayers() {
    print(ModelTable(run.trainer.model.plan, samples: run.trainer.options.objective.samples).text + "\n")
  }

  /// What becomes of the learning rate of a run that was resumed with another number of epochs, in words.
  var scheduleChange: String? {
    guard let change = run.scheduleChange else { return nil }
    let isKept = change.epochs == change.epochsBefore
    let curve =
      "cosine over " + (isKept ? "the planned " : "") + change.epochs.counted("epoch")
      + (isKept ? ", of a run of \(change.runEpochs)" : " in place of \(change.epochsBefore)")
    let rates =
      change.lastRate == 0
      ? "the learning rate begins at \(change.nextRate)"
      : "the learning rate was \(change.lastRate) and is now \(change.nextRate)"
    let other: ResumedSchedule = isKept ? .stretch : .keep
    return
      "\(curve): \(rates); --resume-schedule \(other.rawValue) would \(isKept ? "follow the longer curve" : "stay with the planned one")"
  }

  /// What is not the default, in words.
  private var objective: [String] {
    let options = run.trainer.options
    var parts: [String] = []
    let words = "\(options.objective)"
    if ![ELBO.name, Reconstruction.name].contains(words) { parts.append(words) }
    if options.klWeight != 1 { parts.append("β \(options.klWeight)") }
    if options.corruption.kind != .none {
      parts.append("\(options.corruption.kind.rawValue) corruption \(options.corruption.amount)")
    }
    return parts
  }

  func printEnd(_ outcome: TrainingRun.Outcome, pictures: [String]) {
    guard let last = run.metrics.last else { return }
    if case .stoppedEarly = outcome {
      print("\nstopped: no better validation result for \((run.trainer.options.patience ?? 0).counted("epoch"))")
    }
    print(
      last.hasDivergence
        ? String(
          format: "\ntest      negative ELBO %.2f nats = reconstruction %.2f + KL %.2f", last.test.negativeELBO,
          last.test.reconstruction, last.test.kl)
        : String(format: "\ntest      reconstruction loss %.2f nats", last.test.reconstruction))
    if let best = run.trainer.state.best {
      print(
        String(format: "best      epoch %d, validation %.2f nats: %@", best.epoch, best.loss, run.directory.bestModel))
    }
    print("run       \(run.directory.path)")
    let names = pictures.filter { $0.hasSuffix(".png") }.map { Path.name(of: $0).dropLast(".png".count) }
    if !names.isEmpty { print("pictures  \(run.directory.images): \(names.joined(separator: ", "))") }
  }

  /// The one line about a run that had nothing left to train.
  func printFinished(_ outcome: TrainingRun.Outcome, drawn: Bool) {
    let done = run.trainer.state.epoch - 1
    let isEarly = outcome == .stoppedEarly
    let state =
      isEarly
      ? "its validation set stopped it after epoch \(done)"
      : done == 1 ? "its one epoch is done" : "all \(done) epochs are done"
    let more = drawn ? "; drew the pictures and page that it lacked" : isEarly ? "" : "; ask for more with --epochs"
    print("run       \(run.directory.path): \(state)\(more)")
  }

  func printJSON(_ epoch: EpochMetrics) throws {
    print(try epoch.jsonLine())
    StandardStreams.flushOutput()
  }

  func printJSONEnd(_ outcome: TrainingRun.Outcome, pictures: [String]) throws {
    struct End: Encodable {
      let run: String
      let outcome: String
      let epochs: Int
      let images: [String]
    }
    let end = End(
      run: run.directory.path, outcome: outcome == .stoppedEarly ? "stopped_early" : "completed",
      epochs: run.metrics.count, images: pictures)
    print(try JSONOutput.text(of: end))
  }

  /// What is said after Ctrl-C.
  var interruption: String {
    let state = run.trainer.state
    let place = TrainingState.place(epoch: state.epoch, stepInEpoch: state.stepInEpoch)
    return "interrupted \(place)\(state.stepInEpoch > 0 ? " of \(run.trainer.stepsPerEpoch)" : ""); "
      + "go on with: vae-train --resume \(ShellWords.quoted(run.directory.path))"
  }
}
