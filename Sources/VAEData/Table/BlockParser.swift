import VAEKernels

/// The numbers of a block, or what is wrong with it.
struct ParsedBlock {
  /// Row after row. A column of text has the codes of the dictionaries of `worker`.
  var values: FloatPages?
  var rowCount = 0
  /// For each column kept as text, its cells.
  var asides: [[String]]
  let worker: Int
  /// The lines that the rows take, with those in front of them.
  var lineCount = 0
  /// The first of the empty lines behind the last row.
  var blankLine: Int?
  /// What ended the reading.
  var failure: Failure?

  enum Failure {
    case fault(TableFault)
    /// A column of which nothing was known has a value.
    case undecided
    case noMemory
  }
}

/// Turns blocks into numbers: one for each worker, with the dictionaries of the texts that it has seen.
///
/// What it reads and how: each column of a file is passed over, or goes to a place among the table's columns as a number or as
/// the code of a text, or is kept as text, or both.
final class BlockParser: @unchecked Sendable {
  let worker: Int
  /// For each of the table's columns, where it is text.
  private(set) var dictionaries: [TextDictionary?]
  private let plan: TablePlan
  private let missing: MissingWords
  private let point: UInt8

  init(_ plan: TablePlan, worker: Int) {
    (self.plan, self.worker) = (plan, worker)
    missing = plan.missing
    point = plan.format.decimalPoint
    dictionaries = Array(repeating: nil, count: plan.selection.names.count)
  }

  /// The block's rows, as far as nothing is wrong with them; its columns are what `kinds` says.
  func parse(_ block: TableBlock, kinds: [ColumnSurvey.Kind]) -> ParsedBlock {
    let (start, layout) = plan.files[block.file]
    for (place, kind) in kinds.enumerated() where kind == .texts && dictionaries[place] == nil {
      dictionaries[place] = TextDictionary(missing: missing, known: plan.known?[place].texts)
    }
    var parsed = ParsedBlock(asides: Array(repeating: [], count: plan.selection.asides.count), worker: worker)
    // A row has at least a byte for each cell.
    let capacity = (block.count / start.columnCount + 2) * kinds.count
    guard let values = FloatPages(capacity: capacity) else {
      parsed.failure = .noMemory
      return parsed
    }
    var rows = start.rows(in: block)
    let firstLine = rows.cells.line
    let actions = layout.places.map { $0 < 0 ? Action.pass : Action(kinds[$0]) }
    do throws(TableFault) {
      let isDecided = try actions.withUnsafeBufferPointer { actions throws(TableFault) in
        try layout.places.withUnsafeBufferPointer { places throws(TableFault) in
          try read(
            &rows, into: values.base, width: kinds.count, actions: actions, places: places, layout: layout, &parsed)
        }
      }
      if !isDecided { parsed.failure = .undecided }
    } catch {
      parsed.failure = .fault(error)
    }
    values.shrink(to: parsed.rowCount * kinds.count)
    parsed.values = values
    parsed.lineCount = rows.cells.line - firstLine
    parsed.blankLine = rows.blankLine
    return parsed
  }

  /// What becomes of a cell.
  private enum Action: UInt8 {
    case pass, number, text, undecided

    init(_ kind: ColumnSurvey.Kind) {
      switch kind {
      case .numbers: self = .number
      case .texts: self = .text
      case .undecided: self = .undecided
      }
    }
  }

  /// Reads all rows; false where a column is undecided no longer.
  private func read(
    _ rows: inout RowScanner, into values: UnsafeMutablePointer<Float>, width: Int,
    actions: UnsafeBufferPointer<Action>, places: UnsafeBufferPointer<Int>, layout: TableSelection.Layout,
    _ parsed: inout ParsedBlock
  ) throws(TableFault) -> Bool {
    let bytes = rows.cells.bytes
    let last = actions.count - 1
    let hasAsides = !parsed.asides.isEmpty
    var row = values
    while try rows.beginRow() {
      let start = rows.cells
      var column = 0
      do throws(TableFault) {
        while true {
          let cell = try rows.cells.next()
          guard cell.endsRecord == (column == last) else { throw rows.raggedFault(line: cell.line, found: column) }
          switch actions[column] {
          case .pass: break
          case .number: row[places[column]] = try number(in: cell, of: bytes, column, layout)
          case .text: row[places[column]] = try code(of: cell, in: bytes, column, layout)
          case .undecided:
            guard isMissing(UnsafeBufferPointer(rebasing: bytes[cell.content])) else { return false }
            row[places[column]] = .nan
          }
          if hasAsides, layout.asides[column] >= 0 {
            parsed.asides[layout.asides[column]].append(try aside(cell, bytes))
          }
          if cell.endsRecord { break }
          column += 1
        }
      } catch {
        throw Self.fault(error, inColumn: column, of: rows, at: start)
      }
      row += width
      parsed.rowCount += 1
    }
    return true
  }

