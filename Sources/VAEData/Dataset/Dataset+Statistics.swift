import VAEKernels

/// Averages over a data set, as the model sees it, and what is out of place.
extension Dataset {
  /// The mean of each feature over the examples that have it, as the model is to reconstruct them (bytes / 255); 0 where
  /// there are none. Where there are more examples than `most`, it is that of about as many, in blocks that are evenly
  /// spaced.
  public func mean(atMost most: Int = .max) -> [Float] {
    if let mean = found.mean { return mean }
    if case .compressed(let stored) = storage { return moments(of: stored, atMost: most).mean }
    let mean = averageOfColumns(atMost: most) { rows, _, sums in
      VectorMath.active.sumColumns(rows, into: sums, accumulating: false)
    }
    if count <= most { found.mean = mean }
    return mean
  }

  /// The variance of each feature over the examples that have it, or some of them as of `mean`; 0 where there are none.
  public func variance(atMost most: Int = .max) -> [Float] {
    if case .compressed(let stored) = storage { return moments(of: stored, atMost: most).variance }
    let center = AlignedBuffer(count: featureCount)
    let mean = Matrix(center.base, rows: 1, columns: featureCount)
    mean.setElements(self.mean(atMost: most))
    return averageOfColumns(atMost: most) { rows, mask, sums in
      // What is missing is 0, and would count as far from the mean.
      if let mask {
        for row in 0..<rows.rows {
          for column in 0..<rows.columns where mask[row, column] == 0 { rows[row, column] = mean[0, column] }
        }
      }
      VectorMath.active.sumSquaredDeviations(rows, from: mean, into: sums)
    }
  }

  /// Mean and variance of each column of sparse rows.
  func moments(of stored: CompressedRows, atMost most: Int = .max) -> (mean: [Float], variance: [Float]) {
    var sums = [Double](repeating: 0, count: featureCount)
    var squares = sums
    let used = min(count, most)
    for index in 0..<used {
      stored.withRow(row(of: index * count / used)) { columns, values in
        for entry in 0..<columns.count {
          let value = Double(values[entry])
          sums[Int(columns[entry])] += value
          squares[Int(columns[entry])] += value * value
        }
      }
    }
    let mean = sums.map { $0 / Double(max(used, 1)) }
    return (
      mean.map { Float($0) },
      zip(squares, mean).map { Float(max(0, $0 / Double(max(used, 1)) - $1 * $1)) }
    )
  }

  /// Sums of columns over all examples, by the number of those that have the feature: a block of rows at a time by `sum`, 16
  /// MB at most, and in double precision from block to block.
  private func averageOfColumns(
    atMost most: Int, _ sum: (_ rows: Matrix, _ mask: Matrix?, _ sums: Matrix) -> Void
  ) -> [Float] {
    let blockRows = min(256, max(1, (1 << 22) / featureCount))
    let block = ExampleBlock(self, rows: blockRows)
    let partial = AlignedBuffer(count: featureCount)
    var totals = [Double](repeating: 0, count: featureCount)
    var counts = [Double](repeating: 0, count: featureCount)
    let blockCount = (count + blockRows - 1) / blockRows
    let usedCount = min(blockCount, max(most / blockRows, 1))
    var rowCount = 0
    for index in 0..<usedCount {
      let start = index * blockCount / usedCount * blockRows
      let minibatch = block.fill(start..<min(start + blockRows, count))
      rowCount += minibatch.target.rows
      sum(minibatch.target, minibatch.mask, Matrix(partial.base, rows: 1, columns: featureCount))
      for feature in 0..<featureCount { totals[feature] += Double(partial.base[feature]) }
      if let mask = minibatch.mask {
        VectorMath.active.sumColumns(
          mask, into: Matrix(partial.base, rows: 1, columns: featureCount), accumulating: false)
        for feature in 0..<featureCount { counts[feature] += Double(partial.base[feature]) }
      }
    }
    return totals.indices.map { Float(totals[$0] / max(hasMissing ? counts[$0] : Double(rowCount), 1)) }
  }

  /// Whether all numbers lie within `range`; NaN lies nowhere. Of data without a coding.
  public func lies(within range: ClosedRange<Float>) -> Bool {
    if isPixels && range.contains(0) && range.contains(1) { return true }
    return found.surveys.contains { $0.lies(within: range) } || survey().lies(within: range)
  }

  /// The first number that lies outside `range` or is NaN, with its place; nil where all lie within. Of data without a
  /// coding: for a coding see `firstUnknownValue`.
  ///
  /// A Bernoulli likelihood needs numbers from 0 to 1; its formulas would take others without complaint.
  public func firstValue(outside range: ClosedRange<Float>) -> (example: Int, feature: Int, value: Float)? {
    if lies(within: range) { return nil }
    var found: (Int, Int, Float)?
    var first = 0
    forEachRawBlock { values, rowCount in
      if let index = (0..<rowCount * rawWidth).first(where: { !range.contains(values[$0]) }) {
        found = (first + index / rawWidth, index % rawWidth, values[index])
      }
      first += rowCount
      return found == nil
    }
    return found
  }
}

/// Room for some examples as a model is shown them, for passes over a data set that need no model.
final class ExampleBlock {
  private let dataset: Dataset
  private let buffer: AlignedBuffer
  private let minibatch: Minibatch

  init(_ dataset: Dataset, rows: Int) {
    self.dataset = dataset
    let features = dataset.featureCount
    let side = dataset.sideInputs
    let matrices = 1 + (side.contains(.target) ? 1 : 0) + (side.contains(.mask) ? 1 : 0)
    buffer = AlignedBuffer(count: matrices * rows * features)
    var next = buffer.base
    func matrix() -> Matrix {
      defer { next += rows * features }
      return Matrix(next, rows: rows, columns: features)
    }
    let input = matrix()
    minibatch = Minibatch(
      input: input, target: side.contains(.target) ? matrix() : input, mask: side.contains(.mask) ? matrix() : nil)
  }

  /// Those examples, as they are: without binarisation.
  func fill(_ examples: Range<Int>) -> Minibatch {
    let minibatch = minibatch.rows(0..<examples.count)
    examples.map { UInt32($0) }.withUnsafeBufferPointer {
      dataset.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: minibatch)
    }
    return minibatch
  }
}
