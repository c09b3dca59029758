/// Which of a file's matrices is meant.
public enum CellMatrix: Hashable, Sendable, CustomStringConvertible {
  /// "X" of AnnData; of other formats the only one there is.
  case main
  /// One of AnnData's or loom's layers.
  case layer(String)
  /// AnnData's "raw", whose genes may be others than those of X.
  case raw

  /// As AnnData's paths have it: "X", "layers/counts", "raw/X".
  public var description: String {
    switch self {
    case .main: "X"
    case .layer(let name): "layers/\(name)"
    case .raw: "raw/X"
    }
  }

  /// By such a path.
  public init?(_ path: String) {
    switch path {
    case "X": self = .main
    case "raw/X", "raw": self = .raw
    case _ where path.hasPrefix("layers/") && path.count > 7: self = .layer(String(path.dropFirst(7)))
    default: return nil
    }
  }
}

/// What numbers are to be.
public enum CellNumbers: Hashable, Sendable {
  /// Whole and at least 0; anything else is an error. Those that differ from a whole number by at most 1e-5 of it, as
  /// 0.999999 does, are rounded, and a remark says so.
  case counts
  /// Any finite numbers.
  case any
}

/// Which part of a file is read.
public struct CellSelection: Sendable {
  /// The matrix.
  public var matrix: CellMatrix
  /// What its numbers are to be.
  public var numbers: CellNumbers
  /// Of a 10x file with several genomes, the one to be read.
  public var genome: String?
  /// Of 10x features, the types to be read; nil for gene expression, where any feature is.
  public var featureTypes: [String]?
  /// The columns of `obs` and `var` to be read; nil for all of them.
  public var columns: [String]?
  /// Memory for turning a matrix that lies the other way, in bytes. What does not fit is read in several passes.
  public var memory: Int

  /// A selection.
  public init(
    matrix: CellMatrix = .main, numbers: CellNumbers = .counts, genome: String? = nil, featureTypes: [String]? = nil,
    columns: [String]? = nil, memory: Int = 512 << 20
  ) {
    self.matrix = matrix
    self.numbers = numbers
    self.genome = genome
    self.featureTypes = featureTypes
    self.columns = columns
    self.memory = memory
  }

  /// Whether a column is to be read.
  func wants(_ column: String) -> Bool { columns?.contains(column) ?? true }
}
