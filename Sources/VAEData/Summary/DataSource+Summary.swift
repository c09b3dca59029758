import VAEKernels

extension DataSource {
  /// Reads the data, and says what was understood of them and what training would do with them.
  ///
  /// What stands in the way of training alone, such as a single row, or a column that no model can use, is in the summary.
  /// Throws `DataError` and `FileError` where the data cannot be read.
  public func summary() throws -> DataSummary {
    var source = self
    source.reading.keepsFaultyColumns = true
    source.reading.annotations = .all
    guard path != nil else { return Self.summary(ofDigits: try split()) }
    let contents = try source.contents()
    var warnings: [String] = []
    var split: DataSplit?
    do {
      split = try divide(contents, path ?? "")
    } catch {
      warnings.append("no model can be trained on this: \(error)")
    }
    let examples = contents.examples
    let isTestOfItsOwn = contents.test != nil && reading.testPath == nil
    var summary = DataSummary(
      path: path, format: contents.format, kind: .table,
      rowCount: examples.count + (isTestOfItsOwn ? contents.test!.count : 0), columnCount: examples.rawWidth,
      stored: contents.stored, imageShape: examples.imageShape, isBytes: examples.isPixels,
      division: division(contents, split))
    summary.remarks = contents.remarks
    summary.beside = contents.beside
    if let told = examples.toldGroups { summary.beside.append(told) }
    summary.ids = examples.ids.map { Array($0.prefix(DataSummary.shownRows)) }
    summary.classes = examples.classCounts
    if examples.columns.isEmpty {
      summary.kind = examples.imageShape != nil ? .images : examples.isSparse && examples.isOfCounts ? .counts : .table
      summary.range = examples.range()
      summary.training = split?.train
    } else {
      try reading.checkModelling(examples.columns.map(\.name), path: examples.name)
      do { try reading.checkKinds(examples.columns.map(\.name), path: examples.name) } catch {
        warnings.append("no model can be trained on this: \(error)")
      }
      let statistics = examples.columnStatistics()
      let train = split?.train ?? examples
      if split != nil, let few = TableRemarks.few(train.count) { summary.remarks.append(few) }
      var (fitted, faults) =
        coding.map { ($0, [:]) } ?? TableCoding.fitting(train, reading.modelling, allowing: split?.heldOut ?? [])
      for (place, column) in examples.columns.enumerated() {
        if let fault = contents.faults[column.name] { faults[place] = fault }
      }
      if !faults.isEmpty { fitted = fitted.without(faults.keys) }
      summary.columns = TableSurvey(examples, statistics, fitted, faults, reading.modelling.scaling).columns
      summary.range = Self.range(of: statistics)
      if contents.stored != nil, statistics.allSatisfy({ $0.isWhole && ($0.count == 0 || $0.lowest >= 0) }) {
        summary.kind = .counts
      }
      if fitted.featureCount > 0 {
        summary.training = split?.train.coded(by: fitted)
      } else {
        warnings.append("no column is left to model: all are constant, empty or not usable")
      }
      let relations = ColumnRelations(examples, leavingOut: Set(faults.keys))
      warnings += summary.columnWarnings(statistics, relations)
    }
    summary.warnings = warnings + summary.classWarnings
    return summary
  }

  private static func summary(ofDigits split: DataSplit) -> DataSummary {
    var summary = DataSummary(
      path: nil, format: split.format, kind: .images, rowCount: split.train.count + split.test.count,
      columnCount: split.train.rawWidth, imageShape: split.train.imageShape, isBytes: split.train.isPixels,
      division: .init(train: split.train.count, test: split.test.count, validation: 0, words: "drawn apart"))
    (summary.range, summary.training) = (split.train.range(), split.train)
    summary.classes = split.train.classCounts
    return summary
  }

  private func division(_ contents: DataContents, _ split: DataSplit?) -> DataSummary.Division {
    let percent = "\((testFraction * 1000).rounded() / 10)".replacing(".0", with: "")
    let words: String
    if let path = reading.testPath {
      words = path
    } else if contents.test != nil {
      words = "a test set of their own"
    } else if contents.parts != nil, let column = reading.splitColumn {
      words = "by the column \(column.onOneLine)"
    } else if contents.groups != nil, let column = reading.groupColumn {
      let rows = split.map { ($0.test.count, $0.test.count + $0.train.count) } ?? (0, 1)
      let share = DataSummary.percent(Double(rows.0) / Double(rows.1))
      words = "\(share) in whole groups of \(column.onOneLine), for \(percent) %"
    } else {
      words = reading.isStratified ? "\(percent) % of every class, at random" : "\(percent) % at random"
    }
    return .init(
      train: split?.train.count ?? 0, test: split?.test.count ?? 0, validation: split?.validation?.count ?? 0,
      words: words)
  }

  private static func range(of statistics: [ColumnStatistics]) -> ClosedRange<Float>? {
    let known = statistics.filter { $0.count > 0 }
    guard let lowest = known.map(\.lowest).min(), let highest = known.map(\.highest).max() else { return nil }
    return lowest...highest
  }
}

extension DataSummary {
  /// So many rows are shown.
  static let shownRows = 4
}

extension TableCoding {
  /// The same with these columns constant.
  func without(_ places: some Collection<Int>) -> TableCoding {
    let places = Set(places)
    return TableCoding(
      columns: columns.indices.map { places.contains($0) ? CodedColumn(ofSource: columns[$0].source) : columns[$0] })
  }
}

extension Dataset {
  /// Whether its numbers are bytes that stand for byte / 255.
  var isPixels: Bool {
    switch storage {
    case .bytes: true
    case .floats, .compressed: false
    case .file(let rows): rows.isPixels
    }
  }

  /// The least and the greatest of all numbers, bytes as they are stored; nil where there is none.
  func range() -> ClosedRange<Float>? {
    let (lowest, highest) = (survey().lowest, survey().highest)
    let scale: Float = isPixels ? 255 : 1
    return lowest <= highest
      ? (lowest * scale).rounded(toPixels: isPixels)...(highest * scale).rounded(toPixels: isPixels) : nil
  }

  /// What a model is told by categories, with the rows of each.
  fileprivate var toldGroups: DataSummary.Beside? {
    let words = (told?.columns ?? []).compactMap { column -> String? in
      guard let codes = annotation(column.name)?.codes, let texts = column.texts else { return nil }
      var counts = [Int](repeating: 0, count: texts.count)
      for code in codes { if let code { counts[code] += 1 } }
      let none = codes.count { $0 == nil }
      let groups = zip(texts, counts).map { "\($0.onOneLine) (\($1))" } + (none > 0 ? ["none (\(none))"] : [])
      return "\(column.name.onOneLine): \(groups.joined(separator: ", "))"
    }
    return words.isEmpty ? nil : .init("told", words)
  }

  /// The classes that there are rows of, with their rows.
  var classCounts: [(name: String, count: Int)] {
    guard let labels else { return [] }
    var counts = [Int](repeating: 0, count: 256)
    labels.withUnsafeBufferPointer { for label in $0 { counts[Int(label)] += 1 } }
    return counts.indices.filter { counts[$0] > 0 }.map { (classNames?[$0] ?? "\($0)", counts[$0]) }
  }
}

extension Float {
  fileprivate func rounded(toPixels: Bool) -> Float { toPixels ? rounded() : self }
}
