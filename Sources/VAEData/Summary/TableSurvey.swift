import VAEKernels

/// What is said of each column of a table.
struct TableSurvey {
  private(set) var columns: [ColumnSummary] = []

  /// - Parameters:
  ///   - examples: All rows.
  ///   - statistics: Of each column of all rows.
  ///   - coding: What training would make of the columns.
  ///   - faults: What is wrong with some, by their places.
  ///   - scaling: What training would do to numbers.
  init(
    _ examples: Dataset, _ statistics: [ColumnStatistics], _ coding: TableCoding, _ faults: [Int: DataError],
    _ scaling: TableModelling.Scaling
  ) {
    let counted = Set(
      coding.columns.indices.filter {
        ![.number, .inflated, .count].contains(coding.columns[$0].kind) && faults[$0] == nil
      })
    let usual = Dictionary(
      uniqueKeysWithValues: coding.columns.indices.filter { coding.columns[$0].kind == .inflated && faults[$0] == nil }
        .map { ($0, coding.columns[$0].levels[0]) })
    let levels = LevelCounts(examples, statistics, of: counted, usual: usual)
    let first = (0..<min(examples.count, DataSummary.shownRows)).map(examples.raw)
    columns = examples.columns.indices.map { place in
      let (source, found, coded) = (examples.columns[place], statistics[place], coding.columns[place])
      let cells = CodedColumn(ofSource: source)
      let fault = faults[place]
      let hasRange = source.texts == nil && found.count > 0
      var column = ColumnSummary(
        name: source.name, kind: Self.kind(coded, source, found, fault), missing: found.missing,
        missingShare: found.missingShare, range: hasRange ? found.lowest...found.highest : nil,
        mean: hasRange ? found.mean : nil, standardDeviation: hasRange ? found.variance.squareRoot() : nil,
        decimals: found.isWhole ? 0 : source.decimals, levelCount: Self.levelCount(source, found),
        treatment: fault == nil ? coded.treatment(scaling) : "not usable", fault: fault,
        firstCells: first.map { row in
          source.texts == nil ? DecimalText.short(row[place]) : cells.text(of: row[place])
        })
      if counted.contains(place) {
        column.levels = levels.shares(of: place).map {
          (cells.texts == nil ? DecimalText.short($0.value) : cells.text(of: $0.value), $0.share)
        }
      }
      if let value = usual[place] {
        column.usual = (DecimalText.short(value), Double(levels.count(of: place)) / Double(max(found.count, 1)))
      }
      return column
    }
  }

  /// Beyond what a reader keeps nobody knows.
  private static func levelCount(_ source: Table.Column, _ statistics: ColumnStatistics) -> Int? {
    guard let texts = source.texts else { return statistics.levels?.count }
    return texts.count < TextDictionary.largestCount ? texts.count : nil
  }

  private static func kind(
    _ coded: CodedColumn, _ source: Table.Column, _ statistics: ColumnStatistics, _ fault: DataError?
  ) -> ColumnSummary.Kind {
    if fault != nil {
      guard let texts = source.texts else { return .number }
      // More than a category may have are names, whether or not some of them come twice.
      return texts.count > TableModelling.mostLevels || texts.count >= statistics.count ? .id : .text
    }
    return ColumnSummary.Kind(coded.kind)
  }
}

/// How often each value comes of columns that have few, and the usual one of others.
struct LevelCounts {
  /// By column, the values, rising, and their rows.
  private var columns: [Int: (levels: [Float], counts: [Int])] = [:]

  init(_ examples: Dataset, _ statistics: [ColumnStatistics], of places: Set<Int>, usual: [Int: Float]) {
    columns = usual.mapValues { ([$0], [0]) }
    for (place, source) in examples.columns.enumerated() where places.contains(place) {
      if let texts = source.texts {
        guard texts.count <= TableModelling.mostLevels else { continue }
        columns[place] = (texts.indices.map { Float($0) }, Array(repeating: 0, count: texts.count))
      } else if let levels = statistics[place].levels {
        columns[place] = (levels, Array(repeating: 0, count: levels.count))
      }
    }
    if columns.isEmpty { return }
    let width = examples.rawWidth
    examples.forEachRawBlock { values, rowCount in
      for (place, found) in columns {
        let levels = found.levels
        var counts = found.counts
        columns[place] = nil
        for row in 0..<rowCount {
          if let level = Self.place(of: values[row * width + place], in: levels) { counts[level] += 1 }
        }
        columns[place] = (levels, counts)
      }
      return true
    }
  }

  private static func place(of value: Float, in levels: [Float]) -> Int? {
    var (low, high) = (0, levels.count)
    while low < high {
      let middle = (low + high) / 2
      if levels[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < levels.count && levels[low] == value ? low : nil
  }

  /// The rows with one of the values that are counted of a column.
  func count(of place: Int) -> Int { columns[place]?.counts.reduce(0, +) ?? 0 }

  /// The values of a column with their shares, the most frequent first; none where it has too many.
  func shares(of place: Int) -> [(value: Float, share: Double)] {
    guard let (levels, counts) = columns[place] else { return [] }
    let total = Double(max(counts.reduce(0, +), 1))
    return levels.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
      .map { (levels[$0], Double(counts[$0]) / total) }
  }
}
