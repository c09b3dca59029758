import VAEData
import VAEKernels

/// What each column of a table's row contributes to its loss, at the posterior mean, in nats; under a likelihood that is by
/// column. Columns are those of `TableCoding.modelled`, in their order.
extension Evaluator {
  /// For each example −log p of each column, [examples, columns]; 0 where it is missing.
  public func columnLosses(of dataset: Dataset) throws -> [Float] {
    var all: [Float] = []
    try forEachRowOfColumnLosses(of: dataset) { losses, _ in all += losses }
    return all
  }

  /// Where an example is, for messages: of a table with the column that contributes most.
  func placeOfLargestLoss(_ example: Int, of dataset: Dataset) -> String {
    guard let coding = dataset.coding, let losses = try? columnLosses(of: dataset.subset([example])),
      let column = losses.indices.max(by: { losses[$0].orInfinity < losses[$1].orInfinity })
    else { return dataset.place(of: example) }
    return dataset.place(of: example, column: coding.modelled[column].name)
  }

  /// The average of each column over the examples that have it, but for those so far out that their loss is not finite, beside
  /// which nothing would be far; 0 where none has.
  public func averageColumnLosses(of dataset: Dataset) throws -> [Double] {
    var sums: [(loss: Double, count: Int)] = []
    try forEachRowOfColumnLosses(of: dataset) { losses, isKnown in
      if sums.isEmpty { sums = Array(repeating: (0, 0), count: losses.count) }
      for column in losses.indices where isKnown[column] && losses[column].isFinite {
        sums[column].loss += Double(losses[column])
        sums[column].count += 1
      }
    }
    return sums.map { $0.loss / Double(max($0.count, 1)) }
  }

  /// For each example the columns whose losses are furthest above what is `usual` of each, the furthest first, `count` of
  /// them at most; none that is missing.
  public func largestExcesses(
    of dataset: Dataset, over usual: [Double], count: Int
  ) throws -> [[(column: Int, excess: Float)]] {
    var largest: [[(column: Int, excess: Float)]] = []
    largest.reserveCapacity(dataset.count)
    try forEachRowOfColumnLosses(of: dataset) { losses, isKnown in
      let excesses = losses.indices.filter { isKnown[$0] }.map {
        ($0, Float(Double(losses[$0].orInfinity) - usual[$0]))
      }
      largest.append(Array(excesses.sorted { $0.1 > $1.1 }.prefix(count)))
    }
    return largest
  }

  /// Calls `body` with each example's losses, and which of its columns are known.
  private func forEachRowOfColumnLosses(
    of dataset: Dataset, _ body: (_ losses: [Float], _ isKnown: [Bool]) -> Void
  ) throws {
    guard let likelihood = model.architecture.likelihood as? ByColumn else {
      throw DataError(
        path: dataset.name, expected: "a model whose likelihood is by column, for what each contributes",
        found: model.architecture.likelihood.description)
    }
    let families = likelihood.columnCount
    let features = likelihood.features
    // An inflated column has two families.
    let widths = dataset.coding?.modelled.map { $0.kind == .inflated ? 2 : 1 } ?? Array(repeating: 1, count: families)
    let buffer = AlignedBuffer(count: Evaluator.batchCapacity * families)
    var losses = [Float](repeating: 0, count: widths.count)
    var isKnown = [Bool](repeating: true, count: widths.count)
    try forEachReconstruction(of: dataset) { workspace, rows in
      let minibatch = workspace.minibatch(rows)
      let output = Matrix(buffer.base, rows: rows.count, columns: families)
      likelihood.columnLosses(
        output: workspace.output.rows(rows), parameters: model.likelihoodParameterValues,
        Observation(minibatch.target, mask: minibatch.mask), into: output)
      for row in 0..<output.rows {
        var family = 0
        for (column, width) in widths.enumerated() {
          losses[column] = (family..<family + width).reduce(0) { $0 + output[row, $1] }
          if let mask = minibatch.mask { isKnown[column] = mask[row, features[family].lowerBound] != 0 }
          family += width
        }
        body(losses, isKnown)
      }
    }
  }
}

extension Float {
  /// Where one part of a loss has overflowed another may make it no number.
  fileprivate var orInfinity: Float { isNaN ? .infinity : self }
}
