/// A column of what is known of cells or genes.
public struct CellColumn: Hashable, Sendable {
  /// What it is called.
  public var name: String
  /// What it says.
  public var values: Values

  /// What a column says of each cell, or of each gene.
  public enum Values: Hashable, Sendable {
    /// The number of a category for each, and what the categories are called; -1 where there is none. Yes and no are the
    /// categories "False" and "True".
    case categories(codes: [Int32], names: [String])
    /// A number for each; NaN where there is none.
    case numbers([Double])
    /// A text for each; empty where there is none.
    case texts([String])
  }

  /// A column.
  public init(name: String, values: Values) {
    self.name = name
    self.values = values
  }

  /// How many cells or genes it is of.
  public var count: Int {
    switch values {
    case .categories(let codes, _): codes.count
    case .numbers(let numbers): numbers.count
    case .texts(let texts): texts.count
    }
  }

  /// Of a column of yes and no, which are yes; nil of any other.
  public var flags: [Bool]? {
    guard case .categories(let codes, let names) = values, names == Self.flagNames else { return nil }
    return codes.map { $0 == 1 }
  }

  static let flagNames = ["False", "True"]

  /// "sample (2 categories)".
  var words: String {
    switch values {
    case .categories(_, let names):
      "\(name) (\(names == Self.flagNames ? "yes or no" : names.count.counted("category", plural: "categories")))"
    case .numbers: "\(name) (numbers)"
    case .texts: "\(name) (texts)"
    }
  }
}

extension Double {
  /// What a number is called where it is the name of a category: "3" of a whole one.
  var plain: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}

/// What is known of the cells and genes whose counts went to a sink, in the sink's order.
public struct CellTable: Sendable {
  /// The format: "AnnData", "10x HDF5 3", "10x folder 2", "loom".
  public var format: String
  /// The number of cells.
  public var cellCount: Int { ids.count }
  /// The number of genes.
  public var geneCount: Int { genes.count }
  /// What each cell is called: names of `obs`, barcodes.
  public var ids: [String]
  /// What each gene is called.
  public var genes: [String]
  /// The identifier of each gene, where a format has one beside the name.
  public var geneIDs: [String]?
  /// What is known of the cells.
  public var obs: [CellColumn]
  /// What is known of the genes.
  public var vars: [CellColumn]
  /// How many numbers went to the sink.
  public var stored: Int
  /// What is odd, a sentence each, for a person.
  public var remarks: [String]

  /// What is known.
  public init(
    format: String, ids: [String], genes: [String], geneIDs: [String]? = nil, obs: [CellColumn] = [],
    vars: [CellColumn] = [], stored: Int, remarks: [String] = []
  ) {
    self.format = format
    self.ids = ids
    self.genes = genes
    self.geneIDs = geneIDs
    self.obs = obs
    self.vars = vars
    self.stored = stored
    self.remarks = remarks
  }
}
