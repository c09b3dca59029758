import VAEKernels

/// The numbers as they are stored, before a coding makes features of them.
extension Dataset {
  /// Copies the raw rows of consecutive examples; bytes as byte / 255.
  func copyRaw(_ examples: Range<Int>, into output: UnsafeMutablePointer<Float>) {
    let math = VectorMath.active
    switch storage {
    case .bytes(let bytes):
      bytes.withUnsafeBufferPointer { bytes in
        for (index, example) in examples.enumerated() {
          math.floats(
            from: bytes.baseAddress! + row(of: example) * rawWidth, count: rawWidth, into: output + index * rawWidth)
        }
      }
    case .floats(let values):
      values.withUnsafeBufferPointer { values in
        for (index, example) in examples.enumerated() {
          (output + index * rawWidth).update(
            from: values.baseAddress! + row(of: example) * rawWidth, count: rawWidth)
        }
      }
    case .compressed(let stored):
      for (index, example) in examples.enumerated() {
        stored.writeDense(row: row(of: example), into: output + index * rawWidth)
      }
    case .file(let file):
      file.forEachRun(of: examples.count, row: { row(of: examples.lowerBound + $0) }) { places, first in
        file.read(first..<first + places.count, into: output + places.lowerBound * rawWidth)
      }
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

  /// Calls `body` with each of some raw columns, of at most `most` examples that are evenly spaced.
  ///
  /// 64 MB of them are in memory at a time, so that wide rows in a file are read several times, from the cache of the system
  /// as a rule.
  func forEachSampledColumn(
    _ columns: [Int], atMost most: Int, _ body: (_ column: Int, _ values: UnsafeBufferPointer<Float>) -> Void
  ) {
    let sampled = min(count, most)
    let columnsAtOnce = max(1, (1 << 24) / max(sampled, 1))
    let room = AlignedBuffer(count: max(1, min(columnsAtOnce, columns.count) * sampled))
    let row = AlignedBuffer(count: rawWidth)
    for start in stride(from: 0, to: columns.count, by: columnsAtOnce) {
      let group = columns[start..<min(start + columnsAtOnce, columns.count)]
      let ahead = ReadAhead(self)
      for index in 0..<sampled {
        ahead.advance(to: index..<index + 1, of: sampled) { $0 * count / sampled }
        withRaw(index * count / sampled, room: row.base) { raw in
          for (place, column) in group.enumerated() { room.base[place * sampled + index] = raw[column] }
        }
      }
      for (place, column) in group.enumerated() {
        body(column, UnsafeBufferPointer(start: room.base + place * sampled, count: sampled))
      }
    }
  }

  /// Calls `body` with the raw row of an example: where it is, or in `room`.
  private func withRaw(_ example: Int, room: UnsafeMutablePointer<Float>, _ body: (UnsafePointer<Float>) -> Void) {
    if case .floats(let values) = storage {
      return values.withUnsafeBufferPointer { body($0.baseAddress! + row(of: example) * rawWidth) }
    }
    copyRaw(example..<example + 1, into: room)
    body(room)
  }

  /// Calls `body` with the raw rows of all examples, some at a time, 4 MB at most but for a single row, until it returns
  /// false.
  func forEachRawBlock(_ body: (_ values: UnsafePointer<Float>, _ rowCount: Int) -> Bool) {
    let blockRows = min(max(count, 1), max(1, (1 << 20) / rawWidth))
    let block = AlignedBuffer(count: blockRows * rawWidth)
    for start in stride(from: 0, to: count, by: blockRows) {
      let examples = start..<min(start + blockRows, count)
      copyRaw(examples, into: block.base)
      guard body(block.base, examples.count) else { return }
    }
  }
}
