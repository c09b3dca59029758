import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// Where a new model's weights start, and which of them stay there.
struct PretrainingOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("A run, or a model's file, whose weights to start from (default: none).", valueName: "run"),
    completion: .file(), transform: Parse.path)
  var initializeFrom: String?

  @Option(
    name: .long, help: ArgumentHelp("What to take of it: \(Parse.names(Part.self)) (default: all).", valueName: "name"),
    completion: .choices(Part.self), transform: Parse.choice)
  var parts: Part?

  @Option(
    name: .long,
    help: ArgumentHelp("Train the other part alone: encoder or decoder (default: train both).", valueName: "name"),
    completion: .choices(Part.self), transform: Parse.choice)
  var freeze: Part?

  enum Part: String, CaseIterable {
    case encoder, decoder, all

    var parts: ModelParts {
      switch self {
      case .encoder: .encoder
      case .decoder: .decoder
      case .all: .all
      }
    }
  }

  /// The options that were given, by name.
  var given: [String] {
    [("initialize-from", initializeFrom != nil), ("parts", parts != nil), ("freeze", freeze != nil)]
      .compactMap { $0.1 ? $0.0 : nil }
  }

  func validate() throws {
    if let option = given.first, initializeFrom == nil {
      throw ValidationError("--\(option): expected with --initialize-from, found without it")
    }
    if let freeze, !(parts ?? .all).parts.isSuperset(of: freeze.parts) {
      throw ValidationError(
        "--freeze: expected a part that --parts takes from the other run, found \(freeze.rawValue)")
    }
    if freeze == .all { throw ValidationError("--freeze: expected encoder or decoder, found all") }
  }

  /// Throws for the first of `options` that was given where the weights that it is about all come from another run.
  func refuse(_ options: [(name: String, isGiven: Bool)], whereAllOf part: ModelParts) throws {
    guard initializeFrom != nil, (parts ?? .all).parts.isSuperset(of: part) else { return }
    if let option = options.first(where: \.isGiven) {
      throw ValidationError(
        "--\(option.name): expected where weights start afresh, found with --initialize-from, which gives them all")
    }
  }

  /// Sets what was given.
  func apply(to options: inout TrainingOptions) {
    if let freeze { options.frozen = freeze.parts }
  }

  /// What the run's configuration says of it.
  var source: RunConfiguration.Pretraining? {
    initializeFrom.map { .init(path: Path.absolute($0), parts: (parts ?? .all).parts) }
  }

  /// The model to start from.
  func model() throws -> SavedModel? { try initializeFrom.map { try SavedModel($0, best: false) } }

  /// Throws where the features of a model to start from are called otherwise than those of `data`: weights go by place.
  static func check(_ model: SavedModel, for data: Dataset) throws {
    guard let theirs = model.data.featureNames, let own = data.featureNames,
      let (index, pair) = zip(theirs, own).enumerated().first(where: { $1.0 != $1.1 })
    else { return }
    throw ValidationError(
      "--initialize-from: expected a model of the same features in the same order, found one whose feature \(index) is "
        + "\(pair.0.onOneLine), where it is \(pair.1.onOneLine) here")
  }
}
