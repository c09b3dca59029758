/// Missing numbers of a table, filled in; 16 bytes each, and 4 more for each draw.
public struct Imputation: Sendable {
  /// A missing number, filled in, as the table has it.
  public struct Cell: Sendable, Hashable {
    private let rowNumber: UInt32
    private let columnNumber: UInt32
    /// The mean, or the likeliest level.
    public let value: Float
    /// The standard deviation given what is known; of a level its probability.
    public let spread: Float

    init(row: Int, column: Int, value: Float, spread: Float) {
      (rowNumber, columnNumber, self.value, self.spread) = (UInt32(row), UInt32(column), value, spread)
    }

    /// The row of the data set.
    public var row: Int { Int(rowNumber) }
    /// The column of its coding.
    public var column: Int { Int(columnNumber) }
  }

  /// In the order of the rows, and in a row of the columns.
  public private(set) var cells: [Cell] = []
  /// The draws of each.
  public let drawCount: Int
  /// [cells, `drawCount`].
  private var allDraws: [Float] = []

  init(drawCount: Int) { self.drawCount = drawCount }

  mutating func append(_ cell: Cell, draws: some Collection<Float>) {
    precondition(draws.count == drawCount, "\(draws.count) draws of a cell that has \(drawCount)")
    cells.append(cell)
    allDraws += draws
  }

  mutating func append(_ other: Imputation) {
    if cells.isEmpty {
      (cells, allDraws) = (other.cells, other.allDraws)
    } else {
      cells += other.cells
      allDraws += other.allDraws
    }
  }

  /// Draw `draw` of a cell.
  public func draw(_ draw: Int, ofCell cell: Int) -> Float { allDraws[cell * drawCount + draw] }

  /// The draws of a cell.
  public func draws(ofCell cell: Int) -> ArraySlice<Float> { allDraws[cell * drawCount..<(cell + 1) * drawCount] }

  /// Finds cells for whoever goes through the rows from the first to the last.
  public struct Finder {
    private let imputation: Imputation
    /// The first cell of the row at hand, or of a later one.
    private var first = 0

    /// The place of a cell among `cells`; nil where there is none. Rows come in their order.
    public mutating func cell(row: Int, column: Int) -> Int? {
      let cells = imputation.cells
      precondition(first == 0 || cells[first - 1].row < row, "row \(row) after a later one")
      while first < cells.count, cells[first].row < row { first += 1 }
      var place = first
      while place < cells.count, cells[place].row == row {
        if cells[place].column == column { return place }
        place += 1
      }
      return nil
    }

    init(_ imputation: Imputation) { self.imputation = imputation }
  }

  /// A finder before the first row.
  public var finder: Finder { Finder(self) }
}
