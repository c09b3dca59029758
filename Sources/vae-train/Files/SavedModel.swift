import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// A model from a run's folder or a file, and what is known of the run that it came from.
struct SavedModel {
  /// The file.
  let path: String
  let model: VariationalAutoencoder
  /// What it was trained on.
  let data: DataDescription
  /// How an example lies on a picture, where the model is one of images.
  var imageShape: ImageShape? { data.imageShape }
  /// The config.json in the same folder, where there is one.
  let configuration: RunConfiguration?
  /// The run that it is the last model of, where it was named by its folder.
  let directory: RunDirectory?
  /// Which data the run was trained on, where its checkpoint is in the same folder.
  let trainedData: TrainedData?
  /// The epochs that the model has been trained for, where that is known and whole.
  let epoch: Int?

  /// Reads the model of the run in the folder `run`, its best one on request, or the model in the file `run`.
  init(_ run: String, best: Bool) throws {
    let kind = try Path.kind(run)
    guard !run.isEmpty, kind != .nothing else {
      throw DataError(path: run, expected: "a run's folder or a .safetensors file", found: "no such file or folder")
    }
    if kind == .folder {
      let directory = RunDirectory(run)
      path = best ? directory.bestModel : directory.model
      guard Path.exists(path) else {
        let expected = best ? "a best.safetensors, which a run with --validation has" : "a run's model.safetensors"
        throw DataError(path: run, expected: expected, found: "none")
      }
    } else if best {
      throw ValidationError("--best: expected with a run's folder, found with the file \(run)")
    } else {
      path = run
    }
    let contents = try ModelFile.read(path)
    (model, data) = (contents.model, contents.data)
    let directory = RunDirectory(kind == .folder ? run : Path.folder(of: path))
    self.directory = kind == .folder && !best ? directory : nil
    configuration = try Self.configuration(in: directory, of: model, path: path)
    // As of the epoch, a damaged checkpoint is no reason to stop.
    trainedData = configuration == nil ? nil : try? directory.readTrainedData()
    epoch = configuration == nil ? nil : Self.epoch(of: path, in: directory)
  }

  /// A file may be copied to any folder, but beside the options of another model it is in the wrong one.
  private static func configuration(
    in directory: RunDirectory, of model: VariationalAutoencoder, path: String
  ) throws -> RunConfiguration? {
    guard Path.exists(directory.configuration) else { return nil }
    let configuration = try directory.readConfiguration()
    guard configuration.architecture == model.architecture else {
      throw DataError(
        path: path, place: "metadata",
        expected: "the model of \(directory.configuration), \(configuration.architecture)",
        found: "\(model.architecture)")
    }
    return configuration
  }

  /// A damaged checkpoint is no reason not to use a model that is whole.
  private static func epoch(of path: String, in directory: RunDirectory) -> Int? {
    guard let state = try? directory.readState() else { return nil }
    switch Path.name(of: path) {
    case "best.safetensors": return state.best?.epoch
    case "model.safetensors": return state.stepInEpoch == 0 ? state.epoch - 1 : nil
    default: return nil
    }
  }

  /// How the run showed examples to the model, or the default.
  var binarization: Binarization { configuration?.training.binarization ?? TrainingOptions().binarization }

  /// The seed of the run, or the default.
  var seed: UInt64 { configuration?.training.seed ?? TrainingOptions().seed }

  /// The shape of the pictures that it makes.
  ///
  /// - Parameter instead: What to do with a model of a table, which makes none, for the message.
  func pictureShape(instead: String = "sample and reconstruct make rows") throws -> ImageShape {
    if imageShape == nil, let coding = data.coding {
      throw DataError(
        path: path, expected: "a model of images",
        found: "one of a table of \(coding.columns.count.counted("column")); \(instead)")
    }
    if kind == .counts {
      throw DataError(
        path: path, expected: "a model of images",
        found: "one of counts; denoise says what it expects, decode what a latent decodes to")
    }
    guard let imageShape else {
      throw DataError(
        path: path, expected: "a model of images", found: "one of \(inputCount.counted("feature")) without a shape")
    }
    guard imageShape.channels == 1 || imageShape.channels == 3 else {
      throw DataError(path: path, expected: "images of 1 or 3 channels", found: "\(imageShape.channels) channels")
    }
    return imageShape
  }

  private var inputCount: Int { model.architecture.inputCount }
}
