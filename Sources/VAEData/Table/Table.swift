/// A table as a file has it: columns by name, and in every row a number for each.
///
/// A column holds numbers or text. Of text the number is the place in the list of all texts of the column. What is missing
/// is NaN. Nothing is said here of what a column means to a model: see `TableCoding`.
public struct Table: Sendable {
  /// One column.
  public struct Column: Sendable, Hashable {
    /// Its name, or "column 3", counted from 1, where the file gives none.
    public var name: String
    /// The texts that stand in it, where it is one of text: its numbers are places in this list. Sorted, unless the reader was
    /// given the list. Nil for a column of numbers.
    public var texts: [String]?
    /// The most digits behind the point among its numbers, as far as the reader looked; 0 of whole numbers.
    public var decimals: Int

    /// A column.
    public init(name: String, texts: [String]? = nil, decimals: Int = 0) {
      self.name = name
      self.texts = texts
      self.decimals = decimals
    }
  }

  /// Where it was read from, for messages.
  public var path: String
  /// The columns that are numbers here.
  public var columns: [Column]
  /// Row after row, a number for each of `columns`; NaN where there is none.
  public var values: [Float]
  /// Columns that were asked for as they stand, such as ids, by name: a text for every row, empty where it is missing.
  public var asides: [String: [String]]
  /// The number of rows.
  public var rowCount: Int
  /// What is wrong with columns that were asked for all the same, by name; see `TableRequest.keepsFaultyColumns`.
  public var faults: [String: DataError] = [:]

  /// A table. `rowCount` is needed only where there are no columns of numbers.
  public init(
    path: String, columns: [Column], values: [Float], asides: [String: [String]] = [:], rowCount: Int? = nil
  ) {
    precondition(
      columns.isEmpty ? values.isEmpty : values.count % columns.count == 0,
      "\(values.count) numbers are no whole number of rows of \(columns.count)")
    self.path = path
    self.columns = columns
    self.values = values
    self.asides = asides
    self.rowCount = rowCount ?? (columns.isEmpty ? asides.values.first?.count ?? 0 : values.count / columns.count)
    for (name, texts) in asides {
      precondition(texts.count == self.rowCount, "\(texts.count) texts of \(name) for \(self.rowCount) rows")
    }
  }
}
