import VAEKernels

extension Dataset {
  /// Writes some of the examples to the rows of `batch` as floats: row i is example `examples[i]`.
  ///
  /// It allocates nothing, and several threads may call it at once, each for rows of its own: a row depends on its
  /// example and on `stream` alone.
  ///
  /// - Parameters:
  ///   - examples: The indices, one for each row of `batch`.
  ///   - binarization: What becomes of grey.
  ///   - stream: Where the draws come from, made by `Binarization.stream`; not used where nothing is drawn.
  ///   - batch: As many rows as `examples`, `featureCount` columns.
  public func gather(
    _ examples: UnsafeBufferPointer<UInt32>, _ binarization: Binarization, _ stream: RandomStream,
    into batch: Matrix
  ) {
    precondition(
      batch.rows == examples.count && batch.columns == featureCount,
      "a batch of \(batch.shapeDescription) for \(examples.count) examples of \(featureCount) features")
    switch storage {
    case .bytes(let bytes):
      bytes.withUnsafeBufferPointer { gather(examples, from: $0, binarization, stream, into: batch) }
    case .floats(let values):
      values.withUnsafeBufferPointer { gather(examples, from: $0, binarization, stream, into: batch) }
    }
  }

  /// Writes the classes of some of the examples to a minibatch's covariates, for a model that is told them: row i is that of
  /// `examples[i]`. Allocates nothing.
  public func gatherLabels(_ examples: UnsafeBufferPointer<UInt32>, into minibatch: Minibatch) {
    guard let labels else { preconditionFailure("a data set without labels for a model that is told them") }
    labels.withUnsafeBufferPointer { labels in
      for row in 0..<examples.count {
        minibatch.setLabel(labels[Int(examples[row])], row: row)
      }
    }
  }

  private func gather(
    _ examples: UnsafeBufferPointer<UInt32>, from bytes: UnsafeBufferPointer<UInt8>, _ binarization: Binarization,
    _ stream: RandomStream, into batch: Matrix
  ) {
    let math = VectorMath.active
    for row in 0..<examples.count {
      let source = self.row(examples[row], of: bytes)
      prefetch(examples, after: row, of: bytes)
      let out = batch.base + row * batch.stride
      switch binarization {
      case .none:
        math.floats(from: source, count: featureCount, into: out)
      case .threshold:
        // 128 is the least byte with byte / 255 ≥ ½.
        math.threshold(source, at: 128, count: featureCount, into: out)
      case .static, .dynamic:
        math.drawBernoulli(source, count: featureCount, stream, example: examples[row], into: out)
      }
    }
  }

  private func gather(
    _ examples: UnsafeBufferPointer<UInt32>, from values: UnsafeBufferPointer<Float>, _ binarization: Binarization,
    _ stream: RandomStream, into batch: Matrix
  ) {
    let math = VectorMath.active
    for row in 0..<examples.count {
      let source = self.row(examples[row], of: values)
      prefetch(examples, after: row, of: values)
      let out = batch.base + row * batch.stride
      switch binarization {
      case .none:
        out.update(from: source, count: featureCount)
      case .threshold:
        math.threshold(source, at: 0.5, count: featureCount, into: out)
      case .static, .dynamic:
        math.drawBernoulli(source, count: featureCount, stream, example: examples[row], into: out)
      }
    }
  }

  /// A shuffled minibatch's rows lie anywhere in memory: those that come a little later are asked for now.
  private func prefetch<Number>(
    _ examples: UnsafeBufferPointer<UInt32>, after row: Int, of numbers: UnsafeBufferPointer<Number>
  ) {
    let distance = 8
    if row + distance < examples.count {
      VectorMath.active.prefetch(self.row(examples[row + distance], of: numbers), count: featureCount)
    }
  }

  private func row<Number>(_ example: UInt32, of numbers: UnsafeBufferPointer<Number>) -> UnsafePointer<Number> {
    precondition(Int(example) < count, "example \(example) of a data set that has \(count)")
    return numbers.baseAddress! + Int(example) * featureCount
  }
}
