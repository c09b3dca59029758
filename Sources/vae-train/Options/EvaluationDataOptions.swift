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
      "Which examples: \(Parse.names(Part.self)), the last in the order of the file (default: test).",
      valueName: "name"),
    transform: Parse.choice)
  var part = Part.test

  @Option(
    name: .long,
    help: ArgumentHelp("Key of the noise, and of drawn pixels (default: the run's).", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64?

  enum Part: String, CaseIterable { case train, validation, test, all }

  /// The examples that were asked for, which the model can take.
  ///
  /// The run's own seed, not `--seed`, says which examples it held out.
  func load(for saved: SavedModel) throws -> Dataset {
    var source = saved.configuration?.data ?? RunConfiguration.Data()
    if let data { source.path = DataOptions.absolute(data) }
    if let testFraction { source.testFraction = testFraction }
    guard data != nil || saved.configuration != nil else {
      throw ValidationError("--data: expected for a model without a config.json beside it, found nothing")
    }
    let dataset =
      part == .all
      ? try DataSource.loadAll(path: source.path, seed: saved.seed)
      : try choose(from: source.load(seed: saved.seed), source, seed: saved.seed)
    let inputCount = saved.model.architecture.inputCount
    guard dataset.featureCount == inputCount else {
      throw DataError(
        path: source.path ?? dataset.name, expected: "examples of \(inputCount) features, for \(saved.path)",
        found: "\(dataset.featureCount)")
    }
    try dataset.check(for: saved.model.architecture, saved.binarization)
    return dataset
  }

  private func choose(from split: DataSplit, _ source: RunConfiguration.Data, seed: UInt64) throws -> Dataset {
    if part == .test { return split.test }
    let (train, validation) = try source.holdOut(from: split, seed: seed)
    if part == .train { return train }
    guard let validation else {
      throw ValidationError("--set validation: expected a run that held examples out, found one that did not")
    }
    return validation
  }

  /// An evaluator that shows `saved` its examples as the run's own evaluations did.
  func evaluator(of saved: SavedModel, threads: ThreadOptions) throws -> Evaluator {
    Evaluator(
      saved.model, binarization: saved.binarization, seed: seed ?? saved.seed, team: try threads.team())
  }
}
