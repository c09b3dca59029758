import Foundation
import VAEData

/// A table that a command has made: to a .csv or .tsv file, or where none was named to the terminal.
struct TableOutput {
  let columns: [(name: String, cells: TableWriter.Cells)]
  let file: OutputFile?

  /// Writes it, and of a file says so.
  func write(showing content: String) throws {
    var format = TableFormat()
    if file?.fileExtension == "tsv" { format.delimiter = .tab }
    let text = TableWriter.encode(columns: columns, format: format)
    guard let file else { return print(String(decoding: text, as: UTF8.self), terminator: "") }
    try AtomicFile.write(text, to: file.path)
    print("\(file.path): \(content)")
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
