import VAEData
import VAEKernels
import VAEPictures

extension SavedModel {
  /// Throws `DataError` where examples read from `path` have another shape than the model's pictures, or another number of
  /// features.
  func checkShape(of dataset: Dataset, path: String) throws {
    if let wanted = imageShape, let found = dataset.imageShape, wanted != found {
      let advice = Self.isPictureFolder(path) ? wanted.advice(toPicturesOf: found) : ""
      throw DataError(
        path: path, expected: "pictures of \(wanted), for \(self.path)\(advice)", found: dataset.shapeInWords)
    }
    let inputCount = model.architecture.inputCount
    guard dataset.featureCount == inputCount else {
      throw DataError(
        path: path, expected: "examples of \(inputCount.counted("feature")), for \(self.path)",
        found: "\(dataset.featureCount)")
    }
  }

  private static func isPictureFolder(_ path: String) -> Bool {
    (try? DataProbe(path: path)).map(PictureFolderFormat().recognizes) ?? false
  }
}
