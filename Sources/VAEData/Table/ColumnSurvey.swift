/// What stands in the first cells of a column: numbers, or text, and of what kind.
struct ColumnSurvey {
  private(set) var numbers = 0
  private(set) var texts = 0
  /// Of the texts, the dates, and the numbers with a decimal comma.
  private var dates = 0
  private var commas = 0
  /// The most digits behind the point.
  private(set) var decimals = 0
  /// The first text, and where it is.
  private(set) var firstText: (file: Int, line: Int, text: String)?

  /// What a column is.
  enum Kind: UInt8 {
    case numbers, texts
    /// Nothing but missing cells so far.
    case undecided
  }

  /// Whichever most cells are. Where it is numbers the others are mistakes, which the reader will find.
  var kind: Kind {
    if numbers == 0 && texts == 0 { return .undecided }
    return texts > numbers ? .texts : .numbers
  }

  /// What is wrong with taking the column for text; nil where nothing is.
  func faultOfText(name: String) -> TableFault? {
    guard kind == .texts, let firstText else { return nil }
    let found = "\"\(firstText.text.onOneLine)\""
    if dates == texts {
      return TableFault(
        line: firstText.line,
        expected: "a number or a category (--exclude \(name.asShellWord), or write it as a number)",
        found: "the date \(found)")
    }
    if commas == texts {
      return TableFault(line: firstText.line, expected: NumberText.expectedPoint(of: firstText.text), found: found)
    }
    return nil
  }

  /// Counts a cell.
  mutating func add(
    _ cell: DelimitedCell, in bytes: UnsafeBufferPointer<UInt8>, missing: MissingWords, point: UInt8
  ) {
    if cell.content.isEmpty { return }
    let text = UnsafeBufferPointer(rebasing: bytes[cell.content])
    if let digits = NumberText.decimals(text, point: point) {
      if !missing.numbers.isEmpty, let number = NumberText.float(text, point: point), missing.contains(number) {
        return
      }
      numbers += 1
      decimals = max(decimals, digits)
    } else if missing.contains(text) {
      return
    } else if NumberText.float(text, point: point) != nil {
      numbers += 1
    } else {
      texts += 1
      if firstText == nil { firstText = (0, cell.line, cell.text(in: bytes)) }
      if DateText.isDate(text) { dates += 1 }
      if NumberText.decimals(text, point: UInt8(ascii: ",")) != nil { commas += 1 }
    }
  }

  /// Counts what another has, of cells of `file` that are `lines` further down.
  mutating func add(_ other: ColumnSurvey, file: Int, after lines: Int) {
    numbers += other.numbers
    texts += other.texts
    dates += other.dates
    commas += other.commas
    decimals = max(decimals, other.decimals)
    if firstText == nil, let first = other.firstText { firstText = (file, first.line + lines, first.text) }
  }
}

/// A survey of the rows of a block, as far as nothing is wrong with them.
struct BlockSurvey {
  var columns: [ColumnSurvey]
  private(set) var rowCount = 0
  private(set) var lineCount = 0
  private(set) var isFaulty = false

  init(
    _ block: TableBlock, _ start: TableStart, _ layout: TableSelection.Layout, columnCount: Int,
    missing: MissingWords, point: UInt8
  ) {
    columns = Array(repeating: ColumnSurvey(), count: columnCount)
    var rows = start.rows(in: block)
    let first = rows.cells.line
    columns.withUnsafeMutableBufferPointer { columns in
      layout.places.withUnsafeBufferPointer { places in
        do throws(TableFault) {
          while try rows.beginRow() {
            var column = 0
            while true {
              let cell = try rows.cells.next()
              if column < places.count, case let place = places[column], place >= 0 {
                columns[place].add(cell, in: block.bytes, missing: missing, point: point)
              }
              column += 1
              if cell.endsRecord { break }
            }
            rowCount += 1
          }
        } catch {
          isFaulty = true
        }
      }
    }
    lineCount = rows.cells.line - first
  }
}
