/// How a table is written down in text, as far as a person has to say it.
public struct TableFormat: Sendable, Hashable, Codable {
  /// What stands between two cells.
  public enum Delimiter: String, Sendable, Codable, CaseIterable {
    /// The one of the others that the first lines agree with best, but never spaces.
    case automatic
    case comma, semicolon, tab, pipe
    /// One space or several; those before the first cell and behind the last are none of them. An empty cell is `""`.
    case space
  }

  /// What stands between two cells.
  public var delimiter = Delimiter.automatic
  /// Whether "1,5" is one and a half.
  public var hasDecimalComma = false
  /// Whether the first line names the columns; nil to find out, as `TableHeader` does.
  public var hasHeader: Bool?
  /// What stands for a missing value, beside an empty cell and the usual words (`NA`, `NaN`, …).
  public var missing: [String] = []

  /// The usual format.
  public init() {}

  /// What begins the fraction of a number.
  var decimalPoint: UInt8 { hasDecimalComma ? UInt8(ascii: ",") : NumberText.point }
}

extension TableFormat.Delimiter {
  /// The byte; nil of `automatic`.
  var byte: UInt8? {
    switch self {
    case .automatic: nil
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .pipe: UInt8(ascii: "|")
    case .space: UInt8(ascii: " ")
    }
  }
}

/// What a reader is asked for of a table.
public struct TableRequest: Sendable, Hashable {
  /// Patterns of names, "*" standing for any text and "?" for one character: the columns to keep; all where it is empty.
  public var columns: [String] = []
  /// The same: the columns to leave out.
  public var excluded: [String] = []
  /// Names of columns to keep as text, beside the others and not among them: `Table.asides`.
  public var asides: [String] = []
  /// Those of them that are not missed where the table does not have them.
  public var optionalAsides: [String] = []
  /// Patterns of the names of columns that are text even where all they hold are numbers, such as codes of places.
  public var texts: [String] = []
  /// The columns that there must be, in this order, with the texts that they may hold: those of a saved model, whatever
  /// `columns` and `excluded` say. Others are passed over, but where none have names there must be no others, unless these two
  /// made a choice of them. Nil to take what there is.
  public var known: [Table.Column]?
  /// Where there are `known` columns: whether a text that is not among them counts as missing, and is no error.
  public var takesUnknownTexts = false
  /// Whether a column of dates, of numbers with commas, or of more texts than are kept is taken for text and named in
  /// `Table.faults`, and is no error: to look at a table rather than to model it.
  public var keepsFaultyColumns = false

  /// All columns, as they are.
  public init() {}
}
