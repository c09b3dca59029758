import VAEKernels

/// What was understood of some data: what `inspect` prints, and `DataSource.summary` finds out.
public struct DataSummary: Sendable {
  /// What the data are, by what a model would make of them.
  public enum Kind: String, Sendable, CaseIterable {
    /// Pictures of one size.
    case images
    /// Rows of columns of any kinds.
    case table
    /// A matrix of whole numbers from 0 up that is mostly 0, and stored so.
    case counts
    /// Rows of different lengths.
    case sequences
  }

  /// Where they are; nil of the generated digits.
  public var path: String?
  /// What the files are: "CSV".
  public var format: String
  /// What the data are.
  public var kind: Kind
  /// The rows that there are, those of a test set in the same folder among them.
  public var rowCount: Int
  /// The numbers of a row.
  public var columnCount: Int
  /// Of sparse data, the stored numbers.
  public var stored: Int?
  /// How a row lies on a picture.
  public var imageShape: ImageShape?
  /// The least and the greatest number; nil where there is none. Of bytes that are pixels as they are stored.
  public var range: ClosedRange<Float>?
  /// Whether the numbers are bytes, which a model sees as byte / 255.
  public var isBytes: Bool
  /// The columns of a table; none of pictures.
  public var columns: [ColumnSummary] = []
  /// The classes, by what they are called, with their rows; none where there are no labels.
  public var classes: [(name: String, count: Int)] = []
  /// The first rows' names, where rows have names.
  public var ids: [String]?
  /// What stands in the files beside the numbers, and what is known of the rows, such as the columns of cells.
  public var beside: [Beside] = []
  /// How the rows are divided.
  public var division: Division
  /// The rows to train on as a model would be shown them; nil where there is nothing to train on.
  public var training: Dataset?
  /// What was said of them while they were read, a sentence each.
  public var remarks: [String] = []
  /// What is likely to be wrong, a sentence each.
  public var warnings: [String] = []

  /// Things of one sort, in words.
  public struct Beside: Sendable, Hashable {
    /// What they are: "obs columns".
    public var name: String
    /// One after another.
    public var items: [String]

    /// Things of one sort.
    public init(_ name: String, _ items: [String]) { (self.name, self.items) = (name, items) }
  }

  /// How the rows are divided.
  public struct Division: Sendable, Hashable {
    /// Rows to train on.
    public var train: Int
    /// Rows held out.
    public var test: Int
    /// Rows that decide on the best epoch, where the data say which.
    public var validation: Int
    /// "10 % at random", in words.
    public var words: String
  }

  /// The share of numbers that are stored; nil of data that are not sparse.
  public var storedShare: Double? {
    stored.map { Double($0) / max(Double(rowCount) * Double(columnCount), 1) }
  }

  /// How many columns of each kind there are, in the order of the kinds.
  public var kindCounts: [(kind: ColumnSummary.Kind, count: Int)] {
    ColumnSummary.Kind.allCases.compactMap { kind in
      let count = columns.count { $0.kind == kind }
      return count > 0 ? (kind, count) : nil
    }
  }
}

/// What was understood of one column of a table.
public struct ColumnSummary: Sendable {
  /// What its values are.
  public enum Kind: String, Sendable, CaseIterable {
    case number, count
    case yesNo = "yes-no"
    case category, constant
    /// Text that says which row it is.
    case id
    /// Text that a model cannot use, such as dates.
    case text

    /// What a column of this kind in a model is to a person.
    public init(_ kind: CodedColumn.Kind) {
      self =
        switch kind {
        case .number, .inflated: .number
        case .count: .count
        case .yesNo: .yesNo
        case .category: .category
        case .constant: .constant
        }
    }
  }

  /// Its name.
  public var name: String
  /// What its values are.
  public var kind: Kind
  /// Rows without a value.
  public var missing: Int
  /// The share of them.
  public var missingShare: Double
  /// The least and the greatest number; nil of text, and where there is none.
  public var range: ClosedRange<Float>?
  /// The mean; nil where there is no range.
  public var mean: Double?
  /// The standard deviation.
  public var standardDeviation: Double?
  /// The most digits behind the point.
  public var decimals: Int
  /// Of few different values, what they are and their shares of the rows that have one, the most frequent first.
  public var levels: [(text: String, share: Double)] = []
  /// The value that has a probability of its own beside a range of others, and its share of the rows that have one.
  public var usual: (text: String, share: Double)?
  /// The different values, where they are known.
  public var levelCount: Int?
  /// What a model is to be shown of it: "standardised", "one-hot of 7".
  public var treatment: String
  /// What is wrong with it, where no model can use it.
  public var fault: DataError?
  /// The cells of the first rows.
  public var firstCells: [String]
}

extension CodedColumn {
  /// What a model is shown of it, in words.
  func treatment(_ scaling: TableModelling.Scaling) -> String {
    let words =
      switch kind {
      case .number where transform.isIdentity: "as it is"
      case .number where !transform.knots.isEmpty: "quantiles"
      case .number: scaling == .robust ? "by median and quartiles" : "standardised"
      case .inflated: "\(DecimalText.short(levels[0])) or quantiles"
      case .count: "Poisson"
      case .yesNo: "0 or 1"
      case .category: "one-hot of \(levels.count)"
      case .constant: "left out"
      }
    return role == .condition ? "\(words), told" : words
  }
}
