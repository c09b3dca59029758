import VAEKernels

/// Averages over a data set, as the model sees it, and what is out of place.
extension Dataset {
  /// The mean of each feature over the examples that have it, as the model is to reconstruct them (bytes / 255); 0 where
  /// there are none.
  public func mean() -> [Float] {
    averageOfColumns { rows, _, sums in VectorMath.active.sumColumns(rows, into: sums, accumulating: false) }
  }

  /// The variance of each feature over the examples that have it; 0 where there are none.
  public func variance() -> [Float] {
    let center = AlignedBuffer(count: featureCount)
    let mean = Matrix(center.base, rows: 1, columns: featureCount)
    mean.setElements(self.mean())
    return averageOfColumns { rows, mask, sums in
      // What is missing is 0, and would count as far from the mean.
      if let mask {
        for row in 0..<rows.rows {
          for column in 0..<rows.columns where mask[row, column] == 0 { rows[row, column] = mean[0, column] }
        }
      }
      VectorMath.active.sumSquaredDeviations(rows, from: mean, into: sums)
    }
  }

  /// Sums of columns over all examples, by the number of those that have the feature: a block of rows at a time by `sum`, 16
  /// MB at most, and in double precision from block to block.
  private func averageOfColumns(_ sum: (_ rows: Matrix, _ mask: Matrix?, _ sums: Matrix) -> Void) -> [Float] {
    let blockRows = min(256, max(1, (1 << 22) / featureCount))
    let block = ExampleBlock(self, rows: blockRows)
    let partial = AlignedBuffer(count: featureCount)
    var totals = [Double](repeating: 0, count: featureCount)
    var counts = [Double](repeating: 0, count: featureCount)
    for start in stride(from: 0, to: count, by: blockRows) {
      let minibatch = block.fill(start..<min(start + blockRows, count))
      sum(minibatch.target, minibatch.mask, Matrix(partial.base, rows: 1, columns: featureCount))
      for feature in 0..<featureCount { totals[feature] += Double(partial.base[feature]) }
      if let mask = minibatch.mask {
        VectorMath.active.sumColumns(
          mask, into: Matrix(partial.base, rows: 1, columns: featureCount), accumulating: false)
        for feature in 0..<featureCount { counts[feature] += Double(partial.base[feature]) }
      }
    }
    return totals.indices.map { Float(totals[$0] / max(hasMissing ? counts[$0] : Double(count), 1)) }
  }

  /// The first number that lies outside `range` or is NaN, with its place; nil where all lie within. Of data without a
  /// coding: for a coding see `firstUnknownValue`.
  ///
  /// A Bernoulli likelihood needs numbers from 0 to 1; its formulas would take others without complaint.
  public func firstValue(outside range: ClosedRange<Float>) -> (example: Int, feature: Int, value: Float)? {
    if case .bytes = storage, range.contains(0) && range.contains(1) { return nil }
    var found: (Int, Int, Float)?
    var first = 0
    forEachRawBlock { values, rowCount in
      defer { first += rowCount }
      if found != nil { return }
      if let index = (0..<rowCount * rawWidth).first(where: { !range.contains(values[$0]) }) {
        found = (first + index / rawWidth, index % rawWidth, values[index])
      }
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
