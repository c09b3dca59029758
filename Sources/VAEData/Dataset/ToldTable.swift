import VAEKernels

/// A small table beside the features of data that are no table, with a row for each example.
final class TableBeside: Sendable {
  let table: Dataset

  init(_ table: Dataset) { self.table = table }
}

extension Dataset {
  /// What a model is told of each example, such as a cell's batch and donor, where that stands apart from the features: a row
  /// an example, a column a thing, with the coding that makes numbers of it.
  public var told: Dataset? { toldTable?.table }

  /// The same with a table of what a model is told, which has a row for each example.
  public func telling(_ table: Dataset?) -> Dataset {
    if let table { precondition(table.count == count, "\(table.count) rows told of \(count) examples") }
    var result = self
    result.toldTable = table.map(TableBeside.init)
    return result
  }

  /// The numbers that a model is told of an example.
  public var toldCount: Int { coding?.conditionCount ?? told?.coding?.conditionCount ?? 0 }

  /// Writes what the examples are told, beside what there is of features.
  func gatherTold(_ examples: UnsafeBufferPointer<UInt32>, into minibatch: Minibatch) {
    guard let told, let coding = told.coding, minibatch.covariates != nil else { return }
    let nothing = Matrix(minibatch.input.base, rows: minibatch.input.rows, columns: 0)
    told.gather(
      examples, coding,
      into: Minibatch(input: nothing, covariates: minibatch.covariates, classCount: minibatch.classCount))
  }
}