  /// What is to be said of a row that began at `start`: where cells are missing or too many, what they hold says nothing.
  private static func fault(
    _ fault: TableFault, inColumn column: Int, of rows: RowScanner, at start: CellScanner
  ) -> TableFault {
    var cells = start
    var count = 1
    do {
      while try !cells.next().endsRecord { count += 1 }
    } catch {
      return fault.inColumn(column)
    }
    return count == rows.columnCount ? fault.inColumn(column) : rows.raggedFault(line: start.line, found: count)
  }

  // MARK: Cells

  @inline(__always)
  private func number(
    in cell: DelimitedCell, of bytes: UnsafeBufferPointer<UInt8>, _ column: Int, _ layout: TableSelection.Layout
  ) throws(TableFault) -> Float {
    let text = UnsafeBufferPointer(rebasing: bytes[cell.content])
    if let number = NumberText.float(text, point: point), number.isFinite,
      missing.numbers.isEmpty || !missing.contains(number)
    {
      return number
    }
    return try noNumber(cell, bytes, column, layout)
  }

  /// As a text or as a number.
  private func isMissing(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if missing.contains(text) { return true }
    return !missing.numbers.isEmpty && NumberText.float(text, point: point).map(missing.contains) ?? false
  }

  /// NaN for what is missing; else throws what is wrong with it.
  @inline(never)
  private func noNumber(
    _ cell: DelimitedCell, _ bytes: UnsafeBufferPointer<UInt8>, _ column: Int, _ layout: TableSelection.Layout
  ) throws(TableFault) -> Float {
    let text = UnsafeBufferPointer(rebasing: bytes[cell.content])
    if missing.contains(text) { return .nan }
    let number = NumberText.float(text, point: point)
    if let number, missing.contains(number) { return .nan }
    let found = cell.description(in: bytes)
    if number != nil {
      throw TableFault(line: cell.line, expected: "a finite number within ±3.4e38", found: found)
    }
    if NumberText.decimals(text, point: UInt8(ascii: ",")) != nil {
      throw TableFault(
        line: cell.line, expected: NumberText.expectedPoint(of: cell.text(in: bytes)), found: found)
    }
    if point != NumberText.point, NumberText.float(text) != nil {
      throw TableFault(
        line: cell.line, expected: "a number with a comma, as in 1,5 (--no-decimal-comma if these have points)",
        found: found)
    }
    // Of a model's own columns it is known what they are.
    let orText =
      plan.request.known == nil ? "--categories \(layout.names[column].asShellWord) if the column is text, " : ""
    let word = "'\(cell.text(in: bytes).onOneLine)'"
    throw TableFault(
      line: cell.line, expected: "a number, as in other rows (\(orText)--missing \(word) if that stands for nothing)",
      found: found)
  }

  private func code(
    of cell: DelimitedCell, in bytes: UnsafeBufferPointer<UInt8>, _ column: Int, _ layout: TableSelection.Layout
  ) throws(TableFault) -> Float {
    let place = layout.places[column]
    guard let dictionary = dictionaries[place] else { preconditionFailure("column \(place) has no dictionary") }
    let content = UnsafeBufferPointer(rebasing: bytes[cell.content])
    let entry =
      cell.hasDoubledQuotes
      ? Array(cell.text(in: bytes).utf8).withUnsafeBufferPointer { dictionary.entry(of: $0) }
      : dictionary.entry(of: content)
    switch entry {
    case .code(let code): return Float(code)
    case .missing: return .nan
    case .notUTF8: throw TextBytes.fault(of: cell, in: bytes)
    case .full:
      // Any will do: the column is not to be used, but is not missing.
      if plan.request.keepsFaultyColumns { return 0 }
      throw TextDictionary.fullFault(line: cell.line, column: column, name: layout.names[column])
    case .unknown:
      if plan.request.takesUnknownTexts { return UnknownText.mark }
      let nearest = NearestNames.words(to: cell.text(in: bytes), among: dictionary.texts).map { "; \($0)" } ?? ""
      throw TableFault(
        line: cell.line, expected: UnknownText.expected(dictionary.texts),
        found: "\(cell.description(in: bytes))\(nearest)")
    }
  }

  private func aside(
    _ cell: DelimitedCell, _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(TableFault) -> String {
    if missing.contains(UnsafeBufferPointer(rebasing: bytes[cell.content])) { return "" }
    return try TextBytes.text(of: cell, in: bytes)
  }
}
