import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// A part of the data that a model was trained on, or of others like them.
enum DataPart: String, CaseIterable { case train, validation, test, all }

extension SavedModel {
  /// The examples of `part` that the model can take: of the run's own data, or of those at `path`, read as `adjust` has it.
  ///
  /// The run's own seed says which examples it held out.
  func dataset(
    _ part: DataPart, path: String? = nil, testFraction: Double? = nil,
    annotations: DataReading.Annotations = .none, reading adjust: (inout DataReading) throws -> Void = { _ in }
  ) throws -> Dataset {
    var source = try self.source(part, at: path, reading: adjust)
    source.reading.annotations = annotations
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
    guard path != nil || !(source.path.map(Self.comesOnce) ?? false) else {
      throw ValidationError(
        "--data: expected for a run whose data came from standard input, which is read once, found nothing")
    }
    var dataset: Dataset
    var remarks: [String] = []
    if part == .all {
      dataset = try source.source(seed: seed, known: data, formats: DataOptions.formats).all { remarks.append($0) }
    } else {
      let split = try source.load(seed: seed, known: data, formats: DataOptions.formats)
      if path == nil, testFraction == nil { warnOfChange(in: split) }
      remarks = split.remarks
      dataset = try choose(part, from: split, source)
    }
    if path != nil { dataset = try withKnownClasses(dataset) }
    try checkShape(of: dataset, path: source.path ?? dataset.name)
    try dataset.check(for: model.architecture, binarization)
    if path != nil {
      try checkConditions(of: dataset)
      for remark in remarks { Message.warn(remark) }
    }
    if let path, dataset.labels == nil, source.reading.pictures.labelTable == nil, Self.isPictureFolder(path),
      let table = configuration?.data.reading.pictures.labelTable
    {
      Message.warn(
        "\(dataset.name): read without classes: those of the run's own pictures are in \(table), and --label-table names the "
          + "table for these")
    }
    return dataset
  }

  /// Whether a path that a run has kept is one of standard input, or of what a shell's `<(command)` was.
  static func comesOnce(_ path: String) -> Bool {
    ["-", "/dev/stdin"].contains(path) || ["/dev/fd/", "/proc/self/fd/"].contains(where: path.hasPrefix)
  }

  /// The run's data, or others at `path` read as they were but for what `adjust` does: these have a test set of their own
  /// or none, and may have no classes and names.
  private func source(
    _ part: DataPart, at path: String?, reading adjust: (inout DataReading) throws -> Void
  ) throws -> RunConfiguration.Data {
    var source = configuration?.data ?? RunConfiguration.Data()
    guard let path else { return source }
    source.path = DataOptions.absolute(path)
    source.reading.testPath = nil
    // Of all rows nothing is held out, so that no column has to say what.
    if part == .all { (source.reading.splitColumn, source.reading.groupColumn) = (nil, nil) }
    (source.reading.maybeWithoutLabels, source.reading.maybeWithoutIDs) = (true, true)
    try adjust(&source.reading)
    source.reading.pictures.takeChannels(of: imageShape)
    return source
  }

  /// Whether what is at `path`, read as `adjust` has it, has no test set of its own.
  func isUndivided(_ path: String, reading adjust: (inout DataReading) throws -> Void) throws -> Bool {
    try source(.test, at: path, reading: adjust)
      .source(seed: seed, known: data, formats: DataOptions.formats).isDivided()
  }

  /// All rows of raw data at `path`, read as the run's were but for what `options` say otherwise.
  func rows(at path: String, _ options: NewDataOptions) throws -> Dataset {
    let source = DataSource(
      path: DataOptions.absolute(path), reading: reading(options), seed: seed, known: data,
      formats: DataOptions.formats)
    try HeededOptions.check(options.given, of: source)
    let dataset = try withKnownClasses(source.all { Message.warn($0) })
    try checkShape(of: dataset, path: path)
    try dataset.check(for: model.architecture, binarization)
    try checkConditions(of: dataset)
    return dataset
  }

  /// How raw data are read: as the run's were, but for what `options` say otherwise, and undivided.
  private func reading(_ options: NewDataOptions) -> DataReading {
    var reading = configuration?.data.reading ?? DataReading()
    (reading.testPath, reading.splitColumn, reading.groupColumn) = (nil, nil, nil)
    options.apply(to: &reading)
    reading.pictures.takeChannels(of: imageShape)
    return reading
  }

  /// What a table at `path` is read by.
  func tableRequest(_ options: NewDataOptions) -> (TableFormat, TableRequest) {
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
