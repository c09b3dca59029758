import VAEData
import VAEKernels

/// `checkpoint.safetensors`: a model's weights as in `model.safetensors`, the optimiser's moments under the same names
/// behind `optimizer.first_moment.` and `optimizer.second_moment.`, and in the metadata how far training has come.
struct Checkpoint {
  let model: VariationalAutoencoder
  let optimizer: Optimizer
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

  private static let firstMomentPrefix = "optimizer.first_moment."
  private static let secondMomentPrefix = "optimizer.second_moment."

  /// Throws `NonFiniteError` rather than let good files be replaced by some that nothing can come of.
  func requireFinite() throws {
    let place =
      NonFinitePlace.first(in: model.weights)
      ?? NonFinitePlace.first(in: optimizer.firstMoment, prefix: Self.firstMomentPrefix)
      ?? optimizer.secondMoment.flatMap { NonFinitePlace.first(in: $0, prefix: Self.secondMomentPrefix) }
    if let place {
      throw NonFiniteError(place: place, during: .checkpoint(epoch: state.epoch, step: state.stepInEpoch))
    }
  }

  func write(to path: String, imageShape: ImageShape?) throws {
    var metadata = try ModelFile.metadata(of: model.architecture, imageShape)
    metadata[MetadataKey.state] = try JSON.encode(state)
    metadata[MetadataKey.dataFingerprint] = dataFingerprint
    metadata[MetadataKey.labelFingerprint] = labelFingerprint
    var file = SafetensorsWriter(metadata: metadata)
    ModelFile.add(model.weights, to: &file)
    ModelFile.add(optimizer.firstMoment, prefix: Self.firstMomentPrefix, to: &file)
    if let moment = optimizer.secondMoment { ModelFile.add(moment, prefix: Self.secondMomentPrefix, to: &file) }
    try file.write(to: path)
  }

  /// How far training had come, without the weights.
  static func readState(_ path: String) throws -> TrainingState {
    try SafetensorsFile(path: path).decodeMetadata(TrainingState.self, MetadataKey.state)
  }

  /// Reads a checkpoint of a run with these options and this architecture.
  static func read(_ path: String, architecture: Architecture, optimizer options: Optimizer.Options) throws
    -> Checkpoint
  {
    let file = try SafetensorsFile(path: path)
    let (model, _) = try ModelFile.read(file)
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
    let optimizer = Optimizer(model.layout, options: options)
    try ModelFile.read(into: optimizer.firstMoment, prefix: firstMomentPrefix, from: file)
    if let moment = optimizer.secondMoment { try ModelFile.read(into: moment, prefix: secondMomentPrefix, from: file) }
    return Checkpoint(
      model: model, optimizer: optimizer, state: state, dataFingerprint: fingerprint,
      labelFingerprint: file.metadata[MetadataKey.labelFingerprint])
  }
}
