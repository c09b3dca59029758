import VAEData

/// A table that a command makes: to a .csv or .tsv file, or where none was named to the terminal.
struct TableOutput {
  typealias Columns = [(name: String, cells: TableWriter.Cells)]

  let file: OutputFile?

  /// Writes a whole table, and of a file says so.
  func write(_ columns: Columns, showing content: String) throws {
    try write(showing: content) { append in try append(columns) }
  }

  /// Writes the rows that `body` appends, some at a time and always of the same columns, and of a file says so.
  func write(showing content: String, _ body: (_ append: (Columns) throws -> Void) throws -> Void) throws {
    var format = TableFormat()
    if file?.fileExtension == "tsv" { format.delimiter = .tab }
    try TextOutput.write(to: file) { append in
      try withoutActuallyEscaping(append) { append in
        try body { columns in
          try append(String(decoding: TableWriter.encode(columns: columns, format: format), as: UTF8.self))
          format.hasHeader = false
        }
      }
    }
    if let file { print("\(file.path): \(content)") }
  }
}

extension SavedModel {
  /// The classes that rows were made for, by their names and as the data's own column of them; no column where there are
  /// none.
  func labelColumn(_ labels: [UInt8]?) -> [(name: String, cells: TableWriter.Cells)] {
    guard let labels else { return [] }
    return [(configuration?.data.reading.labelColumn ?? "label", .texts(labels.map(classes.word)))]
  }
}
