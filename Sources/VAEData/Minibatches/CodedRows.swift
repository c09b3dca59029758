import VAEKernels

/// The rows of a table as features, made once where they are few and not anew in every epoch: for a small model it takes a
/// fifth of a step to make them.
final class CodedRows: Sendable {
  /// The bytes beyond which they are made anew.
  static let mostBytes = 64 << 20
  /// Owns what `rows` looks at.
  private let buffer: AlignedBuffer
  /// All that `TableCoding.write` writes of every row; a row's numbers stand side by side.
  private let rows: Minibatch

  /// Nil where they would take more than `mostBytes`.
  init?(_ dataset: Dataset, _ coding: TableCoding) {
    let hasTarget = dataset.sideInputs.contains(.target)
    let features = coding.featureCount
    let widths = [
      features, hasTarget ? features : 0, features, coding.indicatorCount, coding.conditionCount, 1,
    ]
    let width = widths.reduce(0, +)
    guard dataset.count * width <= Self.mostBytes / MemoryLayout<Float>.size else { return nil }
    let buffer = AlignedBuffer(count: max(dataset.count * width, 1))
    var next = buffer.base
    func matrix(_ columns: Int) -> Matrix? {
      defer { next += columns }
      return columns == 0 ? nil : Matrix(next, rows: dataset.count, columns: columns, stride: width)
    }
    let parts = widths.map(matrix)
    let rows = Minibatch(
      input: parts[0]!, target: parts[1], mask: parts[2], offset: parts[5], indicators: parts[3],
      covariates: parts[4])
    var first = 0
    dataset.forEachRawBlock { raw, count in
      for row in 0..<count { coding.write(raw + row * dataset.rawWidth, row: first + row, of: rows) }
      first += count
      return true
    }
    (self.buffer, self.rows) = (buffer, rows)
  }

  /// Writes what `TableCoding.write` would: that of row `example` to row `row` of a minibatch. Allocates nothing.
  @inline(__always)
  func write(_ example: Int, row: Int, of minibatch: Minibatch) {
    Self.copy(rows.input, example, to: minibatch.input, row)
    if minibatch.target.base != minibatch.input.base { Self.copy(rows.target, example, to: minibatch.target, row) }
    if let mask = minibatch.mask { Self.copy(rows.mask, example, to: mask, row) }
    if let indicators = minibatch.indicators { Self.copy(rows.indicators, example, to: indicators, row) }
    if let numbers = minibatch.numericCovariates { Self.copy(rows.covariates, example, to: numbers, row) }
    if let offset = minibatch.offset { Self.copy(rows.offset, example, to: offset, row) }
  }

  /// Nothing where there is nothing to copy: of a coding without such columns, or a matrix without any.
  @inline(__always)
  private static func copy(_ source: Matrix?, _ example: Int, to target: Matrix, _ row: Int) {
    guard let source else { return }
    (target.base + row * target.stride).update(from: source.base + example * source.stride, count: source.columns)
  }
}

extension Dataset {
  /// Makes the features of all rows of a table now, where those are in memory and few, for passes to come.
  package func keepFeatures() {
    guard let coding, !isInFile, found.codedRows == nil else { return }
    found.codedRows = CodedRows(self, coding)
  }
}
