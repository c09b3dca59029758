import VAEData
import VAETrainer

/// The pictures in the folder `images/` of a run.
public enum RunPictures {
  /// Draws those that make sense for the run's data, and returns their paths. Data that are no images get none.
  ///
  /// Throws `FileError` where one cannot be written.
  public static func write(for trainer: Trainer, to folder: String) throws -> [String] {
    guard let shape = trainer.test.imageShape, shape.channels == 1 || shape.channels == 3 else { return [] }
    let pictures = ModelPictures(trainer.model, shape: shape)
    let options = trainer.options
    var images = [
      (
        "reconstructions",
        pictures.reconstructions(
          of: trainer.test, binarization: options.binarization, seed: options.seed, rows: 4, columns: 12)
      ),
      ("samples", pictures.samples(rows: 8, columns: 12, seed: options.seed)),
    ]
    if trainer.model.architecture.latentCount == 2 { images.append(("manifold", pictures.manifold(size: 20))) }
    try Folder.create(at: folder)
    return try images.map { name, image in
      let path = "\(folder)/\(name).png"
      try image.write(to: path)
      return path
    }
  }
}
