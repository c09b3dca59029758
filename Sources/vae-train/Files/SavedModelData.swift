import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// A part of the data that a model was trained on, or of others like them.
enum DataPart: String, CaseIterable { case train, validation, test, all }

extension SavedModel {
  /// The examples of `part` that the model can take: of the run's own data, or of those at `path`.
  ///
  /// The run's own seed says which examples it held out.
  func dataset(_ part: DataPart, path: String? = nil, testFraction: Double? = nil) throws -> Dataset {
    var source = self.source(at: path)
    if let testFraction {
      try DataOptions.check(testFraction: testFraction, of: source)
      if part == .all {
        throw ValidationError("--test-fraction: expected without --set all, which holds nothing out, found both")
      }
      source.testFraction = testFraction
    }
    guard path != nil || configuration != nil else {
      throw ValidationError("--data: expected for a model without a config.json beside it, found nothing")
    }
    var dataset =
      part == .all
      ? try source.source(seed: seed, coding: data.coding, formats: DataOptions.formats).all()
      : try choose(part, from: source.load(seed: seed, coding: data.coding, formats: DataOptions.formats), source)
    if path != nil { dataset = try withKnownClasses(dataset) }
    let inputCount = model.architecture.inputCount
    guard dataset.featureCount == inputCount else {
      throw DataError(
        path: source.path ?? dataset.name, expected: "examples of \(inputCount.counted("feature")), for \(self.path)",
        found: "\(dataset.featureCount)")
    }
    try dataset.check(for: model.architecture, binarization)
    if path != nil { try checkConditions(of: dataset) }
    return dataset
  }

  /// The run's data, or others at `path` read as they were: these have a test set of their own or none, and may have no
  /// classes and names.
  private func source(at path: String?) -> RunConfiguration.Data {
    var source = configuration?.data ?? RunConfiguration.Data()
    guard let path else { return source }
    source.path = DataOptions.absolute(path)
    source.reading.testPath = nil
    source.reading.maybeWithoutLabelsAndIDs = true
    return source
  }

  /// Whether what is at `path` has no test set of its own.
  func isUndivided(_ path: String) throws -> Bool {
    try source(at: path).source(seed: seed, coding: data.coding, formats: DataOptions.formats).isDivided()
  }

  /// All rows of raw data at `path`, read as the run's were but for what `options` say otherwise.
  func rows(at path: String, _ options: ReadingOptions) throws -> Dataset {
    let source = DataSource(
      path: DataOptions.absolute(path), reading: reading(options), seed: seed, coding: data.coding,
      formats: DataOptions.formats)
    let dataset = try withKnownClasses(source.all())
    let inputCount = model.architecture.inputCount
    guard dataset.featureCount == inputCount else {
      throw DataError(
        path: path, expected: "rows of \(inputCount.counted("feature")), for \(self.path)",
        found: "\(dataset.featureCount)")
    }
    try dataset.check(for: model.architecture, binarization)
    try checkConditions(of: dataset)
    return dataset
  }

  /// How raw data are read: as the run's were, but for what `options` say otherwise, and undivided.
  private func reading(_ options: ReadingOptions) -> DataReading {
    var reading = configuration?.data.reading ?? DataReading()
    (reading.testPath, reading.splitColumn, reading.groupColumn) = (nil, nil, nil)
    reading.maybeWithoutLabelsAndIDs = options.labelColumn == nil && options.idColumn == nil
    options.apply(to: &reading)
    return reading
  }

  /// What a table at `path` is read by.
  func tableRequest(_ options: ReadingOptions) -> (TableFormat, TableRequest) {
    let reading = reading(options)
    return (reading.format, TextTableFormat.request(reading, known: data.coding))
  }

  private func choose(_ part: DataPart, from split: DataSplit, _ source: RunConfiguration.Data) throws -> Dataset {
    if part == .test { return split.test }
    let (train, validation) = try source.holdOut(from: split, seed: seed)
    if part == .train { return train }
    guard let validation else {
      throw ValidationError("--set validation: expected a run that held examples out, found one that did not")
    }
    return validation
  }
}
