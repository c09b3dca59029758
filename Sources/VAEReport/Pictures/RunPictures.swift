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
    let (rows, columns, side) = layout(of: shape)
    var images = [
      (
        "reconstructions",
        pictures.reconstructions(
          of: trainer.test, binarization: options.binarization, seed: options.seed, rows: rows / 2, columns: columns)
      ),
      ("samples", pictures.samples(rows: rows, columns: columns, seed: options.seed)),
    ]
    if trainer.model.architecture.latentCount == 2 { images.append(("manifold", pictures.manifold(size: side))) }
    try Folder.create(at: folder)
    return try images.map { name, image in
      let path = "\(folder)/\(name).png"
      try image.write(to: path)
      return path
    }
  }

  /// The rows and columns of a grid, and the side of a walk: 256 MB of floats at most, so that a run on large images does
  /// not end for want of memory.
  static func layout(of shape: ImageShape) -> (rows: Int, columns: Int, side: Int) {
    let most = max(2, (1 << 26) / shape.featureCount)
    let columns = min(12, most / 2)
    return (min(8, most / columns), columns, min(20, Int(Double(most).squareRoot())))
  }
}
