import Foundation
import VAEKernels

/// The columns of a table whose numbers are an array: `F.columns.json` beside `F.npy`, or `columns.json` in an NPZ archive.
///
/// An array of NumPy has no names. This has them, and the texts that the numbers of a column of text stand for; and what the
/// classes are called, where the labels are numbers. Of what has classes with names alone there are no columns in it:
///
///     {"classes": ["no", "yes"], "columns": [{"name": "age"}, {"name": "city", "texts": ["Graz", "Linz"]}, {"decimals": 2, "name": "income"}]}
///
/// Of counts, whose columns are numbers, it says that they are, and also has the columns that a model is told, and the name of
/// that which the classes came from.
struct StoredColumns: Codable {
  var columns: [Column]
  var classes: [String]?
  var told: [Column]?
  var label: String?
  var areCounts: Bool?

  struct Column: Codable {
    var name: String
    var texts: [String]?
    var decimals: Int?

    /// As a table has it.
    var ofTable: Table.Column { Table.Column(name: name, texts: texts, decimals: min(max(decimals ?? 0, 0), 20)) }
  }

  /// Its name in an archive.
  static let entry = "columns.json"

  /// Where the columns of the array at `path` are.
  static func path(beside path: String) -> String { BesideArray.path(entry, beside: path) }

  /// Those of a table.
  init(_ columns: [Table.Column], classes: [String]?) {
    self.columns = columns.map {
      Column(name: $0.name, texts: $0.texts, decimals: $0.decimals > 0 ? $0.decimals : nil)
    }
    self.classes = classes
  }

  /// Those of an array that is to be written; nil where it has neither columns with names nor classes with names.
  init?(of rows: ConvertedRows) {
    guard !rows.columns.isEmpty || rows.classNames != nil else { return nil }
    self.init(rows.columns, classes: rows.classNames)
  }

  /// What is written in `bytes`. Throws `DataError` where it is damaged, or of an array of another number of columns than
  /// `count`; it may have none where only classes have names.
  init(_ bytes: [UInt8], count: Int, path: String) throws {
    do {
      self = try JSONDecoder().decode(StoredColumns.self, from: Data(bytes))
    } catch {
      throw DataError(path: path, expected: "an object with the columns of an array", found: "something else")
    }
    guard columns.count == count || columns.isEmpty else {
      throw DataError(path: path, expected: "the \(count.counted("column")) of the array", found: "\(columns.count)")
    }
    guard Set(columns.map(\.name)).count == columns.count else {
      throw DataError(path: path, expected: "columns of different names", found: "two of one name")
    }
  }

  /// The columns of the array at `path`, which has `count`, or nil where it is none of a table; nil where no file has them.
  static func read(beside path: String, count: Int?) throws -> StoredColumns? {
    let path = Self.path(beside: path)
    guard try Path.kind(path) == .file else { return nil }
    let bytes = try FileReader.bytes(path: path)
    // What lies beside pictures may be of an earlier table.
    guard let count else { return try? StoredColumns(bytes, count: 0, path: path) }
    return try StoredColumns(bytes, count: count, path: path)
  }

  /// As a table has them; nil where none has a name.
  var ofTable: [Table.Column]? { columns.isEmpty ? nil : columns.map(\.ofTable) }

  /// As text.
  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try Array(encoder.encode(self)) + Array("\n".utf8)
  }
}

extension Table.Column {
  /// Whether `number`, in a column of text its place in the texts, is none.
  private func isOfNoText(_ number: Float) -> Bool {
    guard let texts else { return false }
    return !number.isNaN && !(number >= 0 && number < Float(texts.count) && number == number.rounded())
  }

  /// Throws `DataError` where some of `numbers`, those of rows from `firstRow` on, stand for no text of the column: as of an
  /// array that has been written anew beside the columns of an earlier one.
  func checkTexts(_ numbers: some Sequence<Float>, firstRow: Int = 0, path: String) throws {
    guard let texts, let (row, number) = numbers.enumerated().first(where: { isOfNoText($0.element) }) else { return }
    throw DataError(
      path: path, place: "row \(firstRow + row + 1), column \"\(name.onOneLine)\"",
      expected: "the number of one of the column's \(texts.count.counted("text")) in \(StoredColumns.entry), from 0",
      found: "\(number)")
  }
}

extension Table {
  /// Throws `DataError` where a number of a column of text stands for none of them.
  func checkTexts() throws {
    for (place, column) in columns.enumerated() where column.texts != nil {
      try column.checkTexts(
        stride(from: place, to: values.count, by: columns.count).lazy.map { values[$0] }, path: path)
    }
  }
}
