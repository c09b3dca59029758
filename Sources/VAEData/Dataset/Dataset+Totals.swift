import CStandardLibrary

/// What was counted of examples in all, batch by batch.
extension Dataset {
  /// Where among the numbers that a model is told is a one in the place of an example's batch: the categories of the first
  /// column of what it is told. Nil where there are none.
  public var batchCovariates: Range<Int>? {
    guard let coding = told?.coding, let column = coding.columns.first, column.kind == .category else { return nil }
    let first = coding.places[0].first
    return first..<first + column.width
  }

  /// The mean and variance of the logarithms of what was counted of the examples: of each batch, where the model is told one,
  /// or of all. Those in which nothing was counted have no logarithm. A batch with fewer others than `fewest`, whose variance
  /// says nothing, is taken to be as all are.
  public func logTotalMoments(fewestOfABatch fewest: Int = 10) -> (means: [Float], variances: [Float]) {
    let batches = batchCovariates?.count
    var all = Moments()
    var ofBatches = [Moments](repeating: Moments(), count: batches ?? 0)
    for example in 0..<count {
      let total = Double(total(of: example))
      guard total > 0 else { continue }
      all.add(log(total))
      if batches != nil, let batch = batch(of: example) { ofBatches[batch].add(log(total)) }
    }
    let found = batches == nil ? [all] : ofBatches.map { $0.count < fewest ? all : $0 }
    return (found.map { Float($0.mean) }, found.map { Float($0.variance) })
  }

  /// Which of the categories of the first column of what a model is told an example has.
  private func batch(of example: Int) -> Int? {
    guard let told, let coding = told.coding else { return nil }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: told.rawWidth) { raw in
      told.copyRaw(example..<example + 1, into: raw.baseAddress!)
      return coding.level(of: raw[0], column: 0)
    }
  }
}

/// Of numbers that come one by one (Welford 1962).
private struct Moments {
  private(set) var count = 0
  private(set) var mean = 0.0
  private var squares = 0.0
  var variance: Double { squares / Double(max(count, 1)) }

  mutating func add(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }
}
