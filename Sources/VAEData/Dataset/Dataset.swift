import VAEKernels

/// Examples in memory, row after row, all with the same number of features.
///
/// Bytes stay bytes (MNIST is 47 MB, and would be 188 as floats) and stand for byte / 255; they become floats a
/// minibatch at a time, in `gather`.
public struct Dataset: Sendable {
  /// The numbers of all examples.
  public enum Storage: Sendable {
    /// Each stands for byte / 255.
    case bytes([UInt8])
    /// Each stands for itself.
    case floats([Float])
  }

  /// What a person calls it: a file's name, or what the caller says.
  public let name: String
  /// The number of examples.
  public let count: Int
  /// The number of features of an example.
  public let featureCount: Int
  /// How the features lie on a picture, where they are one.
  public let imageShape: ImageShape?
  /// The class of each example, where it is known. A conditional model is told it; no other looks at it while it trains.
  public let labels: [UInt8]?
  /// The numbers: `count` rows of `featureCount`.
  public let storage: Storage

  /// Examples given as bytes, `featureCount` for each.
  public init(
    bytes: [UInt8], featureCount: Int, imageShape: ImageShape? = nil, labels: [UInt8]? = nil, name: String = "data"
  ) {
    self.init(.bytes(bytes), bytes.count, featureCount, imageShape, labels, name)
  }

  /// Examples given as floats, `featureCount` for each: between 0 and 1 for a Bernoulli likelihood, any finite
  /// number for a Gaussian one.
  public init(
    _ values: [Float], featureCount: Int, imageShape: ImageShape? = nil, labels: [UInt8]? = nil, name: String = "data"
  ) {
    self.init(.floats(values), values.count, featureCount, imageShape, labels, name)
  }

  private init(
    _ storage: Storage, _ valueCount: Int, _ featureCount: Int, _ imageShape: ImageShape?, _ labels: [UInt8]?,
    _ name: String
  ) {
    precondition(featureCount > 0, "an example needs at least one feature, not \(featureCount)")
    precondition(
      valueCount % featureCount == 0, "\(valueCount) numbers are not whole examples of \(featureCount) features")
    count = valueCount / featureCount
    precondition(count <= Int(UInt32.max), "\(count) examples; at most 2^32 - 1 can be numbered")
    if let imageShape {
      precondition(
        imageShape.featureCount == featureCount, "a picture of \(imageShape) for \(featureCount) features")
    }
    if let labels { precondition(labels.count == count, "\(labels.count) labels for \(count) examples") }
    self.storage = storage
    self.featureCount = featureCount
    self.imageShape = imageShape
    self.labels = labels
    self.name = name
  }

  /// The examples with these indices, in this order.
  public func subset(_ indices: [Int]) -> Dataset {
    for index in indices {
      precondition(index >= 0 && index < count, "example \(index) of a data set that has \(count)")
    }
    let labels = labels.map { labels in indices.map { labels[$0] } }
    switch storage {
    case .bytes(let bytes):
      return Dataset(
        bytes: copyRows(indices, of: bytes), featureCount: featureCount, imageShape: imageShape, labels: labels,
        name: name)
    case .floats(let values):
      return Dataset(
        copyRows(indices, of: values), featureCount: featureCount, imageShape: imageShape, labels: labels, name: name)
    }
  }

  private func copyRows<Number: BitwiseCopyable>(_ indices: [Int], of numbers: [Number]) -> [Number] {
    numbers.withUnsafeBufferPointer { numbers in
      [Number](unsafeUninitializedCapacity: indices.count * featureCount) { rows, rowsCount in
        rowsCount = indices.count * featureCount
        guard let source = numbers.baseAddress, var row = rows.baseAddress else { return }
        for index in indices {
          row.initialize(from: source + index * featureCount, count: featureCount)
          row += featureCount
        }
      }
    }
  }

  /// The mean of each feature over the examples, as the model sees them (bytes / 255); 0 where there are none.
  public func mean() -> [Float] {
    averageOfColumns { rows, sums in VectorMath.active.sumColumns(rows, into: sums, accumulating: false) }
  }

  /// The variance of each feature over the examples; 0 where there are none.
  public func variance() -> [Float] {
    let center = AlignedBuffer(count: featureCount)
    let mean = Matrix(center.base, rows: 1, columns: featureCount)
    mean.setElements(self.mean())
    return averageOfColumns { VectorMath.active.sumSquaredDeviations($0, from: mean, into: $1) }
  }

  /// Sums of columns over all examples, by their number: a block of rows at a time by `sum`, 16 MB at most, and in double
  /// precision from block to block.
  private func averageOfColumns(_ sum: (_ rows: Matrix, _ sums: Matrix) -> Void) -> [Float] {
    let blockRows = min(256, max(1, (1 << 22) / featureCount))
    let block = AlignedBuffer(count: blockRows * featureCount)
    let partial = AlignedBuffer(count: featureCount)
    var totals = [Double](repeating: 0, count: featureCount)
    for start in stride(from: 0, to: count, by: blockRows) {
      let rows = Matrix(block.base, rows: min(blockRows, count - start), columns: featureCount)
      copy(from: start, into: rows)
      sum(rows, Matrix(partial.base, rows: 1, columns: featureCount))
      for feature in 0..<featureCount { totals[feature] += Double(partial.base[feature]) }
    }
    return totals.map { Float($0 / Double(max(count, 1))) }
  }

  /// The largest label, where there are labels.
  public var largestLabel: UInt8? { labels?.max() }

  /// The first number that lies outside `range` or is NaN, with its place; nil where all lie within.
  ///
  /// A Bernoulli likelihood needs numbers from 0 to 1; its formulas would take others without complaint.
  public func firstValue(outside range: ClosedRange<Float>) -> (example: Int, feature: Int, value: Float)? {
    func find<Numbers: Collection>(_ numbers: Numbers, _ value: (Numbers.Element) -> Float) -> Int? {
      numbers.enumerated().first { !range.contains(value($0.element)) }?.offset
    }
    switch storage {
    case .bytes(let bytes):
      if range.contains(0) && range.contains(1) { return nil }
      return find(bytes) { Float($0) / 255 }.map { ($0 / featureCount, $0 % featureCount, Float(bytes[$0]) / 255) }
    case .floats(let values):
      return find(values) { $0 }.map { ($0 / featureCount, $0 % featureCount, values[$0]) }
    }
  }

  /// Copies consecutive examples, from `start`, as the model sees them.
  private func copy(from start: Int, into rows: Matrix) {
    let values = rows.rows * featureCount
    switch storage {
    case .bytes(let bytes):
      bytes.withUnsafeBufferPointer {
        VectorMath.active.floats(from: $0.baseAddress! + start * featureCount, count: values, into: rows.base)
      }
    case .floats(let floats):
      floats.withUnsafeBufferPointer {
        rows.base.update(from: $0.baseAddress! + start * featureCount, count: values)
      }
    }
  }
}
