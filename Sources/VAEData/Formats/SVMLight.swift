/// Sparse rows with labels in the text format of SVMlight (Joachims 1999) and LIBSVM, as scikit-learn's
/// `dump_svmlight_file` writes it.
///
///     -1 qid:7 1:0.5 4:2 # a comment
///
/// A label, perhaps the number of a query, which is passed over, and the elements of the row, the indices rising. They count
/// from 1, or, where a 0 is among them anywhere in the file, from 0. The file may be compressed by gzip.
public enum SVMLight {
  /// Reads the file at `path`: as many columns as its largest index makes, and a label for each row.
  ///
  /// Throws `DataError` with the line of what is wrong, and `FileError`.
  public static func read(path: String) throws -> (matrix: SparseMatrix, labels: [Float]) {
    let reader = try LineReader(path: path)
    var labels: [Float] = []
    var starts = [0]
    var columns: [UInt32] = []
    var values: [Float] = []
    var largest = -1
    var countsFromZero = false
    while let line = try reader.next() {
      let end = line.firstIndex(of: UInt8(ascii: "#")) ?? line.count
      var words = LineWords(UnsafeBufferPointer(rebasing: line[..<end]))
      guard let first = words.next() else { continue }
      labels.append(try label(first, reader))
      var previous = -1
      while let word = words.next() {
        guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else {
          throw reader.error("elements as index:value", word.quoted)
        }
        let key = UnsafeBufferPointer(rebasing: word[..<colon])
        if key.elementsEqual("qid".utf8) { continue }
        guard let index = NumberText.wholeNumber(key),
          let value = NumberText.float(UnsafeBufferPointer(rebasing: word[(colon + 1)...]))
        else { throw reader.error("elements as index:value", word.quoted) }
        guard index > previous, index < Int(UInt32.max) else {
          throw reader.error(
            "indices that rise, below \(UInt32.max)", "\(index)\(previous < 0 ? "" : " after \(previous)")")
        }
        if index == 0 { countsFromZero = true }
        columns.append(UInt32(index))
        values.append(value)
        previous = index
      }
      largest = max(largest, previous)
      starts.append(values.count)
    }
    guard !labels.isEmpty else {
      throw DataError(path: path, expected: "rows of a label and index:value", found: "none")
    }
    if !countsFromZero { columns.withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] -= 1 } } }
    let columnCount = max(countsFromZero ? largest + 1 : largest, 0)
    try SparseMatrix.checkSize(labels.count, columnCount, stored: values.count, path: path)
    return (SparseMatrix(asIs: labels.count, columnCount, starts, columns, values), labels)
  }

  private static func label(_ word: UnsafeBufferPointer<UInt8>, _ reader: LineReader) throws -> Float {
    if let label = NumberText.float(word) { return label }
    throw word.contains(UInt8(ascii: ","))
      ? reader.error("one label for each row", "several: \(word.quoted)")
      : reader.error("a label, which is a number", word.quoted)
  }
}
