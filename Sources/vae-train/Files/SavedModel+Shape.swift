import VAEData
import VAEKernels
import VAEPictures

extension SavedModel {
  /// What its examples are.
  var kind: ModelKind {
    if data.coding != nil { return .table }
    if imageShape != nil { return .pictures }
    return model.architecture.likelihood.sideInputs.contains(.exposure) ? .counts : .vectors
  }

  /// Throws `DataError` where examples read from `path` are a table and the model's were none, or the other way round, and where
  /// they have another shape than the model's pictures, or another number of features.
  func checkShape(of dataset: Dataset, path: String) throws {
    if let coding = data.coding, dataset.coding == nil {
      throw DataError(
        path: path, expected: "a table of \(coding.columns.count.counted("column")), for \(self.path)",
        found: dataset.shapeInWords)
    }
    if data.coding == nil, dataset.coding != nil {
      // What its columns would be, other rows of it would decide otherwise.
      throw DataError(
        path: path, expected: "\(kind.examples), for \(self.path)",
        found: "a table of \(dataset.columns.count.counted("column"))")
    }
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

  static func isPictureFolder(_ path: String) -> Bool {
    // A pipe is not to be opened once more.
    guard case .folder? = try? Path.kind(path), let probe = try? DataProbe(path: path) else { return false }
    return PictureFolderFormat().recognizes(probe)
  }
}
