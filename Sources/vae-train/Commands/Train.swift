import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAEReport
import VAETrainer

/// `vae-train train`, and `vae-train` without a subcommand.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model, or go on with a run that was stopped.",
    discussion: """
      The run's folder gets config.json, metrics.jsonl, model.safetensors, checkpoint.safetensors and images/. \
      Ctrl-C finishes the step, writes a checkpoint and says how to go on.
      """)

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Times through the training set (default: 10; of a table or of sparse counts by the number of its rows).",
      valueName: "count"),
    transform: Parse.wholeNumber)
  var epochs: Int?

  @Option(name: .long, help: PresetOption.help, completion: PresetOption.completion, transform: PresetOption.read)
  var preset: Preset?

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup var reading: ReadingOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Training examples held out for validation (default: 0).", valueName: "count"),
    transform: Parse.wholeNumber)
  var validation: Int?

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Objective") var objective: ObjectiveOptions
  @OptionGroup(title: "Training") var optimization: OptimizationOptions
  @OptionGroup(title: "Training") var kernels: KernelOptions
  @OptionGroup(title: "Pretraining") var pretraining: PretrainingOptions

  @Option(
    name: .long, help: ArgumentHelp("The run's folder (default: a new one in runs/).", valueName: "folder"),
    completion: .directory, transform: Parse.path)
  var output: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Also write a checkpoint every so many steps (default: off).", valueName: "steps"),
    transform: Parse.wholeNumber)
  var checkpointSteps: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Go on with the run in this folder, with the options it was started with; --epochs may ask for more, and "
        + "--data say where the same data are now. Where nothing is left to do that is no error.", valueName: "folder"),
    completion: .directory, transform: Parse.path)
  var resume: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "With --resume and other --epochs, for a cosine: stretch it to them, or keep the one that was planned, and its "
        + "last rate from there on (default: what was chosen before, or stretch).", valueName: "name"),
    completion: .choices(ResumedSchedule.self), transform: Parse.choice)
  var resumeSchedule: ResumedSchedule?

  @Flag(name: .long, help: "Print the model's layers first.")
  var verbose = false

  @Flag(name: .long, help: "Print nothing but errors.")
  var quiet = false

  @Flag(name: .long, help: "Print the lines of metrics.jsonl, and last an object with the results, and nothing else.")
  var json = false

  @Flag(name: .long, inversion: .prefixedNo, help: "Draw pictures at the end.")
  var images = true

  @Option(
    name: .long,
    help: ArgumentHelp("Draw them every so many epochs too, over the same files (default: off).", valueName: "epochs"),
    transform: Parse.wholeNumber)
  var imageEpochs: Int?

  func validate() throws {
    if verbose && (quiet || json) {
      throw ValidationError("--verbose: expected without --\(quiet ? "quiet" : "json"), found with it")
    }
    if quiet && json { throw ValidationError("--quiet: expected without --json, found with it") }
    if let imageEpochs {
      guard imageEpochs > 0 else { throw ValidationError("--image-epochs: expected 1 or more, found \(imageEpochs)") }
      guard images else { throw ValidationError("--image-epochs: expected without --no-images, found with it") }
    }
    if resumeSchedule != nil {
      for (option, isGiven) in [("resume", resume != nil), ("epochs", epochs != nil)] where !isGiven {
        throw ValidationError("--resume-schedule: expected with --\(option), found without it")
      }
    }
    try pretraining.refuse(
      [("initialization", optimization.initialization != nil)], whereAllOf: .all)
    try pretraining.refuse(
      [("output-bias-from-mean", optimization.outputBiasFromMean != nil)], whereAllOf: .decoder)
    guard resume != nil else { return }
    if let option = TypedArguments.given.names.first(where: {
      !Self.optionsOfResuming.contains($0)
    }) {
      throw ValidationError("--\(option): expected not to be given with --resume, which keeps a run's options")
    }
  }

  /// What may stand beside --resume; all else is the run's own.
  private static let optionsOfResuming: Set<String> = [
    "resume", "resume-schedule", "epochs", "data", "quiet", "json", "verbose", "images", "no-images", "image-epochs",
    "products", "instruction-set",
  ]

  func run() throws {
    kernels.apply()
    let run = try resume.map(goOn) ?? start()
    if run.trainer.isFinished { return try finish(run) }
    var session = TrainingSession(run, style: style, resumed: resume != nil, verbose: verbose)
    if style != .nothing {
      for remark in run.data.remarks { Message.warn(remark) }
      for sentence in beyondTheEnd(of: run) { Message.warn(sentence) }
      ThreadOptions.warn(ofThreads: run.trainer.team.count)
    }
    let outcome = try session.train { epoch in
      if let imageEpochs, epoch % imageEpochs == 0 { _ = try draw(run) }
    }
    if outcome == .interrupted { throw ExitCode(Interrupt.exitCode) }
    let pictures = images ? try drawAll(run) : []
    if style == .progress { session.summary.printEnd(outcome, pictures: pictures) }
    if style == .json { try session.summary.printJSONEnd(outcome, pictures: pictures) }
  }

  private var style: TrainingSession.Style { quiet ? .nothing : json ? .json : .progress }

  private func goOn(_ folder: String) throws -> TrainingRun {
    // Options that cannot be read are told below.
    if let configuration = try? RunDirectory(folder).readConfiguration() {
      try MemoryLimit.check(configuration.architecture, configuration.training, of: folder)
    }
    return try TrainingRun.resume(
      folder, epochs: epochs, schedule: resumeSchedule, dataPath: data.absolutePath, formats: DataOptions.formats)
  }

  /// What is left of a resumed run that has nothing left to train: nothing, or its pictures and page, where it died before
  /// they were written. So a loop that resumes a run until that succeeds ends, and with a whole run.
  private func finish(_ run: TrainingRun) throws {
    let outcome = try run.train()
    if style != .nothing {
      for (option, isGiven) in [
        ("image-epochs", imageEpochs != nil), ("resume-schedule", resumeSchedule != nil),
      ] where isGiven {
        Message.warn(
          "--\(option): no effect, since nothing is left to train; more --epochs than it has had would go on")
      }
    }
    let areMissing = images && !hasCurrentPage(run.directory)
    if areMissing { _ = try? AtomicFile.sweepLeftovers(in: run.directory.images) }
    let pictures = !images ? [] : areMissing ? try drawAll(run) : Self.pictures(in: run.directory)
    let summary = RunSummary(run)
    if verbose { summary.printLayers() }
    if style == .progress { summary.printFinished(outcome, drawn: areMissing) }
    if style == .json { try summary.printJSONEnd(outcome, pictures: pictures) }
  }

  /// Whether there are pictures, and a page that was written after the last checkpoint. The page comes after all pictures.
  private func hasCurrentPage(_ directory: RunDirectory) -> Bool {
    guard let page = SystemCall.modificationTime(directory.report),
      let checkpoint = SystemCall.modificationTime(directory.checkpoint)
    else { return false }
    return page >= checkpoint && !Self.pictures(in: directory).isEmpty
  }

  /// The paths of the pictures that are there.
  private static func pictures(in directory: RunDirectory) -> [String] {
    let names = (try? Folder.names(in: directory.images)) ?? []
    return names.filter { !$0.hasPrefix(".") }.map { Folder.path(of: $0, in: directory.images) }
  }

  /// The pictures, whose paths it returns, and the page.
  private func drawAll(_ run: TrainingRun) throws -> [String] {
    let pictures = try draw(run)
    try RunReport.write(
      run.directory.path, test: run.trainer.test, formats: DataOptions.formats, to: run.directory.report)
    return pictures
  }

  private func draw(_ run: TrainingRun) throws -> [String] {
    try RunPictures.write(RunPictures.Subject(run.trainer, metrics: run.metrics), to: run.directory.images)
  }

  private func start() throws -> TrainingRun {
    if let checkpointSteps, checkpointSteps < 1 {
      throw ValidationError("--checkpoint-steps: expected 1 or more, found \(checkpointSteps)")
    }
    if let validation, validation < 0 {
      throw ValidationError("--validation: expected 0 or more, found \(validation)")
    }
    var training = try preset?.training() ?? TrainingOptions()
    if let epochs { training.epochs = epochs }
    optimization.apply(to: &training)
    // Before the data are loaded: a wrong width should not take a second to be found. The inputs are not known yet.
    let shape = try model.architecture(
      inputCount: model.likelihood?.requiredFeatures ?? 1, preset: preset, isBeforeData: true)
    try objective.apply(to: &training, for: shape)
    pretraining.apply(to: &training)
    var source = RunConfiguration.Data(path: data.absolutePath)
    try reading.apply(to: &source)
    if model.exposure == .learned, source.reading.cells.exposureColumn != nil {
      throw ValidationError("--exposure-column: expected without --exposure learned, found both")
    }
    // What is between 0 and 1 already is to stay as it is.
    if let likelihood = model.likelihood, likelihood.domain == 0...1, reading.column.scaling == nil {
      source.reading.modelling.scaling = .none
    }
    // What is counted is no table, and what is of another likelihood no counts.
    if let likelihood = try model.likelihood ?? preset?.architecture(inputCount: 1).likelihood {
      source.reading.rows = likelihood.sideInputs.contains(.exposure) ? .counts : .table
    }
    try checkOutput(source)
    try DataOptions.check(testFraction: data.testFraction, of: source)
    if let fraction = data.testFraction { source.testFraction = fraction }
    if let validation { source.validationCount = validation }
    do { try training.validate(for: shape) } catch { throw ValidationError(ofOption: error) }
    let pretrained = try pretraining.model()
    let split = try source.load(seed: training.seed, formats: DataOptions.formats)
    try pretrained.map { try PretrainingOptions.check($0, for: split.train) }
    let labels = model.conditional ? try labels(of: split) : []
    // As many as one more than the largest, so that a label is the place of its own weights.
    let labelCount = labels.last.map { Int($0) + 1 } ?? 0
    var architecture = try model.architecture(for: split.train, labelCount: labelCount, preset: preset)
    if preset == nil, let coding = split.train.coding {
      setTableDefaults(of: &training, coding, rows: split.train.count)
    }
    if preset == nil, split.train.isSparse, architecture.likelihood.sideInputs.contains(.exposure) {
      setCountDefaults(of: &training, architecture, rows: split.train.count)
    }
    if let preset, epochs == nil, let epochs = preset.epochs(rows: split.train.count) { training.epochs = epochs }
    if labels.count < labelCount { architecture.knownLabels = labels }
    try MemoryLimit.check(architecture, training, examples: split.train)
    let configuration = RunConfiguration(
      data: source, architecture: architecture, training: training, initializedFrom: pretraining.source,
      checkpointSteps: checkpointSteps, command: ShellWords.command)
    return try ScalingAdvice.advising(ScalingAdvice(configuration, train: split.train)) {
      try TrainingRun.start(
        configuration, data: split, in: output ?? Self.folderOfNow(), numberedIfTaken: output == nil,
        pretrained: pretrained?.model)
    }
  }

  /// Throws where the run's pictures would be among those of the data from then on.
  private func checkOutput(_ source: RunConfiguration.Data) throws {
    let output = output ?? Self.folderOfNow()
    for folder in [source.path, source.reading.testPath].compactMap({ $0 })
    where SavedModel.isPictureFolder(folder) && Path.isInside(output, folder) {
      throw ValidationError(
        "--output: expected a place outside of the pictures in \(folder), which would have the run's among them, found "
          + output)
    }
  }

  /// What was not given, of a table.
  private func setTableDefaults(of training: inout TrainingOptions, _ coding: TableCoding, rows: Int) {
    if epochs == nil { training.epochs = TableDefaults.epochs(rows: rows, batchSize: training.batchSize) }
    if optimization.optimizer == nil, optimization.learningRate == nil {
      training.optimizer.learningRate = TableDefaults.learningRate(for: coding)
    }
  }

  /// What was not given, of sparse counts.
  private func setCountDefaults(of training: inout TrainingOptions, _ architecture: Architecture, rows: Int) {
    if epochs == nil { training.epochs = CountDefaults.epochs(rows: rows, batchSize: training.batchSize) }
    if architecture.isVariational, training.klWeight > 0, !objective.saysWarmUp {
      training.klWarmUp = CountDefaults.warmUp(rows: rows, batchSize: training.batchSize)
    }
  }

  /// The classes that there are training examples of, in order.
  private func labels(of data: DataSplit) throws -> [UInt8] {
    guard let labels = data.train.labels, !labels.isEmpty else {
      throw ValidationError("--conditional: expected data with labels, found none in \(data.source)")
    }
    return Set(labels).sorted()
  }

  /// "runs/2026-01-31-235959".
  private static func folderOfNow() -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd-HHmmss"
    return "runs/" + format.string(from: Date())
  }
}
