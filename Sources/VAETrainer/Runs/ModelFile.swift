import VAEData
import VAEKernels

/// `model.safetensors`: a model's weights under the names and shapes of its layout, and its architecture as JSON in the
/// metadata. What is written is F32; F64, F16 and BF16 are read too, and config.json in place of metadata that are lost.
public enum ModelFile {
  enum MetadataKey {
    static let architecture = "architecture"
    static let imageShape = "image_shape"
    static let table = "table"
    static let classNames = "class_names"
    static let featureNames = "feature_names"
    static let told = "told"
    static let exposureColumn = "exposure_column"
  }

  /// What a file says of a model beside its weights, as text: of a table with many columns it takes longer to put together
  /// than the weights take to write, so that a run keeps it.
  struct Description {
    let metadata: [String: String]

    init(of architecture: Architecture, _ data: DataDescription) throws {
      var metadata = [MetadataKey.architecture: try JSON.encode(architecture)]
      if let imageShape = data.imageShape { metadata[MetadataKey.imageShape] = try JSON.encode(imageShape) }
      if let coding = data.coding { metadata[MetadataKey.table] = try JSON.encode(coding) }
      if let names = data.classNames { metadata[MetadataKey.classNames] = try JSON.encode(names) }
      if let names = data.featureNames { metadata[MetadataKey.featureNames] = try JSON.encode(names) }
      if let told = data.told { metadata[MetadataKey.told] = try JSON.encode(told) }
      if let name = data.exposureColumn { metadata[MetadataKey.exposureColumn] = try JSON.encode(name) }
      self.metadata = metadata
    }
  }

  /// What a file holds.
  public struct Contents: Sendable {
    /// The model with its weights.
    public let model: VariationalAutoencoder
    /// What it was trained on.
    public let data: DataDescription
    /// How an example lies on a picture, where the model is one of images.
    public var imageShape: ImageShape? { data.imageShape }
  }

  /// Writes `model`, and what it was trained on. The same weights give the same bytes.
  public static func write(
    _ model: VariationalAutoencoder, of data: DataDescription = DataDescription(), to path: String
  ) throws {
    try write(model, Description(of: model.architecture, data), to: path)
  }

  static func write(_ model: VariationalAutoencoder, _ description: Description, to path: String) throws {
    try write(model.weights, description, to: path)
  }

  static func write(_ weights: ParameterArena, _ description: Description, to path: String) throws {
    var file = SafetensorsWriter(metadata: description.metadata)
    add(weights, to: &file)
    try file.write(to: path)
  }

  /// Reads a model, and what it was trained on, from this or any file with its tensors in it, such as
  /// a checkpoint.
  ///
  /// `vocabulary` has the types that it may name. Throws `FileError` or `SafetensorsError`; `RunError` where it needs a
  /// config.json that is damaged.
  public static func read(
    _ path: String, vocabulary: Vocabulary = .standard
  ) throws -> Contents {
    try read(SafetensorsFile(path: path), vocabulary)
  }

  static func read(_ file: SafetensorsFile, _ vocabulary: Vocabulary) throws -> Contents {
    let description = try ModelDescription(of: file, vocabulary)
    try checkSize(of: description.architecture, in: file)
    let model = try VariationalAutoencoder(description.architecture)
    try read(into: model.weights, from: file)
    return Contents(model: model, data: description.data)
  }

  /// Of an optimiser's state, which has a prefix, without the statistics, which no optimiser touches.
  private static func tensors(_ arena: ParameterArena, prefix: String) -> [ParameterLayout.Tensor] {
    arena.layout.tensors.filter { prefix.isEmpty || $0.block.kind != .statistic }
  }

  static func add(_ arena: ParameterArena, prefix: String = "", to file: inout SafetensorsWriter) {
    for tensor in tensors(arena, prefix: prefix) {
      file.add(prefix + tensor.name, of: Float.self, shape: tensor.shape) { try $0.append(arena.elements(of: tensor)) }
    }
  }

  static func read(into arena: ParameterArena, prefix: String = "", from file: SafetensorsFile) throws {
    for tensor in tensors(arena, prefix: prefix) {
      let elements = try file.floats(prefix + tensor.name, shape: tensor.shape)
      if let index = elements.firstIndex(where: { !$0.isFinite }) {
        throw SafetensorsError(
          path: file.path, place: "tensor \"\(prefix + tensor.name)\", element \(index)", expected: "a finite number",
          found: "\(elements[index])")
      }
      arena.setElements(elements, of: tensor)
    }
  }

  /// An architecture in a few bytes of text can ask for gigabytes; the file must at least be as long.
  private static func checkSize(of architecture: Architecture, in file: SafetensorsFile) throws {
    let available = file.tensors.reduce(0) { $0 + $1.bytes.count / ($1.type?.size ?? 1) }
    let needed = architecture.parameterCount
    guard needed <= available else {
      throw SafetensorsError(
        path: file.path, place: "tensors", expected: "the \(needed) numbers of \(architecture.summary)",
        found: "\(available)")
    }
  }
}

extension SafetensorsFile {
  /// The value that the metadata hold as JSON under `key`.
  func decodeMetadata<Value: Decodable>(
    _ type: Value.Type, _ key: String, _ vocabulary: Vocabulary = .standard
  ) throws -> Value {
    let place = "metadata \"\(key)\""
    guard let text = metadata[key] else {
      throw SafetensorsError(path: path, place: place, expected: "JSON", found: "nothing")
    }
    do {
      return try JSON.decode(type, from: text, vocabulary: vocabulary)
    } catch {
      throw SafetensorsError(path: path, place: place, expected: "JSON of \(type)", found: JSON.describe(error))
    }
  }
}
