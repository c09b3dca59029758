import ArgumentParser
import VAEData
import VAETrainer

/// Examples to show to a saved model.
struct EvaluationDataOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("As for training (default: the data of the run).", valueName: "path"),
    completion: .file(), transform: Parse.path)
  var data: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Share of a single file held out as the test set (default: the run's).", valueName: "share"),
    transform: Parse.share)
  var testFraction: Double?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Which examples: \(Parse.names(DataPart.self)), the last in the order of the file (default: test).",
      valueName: "name"),
    completion: .choices(DataPart.self), transform: Parse.choice)
  var chosenPart: DataPart?

  @Option(
    name: .long,
    help: ArgumentHelp("Key of the noise, and of drawn pixels (default: the run's).", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64?

  @OptionGroup(title: "Reading --data") var division: DivisionOptions
  @OptionGroup(title: "Reading --data") var reading: NewDataOptions

  func validate() throws {
    let given = division.given + reading.given
    if data == nil, let option = given.first {
      throw ValidationError(
        "--\(option): expected with --data, found without it: a run's own data are read as they were")
    }
    if chosenPart == .all, let option = division.given.first(where: { $0 != "test-data" }) {
      throw ValidationError("--\(option): expected without --set all, which holds nothing out, found both")
    }
  }

  /// Puts what was given in the place of what a run's `reading` has. Throws where the run divides its data otherwise.
  func apply(to reading: inout DataReading) throws {
    try division.apply(toRun: &reading)
    self.reading.apply(to: &reading)
    if let data {
      try HeededOptions.check(
        self.reading.given,
        of: DataSource(path: DataOptions.absolute(data), reading: reading, seed: 0, formats: DataOptions.formats))
    }
  }

  /// The examples that were asked for, which the model can take.
  ///
  /// The run's own seed, not `--seed`, says which examples it held out. What that is the key of, a command may have no use
  /// for: posterior means are drawn by nobody, unless pixels are.
  func load(
    for saved: SavedModel, drawingLatents: Bool = false, annotations: DataReading.Annotations = .none
  ) throws -> Dataset {
    try load(part, for: saved, drawingLatents: drawingLatents, annotations: annotations)
  }

  /// The same for what answers row by row: of a file that was named, and has no test set of its own, all rows in their
  /// order, unless another set was asked for. Of the run's own data the test set, or `usual`.
  func loadRows(
    for saved: SavedModel, unless usual: DataPart = .test, drawingLatents: Bool = false,
    annotations: DataReading.Annotations = .none
  ) throws -> Dataset {
    let mayTakeAll = chosenPart == nil && testFraction == nil && division.given.isEmpty
    let takesAll = try mayTakeAll && data.map { try saved.isUndivided($0, reading: apply) } ?? false
    return try load(
      takesAll ? .all : chosenPart ?? (data == nil ? usual : .test), for: saved, drawingLatents: drawingLatents,
      annotations: annotations)
  }

  private func load(
    _ part: DataPart, for saved: SavedModel, drawingLatents: Bool = false,
    annotations: DataReading.Annotations = .none
  ) throws -> Dataset {
    let drawsLatents = drawingLatents && saved.model.architecture.isVariational
    if seed != nil && saved.binarization == .none && !drawsLatents {
      throw ValidationError("--seed: expected where something is drawn, found with a run that draws no pixels")
    }
    return try saved.dataset(part, path: data, testFraction: testFraction, annotations: annotations, reading: apply)
  }

  /// The training set of the same data.
  func trainingSet(for saved: SavedModel) throws -> Dataset {
    try saved.dataset(.train, path: data, testFraction: testFraction, reading: apply)
  }

  /// The paths that were named.
  var inputs: [String?] { [data, division.testData, reading.picture.labelTable] }

  /// The set that was asked for.
  var part: DataPart { chosenPart ?? .test }

  /// Whether they are the run's own test set, drawn as the run draws it.
  var isOfRun: Bool { data == nil && testFraction == nil && part == .test && seed == nil }

  /// An evaluator that shows `saved` its examples as the run's own evaluations did.
  func evaluator(of saved: SavedModel, threads: ThreadOptions) throws -> Evaluator {
    Evaluator(
      saved.model, binarization: saved.binarization, seed: seed ?? saved.seed, team: try threads.team())
  }
}
