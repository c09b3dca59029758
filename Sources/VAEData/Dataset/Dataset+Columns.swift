import VAEKernels

/// What is not zero, feature by feature.
public struct SparseColumns: Sendable {
  /// The entries of feature j are those from `starts[j]` to `starts[j + 1]`.
  public let starts: [UInt32]
  /// The example of each, growing within a feature.
  public let examples: [UInt32]
  /// Its number.
  public let values: [Float]
}

extension Dataset {
  /// How much of each example is not zero, of data of which only that is stored; else nil.
  public var storedPerExample: [Int]? {
    guard case .compressed(let rows) = storage else { return nil }
    return (0..<count).map { rows.entries(of: row(of: $0)).count }
  }

  /// The same data feature by feature, of data of which only what is not zero is stored; else nil. Takes eight bytes a number.
  public var sparseColumns: SparseColumns? {
    guard case .compressed(let rows) = storage else { return nil }
    var starts = [UInt32](repeating: 0, count: featureCount + 1)
    for example in 0..<count {
      rows.withRow(row(of: example)) { columns, _ in for column in columns { starts[Int(column) + 1] += 1 } }
    }
    for feature in 0..<featureCount { starts[feature + 1] += starts[feature] }
    var next = starts
    var examples = [UInt32](repeating: 0, count: Int(starts[featureCount]))
    var values = [Float](repeating: 0, count: examples.count)
    for example in 0..<count {
      rows.withRow(row(of: example)) { columns, numbers in
        for entry in columns.indices {
          let place = Int(next[Int(columns[entry])])
          (examples[place], values[place]) = (UInt32(example), numbers[entry])
          next[Int(columns[entry])] += 1
        }
      }
    }
    return SparseColumns(starts: starts, examples: examples, values: values)
  }
}
