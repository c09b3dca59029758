import VAEData
import VAEKernels

extension ReportData {
  /// Across a grid of pictures.
  private static let mostPixels = 1024

  /// Grids of what a model of images makes; none of other data.
  static func pictures(_ run: RunContents) -> [Picture] {
    guard let model = run.model, let shape = run.data.imageShape, shape.channels == 1 || shape.channels == 3 else {
      return []
    }
    let drawn = ModelPictures(model, shape: shape)
    let layout = RunPictures.layout(of: shape)
    // Large pictures are fewer, so that a grid of them is no wider than a page shows it.
    let (rows, columns) = (layout.rows, min(layout.columns, max(1, mostPixels / shape.width)))
    var images: [(String, PNGImage, String)] = []
    if let test = run.test, test.count > 0 {
      images.append(
        (
          "Reconstructions",
          drawn.reconstructions(
            of: test, binarization: run.binarization, seed: run.seed, rows: max(1, rows / 4), columns: columns),
          "Test examples, below each what the model makes of its posterior mean, and what is different"
            + (shape.channels == 1 ? ": blue where the reconstruction is brighter, red where it is darker." : ".")
        ))
    }
    images.append(
      (
        "Samples", drawn.samples(rows: max(1, rows / 2), columns: columns, seed: run.seed),
        run.hasDivergence
          ? "What draws from the prior, N(0, I), decode to."
          : "What draws from N(0, I) decode to: an autoencoder's code has no reason to be of that distribution."
      ))
    return images.compactMap { title, image, note in
      (try? image.encoded()).map {
        Picture(title: title, source: "data:image/png;base64,\(PackedNumbers.base64($0))", note: note)
      }
    }
  }
}
