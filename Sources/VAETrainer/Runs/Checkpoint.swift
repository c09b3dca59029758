import VAEData
import VAEKernels

/// `checkpoint.safetensors`: a model's weights as in `model.safetensors`, what the optimiser remembers under the same
/// names behind `optimizer.first_moment.` and whatever else its rule has, and in the metadata how far training has come.
struct Checkpoint {
  let model: VariationalAutoencoder
  /// What the model is of.
  let data: DataDescription
  let optimizer: UpdateChain
  let state: TrainingState
  /// Of the data it was trained on; see `DataSplit.fingerprint`.
  let dataFingerprint: String
  /// Of their labels, where the model is told them; see `DataSplit.labelFingerprint`.
  let labelFingerprint: String?

  private enum MetadataKey {
    static let state = "training_state"
    static let dataFingerprint = "data_fingerprint"
    static let labelFingerprint = "label_fingerprint"
  }

  /// What the optimiser remembers, and the prefix of its tensors' names.
  private static func state(of optimizer: UpdateChain) -> [(prefix: String, arena: ParameterArena)] {
    zip(optimizer.stateNames, optimizer.state).map { ("optimizer.\($0).", $1) }
  }

  /// Throws `NonFiniteError` rather than let good files be replaced by some that nothing can come of.
  func requireFinite() throws {
    let arenas = [("", model.weights)] + Self.state(of: optimizer)
    if let place = arenas.lazy.compactMap({ NonFinitePlace.first(in: $1, prefix: $0) }).first {
      throw NonFiniteError(place: place, during: .checkpoint(epoch: state.epoch, step: state.stepInEpoch))
    }
  }

  /// Writes it with what `description` says of its model.
  func write(to path: String, _ description: ModelFile.Description) throws {
    var metadata = description.metadata
    metadata[MetadataKey.state] = try JSON.encode(state)
    metadata[MetadataKey.dataFingerprint] = dataFingerprint
    metadata[MetadataKey.labelFingerprint] = labelFingerprint
    var file = SafetensorsWriter(metadata: metadata)
    ModelFile.add(model.weights, to: &file)
    for (prefix, arena) in Self.state(of: optimizer) { ModelFile.add(arena, prefix: prefix, to: &file) }
    try file.write(to: path)
  }

  /// How far training had come, without the weights.
  static func readState(_ path: String) throws -> TrainingState {
    try SafetensorsFile(path: path).decodeMetadata(TrainingState.self, MetadataKey.state)
  }

  /// Which data it was trained on, without the weights.
  static func readTrainedData(_ path: String) throws -> TrainedData? {
    let metadata = try SafetensorsFile(path: path).metadata
    return metadata[MetadataKey.dataFingerprint].map {
      TrainedData(data: $0, labels: metadata[MetadataKey.labelFingerprint])
    }
  }

  /// Reads a checkpoint of a run with these options and this architecture.
  static func read(
    _ path: String, architecture: Architecture, optimizer options: OptimizerOptions, frozen: ModelParts,
    vocabulary: Vocabulary
  ) throws -> Checkpoint {
    let file = try SafetensorsFile(path: path)
    let contents = try ModelFile.read(file, vocabulary)
    let model = contents.model
    guard model.architecture == architecture else {
      throw SafetensorsError(
        path: path, place: "metadata \"\(ModelFile.MetadataKey.architecture)\"",
        expected: "\(try JSON.encode(architecture))", found: "\(try JSON.encode(model.architecture))")
    }
    let state = try file.decodeMetadata(TrainingState.self, MetadataKey.state)
    guard let fingerprint = file.metadata[MetadataKey.dataFingerprint] else {
      throw SafetensorsError(
        path: path, place: "metadata \"\(MetadataKey.dataFingerprint)\"", expected: "a fingerprint", found: "nothing")
    }
    let optimizer = UpdateChain(model.layout, options: options, trained: ModelParts.all.subtracting(frozen))
    for (prefix, arena) in Self.state(of: optimizer) { try ModelFile.read(into: arena, prefix: prefix, from: file) }
    return Checkpoint(
      model: model, data: contents.data, optimizer: optimizer, state: state, dataFingerprint: fingerprint,
      labelFingerprint: file.metadata[MetadataKey.labelFingerprint])
  }
}
