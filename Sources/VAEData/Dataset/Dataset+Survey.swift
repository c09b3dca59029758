import VAEKernels

/// What all numbers are like as they are stored, found by one pass over them.
extension Dataset {
  /// What the numbers of each column are like.
  public func columnStatistics() -> [ColumnStatistics] {
    let survey = survey()
    return survey.columns.isEmpty ? surveyed(columnCount: rawWidth).columns : survey.columns
  }

  /// What a pass over all numbers finds, which is made once.
  func survey() -> RawSurvey {
    if let survey = found.survey { return survey }
    let survey = surveyed(columnCount: columns.count)
    found.survey = survey
    return survey
  }

  private func surveyed(columnCount: Int) -> RawSurvey {
    var survey = RawSurvey(columnCount: columnCount)
    if case .compressed(let stored) = storage, columnCount == 0 {
      // What is not stored is 0.
      var zero: Float = 0
      survey.add(&zero, count: 1, width: 1)
      for example in 0..<count {
        stored.withRow(row(of: example)) { survey.add($1.baseAddress!, count: 1, width: $1.count) }
      }
      return survey
    }
    forEachRawBlock { values, rowCount in
      survey.add(values, count: rowCount, width: rawWidth)
      return true
    }
    return survey
  }

  /// Surveys several parts of one file in one pass over it: their rows lie between each other's, so that a pass for each would
  /// read the whole file each time. Nothing is done about parts that are in memory, or that are little of their file.
  static func survey(_ parts: [Dataset]) {
    let parts = parts.filter { $0.found.survey == nil && !$0.isPixels }
    guard parts.count > 1, let first = parts.first, case .file(let file) = first.storage,
      parts.allSatisfy({ $0.storage.isSame(file: file) && $0.hasRisingRows }),
      parts.reduce(0, { $0 + $1.count }) >= file.count / 2
    else { return }
    var surveys = parts.map { RawSurvey(columnCount: $0.columns.count) }
    var next = parts.map { _ in 0 }
    let width = file.width
    let rowsAtOnce = max(1, (1 << 20) / width)
    let block = AlignedBuffer(count: min(rowsAtOnce, file.count) * width)
    for start in stride(from: 0, to: file.count, by: rowsAtOnce) {
      let end = min(start + rowsAtOnce, file.count)
      file.read(start..<end, into: block.base)
      for (index, part) in parts.enumerated() {
        while next[index] < part.count, case let row = part.row(of: next[index]), row < end {
          // As many rows as follow each other.
          var run = 1
          while next[index] + run < part.count, row + run < end, part.row(of: next[index] + run) == row + run {
            run += 1
          }
          surveys[index].add(block.base + (row - start) * width, count: run, width: width)
          next[index] += run
        }
      }
    }
    for (part, survey) in zip(parts, surveys) { part.found.survey = survey }
  }

  /// Whether its examples are in the order of the storage's rows, none of them twice.
  private var hasRisingRows: Bool {
    guard let rows else { return true }
    return rows.withUnsafeBufferPointer { rows in
      var index = 1
      while index < rows.count, rows[index - 1] < rows[index] { index += 1 }
      return index >= rows.count
    }
  }

  /// Whether some numbers are further out under `coding` than an encoder is shown.
  func hasFarNumbers(_ coding: TableCoding) -> Bool {
    let statistics = columnStatistics()
    return coding.columns.indices.contains { coding.isFar(statistics[$0], column: $0) }
  }

  /// Whether a column that `coding` makes features of is missing somewhere, or has a value that none of them is.
  func hasMissing(_ coding: TableCoding) -> Bool {
    let modelled = coding.columns.indices.filter { coding.columns[$0].width > 0 }
    let statistics = columnStatistics()
    if modelled.contains(where: { statistics[$0].missing > 0 }) { return true }
    let undecided = modelled.filter { statistics[$0].areKnown(to: coding, column: $0) != true }
    if undecided.isEmpty { return false }
    var found = false
    forEachRawBlock { values, rowCount in
      for row in 0..<rowCount {
        for column in undecided where !coding.knows(values[row * rawWidth + column], column: column) { found = true }
      }
      return !found
    }
    return found
  }

  /// Whether an example has nothing in each raw column: false of a value that its coding does not know and that counts as
  /// missing (`takesUnknownLevels`), which is there all the same.
  package func isEmpty(_ example: Int) -> [Bool] {
    raw(example).map { $0.isNaN && $0.bitPattern != UnknownText.mark.bitPattern }
  }

  /// The examples of which a column that `coding` makes features of is missing; only such columns as no training row was
  /// without, where they are `unexpected`.
  public func rowsWithMissing(_ coding: TableCoding, unexpected: Bool = false) -> [Int] {
    let modelled = coding.columns.indices.filter {
      coding.features(ofColumn: $0) != nil && !(unexpected && coding.columns[$0].mayBeMissing)
    }
    guard hasMissing || !unexpected, !modelled.isEmpty else { return [] }
    var rows: [Int] = []
    var first = 0
    forEachRawBlock { values, rowCount in
      for row in 0..<rowCount {
        let isWhole = modelled.allSatisfy {
          let value = values[row * rawWidth + $0]
          return !value.isNaN && coding.knows(value, column: $0)
        }
        if !isWhole { rows.append(first + row) }
      }
      first += rowCount
      return true
    }
    return rows
  }

  /// The first value that a column cannot have under `coding`, with its place; nil where there is none. Where the data set
  /// takes unknown levels for missing ones, they are none of them.
  public func firstUnknownValue(_ coding: TableCoding) -> (example: Int, column: Int, value: Float)? {
    let places = coding.columns.indices.filter {
      !takesUnknownLevels || coding.columns[$0].kind != .yesNo && coding.columns[$0].kind != .category
    }
    func areKnown(_ statistics: [ColumnStatistics]) -> Bool {
      !statistics.isEmpty && places.allSatisfy { statistics[$0].areKnown(to: coding, column: $0) == true }
    }
    if self.found.surveys.contains(where: { areKnown($0.columns) }) || areKnown(columnStatistics()) { return nil }
    var found: (Int, Int, Float)?
    var first = 0
    forEachRawBlock { values, rowCount in
      for row in 0..<rowCount where found == nil {
        for column in places where found == nil {
          let value = values[row * rawWidth + column]
          if !coding.knows(value, column: column) { found = (first + row, column, value) }
        }
      }
      first += rowCount
      return found == nil
    }
    return found
  }
}

extension Dataset.Storage {
  /// Whether it is the rows of this very file.
  fileprivate func isSame(file: FileRows) -> Bool {
    if case .file(let own) = self { return own === file }
    return false
  }
}
