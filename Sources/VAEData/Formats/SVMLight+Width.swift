import VAEKernels

extension SparseMatrix {
  /// The rows of a svmlight file with as many columns as a model of those `known` has, and what a person should be told of it.
  ///
  /// Such a file does not say how many columns it has: the last that is not 0 somewhere is all that can be seen. So columns
  /// that it lacks are 0, and those beyond the model's, of which it knows nothing, are left out.
  func asWide(as known: [String], _ reading: DataReading, path: String) -> (SparseMatrix, remark: String?) {
    let width = UnnamedColumns.width(
      for: known, asides: reading.asides.filter { !reading.optionalAsides.contains($0) },
      isChoice: reading.isChoiceOfColumns)
    if columnCount <= width.count { return (withColumns(width.count), nil) }
    if width.isLeast { return (self, nil) }
    let more = columnCount - width.count
    return (
      withColumns(width.count),
      "\(path): \(more.counted("column")) beyond the \(width.count) that were known before \(more == 1 ? "is" : "are") "
        + "left out"
    )
  }

  /// The same with so many columns: more of them are 0, of fewer the first are kept.
  func withColumns(_ count: Int) -> SparseMatrix {
    if count >= columnCount { return SparseMatrix(asIs: rowCount, count, rowStarts, columns, values) }
    var (starts, kept, numbers): ([Int], [UInt32], [Float]) = ([0], [], [])
    for row in 0..<rowCount {
      for index in rowStarts[row]..<rowStarts[row + 1] where columns[index] < count {
        kept.append(columns[index])
        numbers.append(values[index])
      }
      starts.append(kept.count)
    }
    return SparseMatrix(asIs: rowCount, count, starts, kept, numbers)
  }
}
