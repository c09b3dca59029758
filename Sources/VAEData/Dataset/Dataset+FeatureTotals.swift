import VAEKernels

extension Dataset {
  /// Of some examples, what each feature adds up to, and in how many it is not 0; of data that are no table.
  public func totals(of examples: [Int]) -> (sums: [Double], seen: [Int]) {
    var (sums, seen) = ([Double](repeating: 0, count: featureCount), [Int](repeating: 0, count: featureCount))
    for example in examples {
      if case .compressed(let rows) = storage {
        rows.withRow(row(of: example)) { columns, values in
          for entry in columns.indices {
            sums[Int(columns[entry])] += Double(values[entry])
            seen[Int(columns[entry])] += 1
          }
        }
      } else {
        for (feature, value) in raw(example).enumerated() where value != 0 {
          sums[feature] += Double(value)
          seen[feature] += 1
        }
      }
    }
    return (sums, seen)
  }
}
