import VAEKernels

/// The numbers as they are stored, before a coding makes features of them.
extension Dataset {
  /// Copies the raw rows of consecutive examples; bytes as byte / 255.
  func copyRaw(_ examples: Range<Int>, into output: UnsafeMutablePointer<Float>) {
    let math = VectorMath.active
    if rows == nil, case .file(let file) = storage { return file.read(examples, into: output) }
    var output = output
    for example in examples {
      let row = row(of: example)
      switch storage {
      case .bytes(let bytes):
        bytes.withUnsafeBufferPointer {
          math.floats(from: $0.baseAddress! + row * rawWidth, count: rawWidth, into: output)
        }
      case .floats(let values):
        values.withUnsafeBufferPointer { output.update(from: $0.baseAddress! + row * rawWidth, count: rawWidth) }
      case .file(let file):
        file.read(row..<row + 1, into: output)
      }
      output += rawWidth
    }
  }

  /// The raw row of an example, a number for each of a table's columns.
  public func raw(_ example: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: rawWidth) { buffer, count in
      copyRaw(example..<example + 1, into: buffer.baseAddress!)
      count = rawWidth
    }
  }

  /// The raw rows of all examples, one after another.
  package var allNumbers: [Float] { rawSample(atMost: count) }

  /// The raw rows of at most `most` examples, evenly spaced, one after another.
  func rawSample(atMost most: Int) -> [Float] {
    let sampled = min(count, most)
    return [Float](unsafeUninitializedCapacity: sampled * rawWidth) { buffer, initialized in
      for index in 0..<sampled {
        let example = index * count / sampled
        copyRaw(example..<example + 1, into: buffer.baseAddress! + index * rawWidth)
      }
      initialized = sampled * rawWidth
    }
  }

  /// What the numbers of each column are like.
  public func columnStatistics() -> [ColumnStatistics] {
    var statistics = [ColumnStatistics](repeating: ColumnStatistics(), count: rawWidth)
    forEachRawBlock { values, rowCount in
      statistics.withUnsafeMutableBufferPointer { statistics in
        for row in 0..<rowCount {
          for column in 0..<rawWidth { statistics[column].add(values[row * rawWidth + column]) }
        }
      }
    }
    return statistics
  }

  /// Whether a column that `coding` makes features of is missing somewhere, or has a value that none of them is.
  func hasMissing(_ coding: TableCoding) -> Bool {
    let modelled = coding.columns.indices.filter { coding.columns[$0].width > 0 }
    var found = false
    forEachRawBlock { values, rowCount in
      if found { return }
      for row in 0..<rowCount {
        for column in modelled {
          let value = values[row * rawWidth + column]
          if value.isNaN || !coding.knows(value, column: column) { found = true }
        }
      }
    }
    return found
  }

  /// The examples of which a column that `coding` makes features of is missing.
  public func rowsWithMissing(_ coding: TableCoding) -> [Int] {
    let modelled = coding.columns.indices.filter { coding.features(ofColumn: $0) != nil }
    var rows: [Int] = []
    var first = 0
    forEachRawBlock { values, rowCount in
      defer { first += rowCount }
      for row in 0..<rowCount {
        let isWhole = modelled.allSatisfy {
          let value = values[row * rawWidth + $0]
          return !value.isNaN && coding.knows(value, column: $0)
        }
        if !isWhole { rows.append(first + row) }
      }
    }
    return rows
  }

  /// The first value that a column cannot have under `coding`, with its place; nil where there is none. Where the data set
  /// takes unknown levels for missing ones, they are none of them.
  public func firstUnknownValue(_ coding: TableCoding) -> (example: Int, column: Int, value: Float)? {
    var found: (Int, Int, Float)?
    var first = 0
    forEachRawBlock { values, rowCount in
      defer { first += rowCount }
      if found != nil { return }
      for row in 0..<rowCount {
        for column in 0..<rawWidth where !coding.knows(values[row * rawWidth + column], column: column) {
          if takesUnknownLevels, coding.columns[column].kind == .yesNo || coding.columns[column].kind == .category {
            continue
          }
          found = found ?? (first + row, column, values[row * rawWidth + column])
        }
      }
    }
    return found
  }

  /// Calls `body` with the raw rows of all examples, some at a time, 4 MB at most but for a single row.
  func forEachRawBlock(_ body: (_ values: UnsafePointer<Float>, _ rowCount: Int) -> Void) {
    let blockRows = min(max(count, 1), max(1, (1 << 20) / rawWidth))
    let block = AlignedBuffer(count: blockRows * rawWidth)
    for start in stride(from: 0, to: count, by: blockRows) {
      let examples = start..<min(start + blockRows, count)
      copyRaw(examples, into: block.base)
      body(block.base, examples.count)
    }
  }
}
