import VAEData
import VAEKernels
import VAETrainer

/// What a model is told of rows that are not the run's own: their classes, and columns.
extension SavedModel {
  /// The same rows with their classes numbered as the model knows them. Throws `DataError` for a class that no training row
  /// had.
  func withKnownClasses(_ dataset: Dataset) throws -> Dataset {
    guard model.architecture.labelCount > 0, dataset.labels != nil else { return dataset }
    let column = configuration?.data.reading.labelColumn ?? "label"
    let known = try dataset.withClasses(data.classNames, column: column)
    try known.checkClasses(areAmong: model.architecture.labels, column: column)
    return known
  }

  /// Throws `DataError` for a row without a column that the model is told and all training rows had. Where what is unseen
  /// counts as missing, that is a warning.
  func checkConditions(of dataset: Dataset) throws {
    let dataset = dataset.told ?? dataset
    guard let coding = dataset.coding else { return }
    for missing in dataset.missingConditions(coding) {
      let name = coding.columns[missing.column].name.onOneLine
      guard dataset.takesUnknownLevels else {
        throw DataError(
          path: dataset.name, place: "row \(dataset.rowOfWhole(missing.example) + 1), column \"\(name)\"",
          expected: "a value, which the model is told and all training rows had (--unseen other goes without)",
          found: "none")
      }
      Message.warn(
        "\(dataset.name): \(missing.count.counted("row")) without a known \(name), which the model is told and all training "
          + "rows had")
    }
  }

  /// Why what the run was trained on cannot be had, where it is not there; nil where it is.
  var absenceOfTrainingData: String? {
    guard let configuration else { return "a model without a config.json beside it" }
    let data = configuration.data
    for path in [data.path, data.reading.testPath].compactMap({ $0 }) {
      if Self.comesOnce(path) { return "rows from standard input, which are gone" }
      let first = (try? PathPattern.expand(path))?.first
      if !(first.map(DataProbe.finds) ?? false) { return "no such file as \(path)" }
    }
    return nil
  }

  /// Says where the run's own data are no longer those that it was trained on: what is found of them is not of what the model
  /// knows. Without a checkpoint nobody can tell.
  func warnOfChange(in split: DataSplit) {
    guard let trainedData, !trainedData.isSame(as: split) else { return }
    Message.warnOnce(
      "\(split.train.name): no longer the data that the run was trained on; what was held out may be other rows")
  }
}
