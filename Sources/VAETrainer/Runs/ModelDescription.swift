import VAEData
import VAEKernels

/// What a model is beside its weights: from the metadata of its file or, where they have gone, from the run's config.json
/// beside it.
///
/// Programs that read the tensors of a safetensors file and write them again, changed or in another precision, drop the
/// metadata as often as not.
struct ModelDescription: Decodable {
  let architecture: Architecture
  /// How an example lies on a picture, where the model is one of images.
  let imageShape: ImageShape?

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
      imageShape = try file.imageShape ?? written.imageShape ?? folder.imageShapeOfModels
    } else {
      architecture = try file.decodeMetadata(Architecture.self, ModelFile.MetadataKey.architecture, vocabulary)
      imageShape = try file.imageShape
    }
    if let imageShape { try Self.check(imageShape, inputCount: architecture.inputCount, in: file) }
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
  fileprivate var imageShape: ImageShape? {
    get throws {
      guard metadata[ModelFile.MetadataKey.imageShape] != nil else { return nil }
      return try decodeMetadata(ImageShape.self, ModelFile.MetadataKey.imageShape)
    }
  }
}

extension RunDirectory {
  /// Of a run of before config.json had it: as another of its files has it still.
  fileprivate var imageShapeOfModels: ImageShape? {
    [checkpoint, model, bestModel].lazy.compactMap { try? SafetensorsFile(path: $0).imageShape }.first
  }
}
