import VAEKernels

/// Rows as a table of text: what is not modelled first, then a column for each number, texts as texts.
struct ConvertedText {
  private let rows: ConvertedRows
  private let asides: [(name: String, texts: [String])]
  private let columns: [Table.Column]
  /// Where the rows came from, for messages.
  private let source: String

  /// - Parameter asides: Columns of text, with a cell for each row.
  init(_ rows: ConvertedRows, _ asides: [(name: String, texts: [String])], from source: String) {
    (self.rows, self.asides, self.source) = (rows, asides, source)
    let isPicture = rows.shape.count > 2
    columns =
      rows.columns.isEmpty
      ? (0..<rows.width).map { Table.Column(name: isPicture ? "pixel \($0)" : "column \($0 + 1)") } : rows.columns
  }

  /// Writes the file, some rows at a time.
  func write(to path: String) throws {
    try AtomicFile.write(to: path) { file in
      var format = TableFormat()
      var done = 0
      try rows.forEachFloatBlock { values, rowCount in
        let block = done..<done + rowCount
        let texts = asides.map { (name: $0.name, cells: TableWriter.Cells.texts(Array($0.texts[block]))) }
        let numbers = try columns.indices.map {
          (name: columns[$0].name, cells: try cells(of: $0, in: values, block))
        }
        try TableWriter.write(columns: texts + numbers, format: format) { try file.append($0) }
        format.hasHeader = false
        done += rowCount
      }
    }
  }

  private func cells(
    of column: Int, in values: UnsafePointer<Float>, _ block: Range<Int>
  ) throws -> TableWriter.Cells {
    let scale: Float = rows.isBytes ? 255 : 1
    let numbers = (0..<block.count).map { row in
      let value = values[row * rows.width + column]
      return rows.isBytes ? (value * scale).rounded() : value
    }
    guard let texts = columns[column].texts else {
      let areWhole = numbers.allSatisfy { $0.isNaN || $0 == $0.rounded() }
      return .numbers(numbers, decimals: areWhole ? 0 : nil)
    }
    try columns[column].checkTexts(numbers, firstRow: block.lowerBound, path: source)
    return .texts(numbers.map { $0.isNaN ? "" : texts[Int($0)] })
  }
}
