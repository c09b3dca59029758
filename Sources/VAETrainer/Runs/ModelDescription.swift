import VAEData
import VAEKernels

/// What a model is beside its weights: from the metadata of its file or, where they have gone, from the run's config.json
/// beside it.
///
/// Programs that read the tensors of a safetensors file and write them again, changed or in another precision, drop the
/// metadata as often as not.
struct ModelDescription {
  let architecture: Architecture
  /// What it is of.
  let data: DataDescription

  /// What config.json says of it.
  struct Written: Decodable {
    let architecture: Architecture
    let imageShape: ImageShape?
  }

  /// Throws `SafetensorsError`; or `FileError` or `RunError` of config.json.
  init(of file: SafetensorsFile, _ vocabulary: Vocabulary) throws {
    let folder = RunDirectory(file.path.lastIndex(of: "/").map { String(file.path[...$0]) } ?? ".")
    if file.metadata[ModelFile.MetadataKey.architecture] == nil {
      guard folder.holdsConfiguration else {
        throw SafetensorsError(
          path: file.path, place: "metadata \"\(ModelFile.MetadataKey.architecture)\"",
          expected: "a model's architecture, here or in a config.json beside the file", found: "nothing")
      }
      let written = try folder.readModelDescription(vocabulary: vocabulary)
      architecture = written.architecture
      let other = folder.dataOfModels
      var data = try file.dataDescription
      data.imageShape = data.imageShape ?? written.imageShape ?? other?.imageShape
      data.coding = data.coding ?? other?.coding
      data.classNames = data.classNames ?? other?.classNames
      data.featureNames = data.featureNames ?? other?.featureNames
      data.told = data.told ?? other?.told
      data.exposureColumn = data.exposureColumn ?? other?.exposureColumn
      self.data = data
    } else {
      architecture = try file.decodeMetadata(Architecture.self, ModelFile.MetadataKey.architecture, vocabulary)
      data = try file.dataDescription
    }
    try Self.check(data.featureNames, data.told, architecture, in: file)
    if let coding = data.coding { try Self.check(coding, architecture, in: file) }
    if let imageShape = data.imageShape { try Self.check(imageShape, inputCount: architecture.inputCount, in: file) }
  }

  private static func check(
    _ names: [String]?, _ told: TableCoding?, _ architecture: Architecture, in file: SafetensorsFile
  ) throws {
    if let names, names.count != architecture.inputCount {
      throw SafetensorsError(
        path: file.path, place: "metadata \"\(ModelFile.MetadataKey.featureNames)\"",
        expected: "the names of \(architecture.inputCount) features", found: "\(names.count)")
    }
    if let told, told.featureCount > 0 || told.conditionCount != architecture.numericCovariateCount {
      throw SafetensorsError(
        path: file.path, place: "metadata \"\(ModelFile.MetadataKey.told)\"",
        expected: "the \(architecture.numericCovariateCount) numbers that the model is told",
        found: "\(told.conditionCount), and \(told.featureCount) others")
    }
  }

  private static func check(_ coding: TableCoding, _ architecture: Architecture, in file: SafetensorsFile) throws {
    let found = (coding.featureCount, coding.indicatorCount, coding.conditionCount)
    let expected = (architecture.inputCount, architecture.indicatorCount, architecture.numericCovariateCount)
    guard found == expected else {
      throw SafetensorsError(
        path: file.path, place: "metadata \"\(ModelFile.MetadataKey.table)\"",
        expected: "columns of the model's \(expected.0) features", found: "\(found.0)")
    }
  }

  /// By division: the product of three numbers from a file may be too large for an `Int`.
  private static func check(_ shape: ImageShape, inputCount: Int, in file: SafetensorsFile) throws {
    var rest = inputCount
    for size in [shape.width, shape.height, shape.channels] {
      guard size > 0, rest % size == 0 else {
        rest = 0
        break
      }
      rest /= size
    }
    guard rest == 1 else {
      throw SafetensorsError(
        path: file.path, place: "metadata \"\(ModelFile.MetadataKey.imageShape)\"",
        expected: "an image of the model's \(inputCount) inputs", found: "\(shape)")
    }
  }
}

extension SafetensorsFile {
  fileprivate var dataDescription: DataDescription {
    get throws {
      func read<Value: Decodable>(_ key: String) throws -> Value? {
        metadata[key] == nil ? nil : try decodeMetadata(Value.self, key)
      }
      return DataDescription(
        imageShape: try read(ModelFile.MetadataKey.imageShape), coding: try read(ModelFile.MetadataKey.table),
        classNames: try read(ModelFile.MetadataKey.classNames),
        featureNames: try read(ModelFile.MetadataKey.featureNames), told: try read(ModelFile.MetadataKey.told),
        exposureColumn: try read(ModelFile.MetadataKey.exposureColumn))
    }
  }
}

extension RunDirectory {
  /// What config.json does not have, or in an earlier run did not: as another of its files has it still.
  fileprivate var dataOfModels: DataDescription? {
    [checkpoint, model, bestModel].lazy.compactMap { try? SafetensorsFile(path: $0).dataDescription }
      .first { $0 != DataDescription() }
  }
}
