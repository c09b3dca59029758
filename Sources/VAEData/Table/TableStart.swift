/// What comes before the rows of a table of text: comments, and the names of its columns.
///
/// Lines that begin with "#" are comments, unless the file begins with a header; the last of those before the rows that is one
/// is the header, as NumPy's `savetxt` writes it: "# mean_0,mean_1".
struct TableStart {
  let delimiter: UInt8
  /// The columns' names, where it has any.
  let header: [String]?
  /// The line that they stand in, or where there are none that of the first row.
  let headerLine: Int
  let columnCount: Int
  let hasComments: Bool
  /// Whether the first row might be a header all the same; see `TableHeader.counts`.
  let firstRowCounts: Bool
  /// Where the rows begin, and in which line.
  let position: Int
  let line: Int

  /// Reads it from the first bytes of the file at `path`; nil where it does not end in them and they are not the whole.
  ///
  /// - Parameter isKnown: Whether a name is one that the reader looks for; see `TableHeader`.
  init?(
    _ bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool = true, path: String, format: TableFormat,
    isKnown: (String) -> Bool
  ) throws {
    delimiter =
      format.delimiter.byte
      ?? DelimiterChoice.automatic(bytes, isWhole: isWhole, hasDecimalComma: format.hasDecimalComma)
    var cells = CellScanner(bytes, delimiter: delimiter, position: ByteOrderMark.length(in: bytes))
    var comments: [(line: Int, cells: [String])] = []
    while cells.nextLineBegins(with: RowScanner.commentMark) {
      let line = cells.line
      comments.append((line, Self.names(inComment: cells.skipLine(), of: cells)))
    }
    let afterComments = cells
    var first: [DelimitedCell] = []
    do throws(TableFault) {
      first = try Self.firstRow(&cells)
    } catch {
      if !isWhole { return nil }
      throw error.error(path: path)
    }
    if !isWhole, cells.position == bytes.count { return nil }
    if format.delimiter == .automatic, first.count == 1,
      let count = DelimiterChoice.wordCount(bytes, isWhole: isWhole)
    {
      throw DataError(
        path: path, expected: "commas, semicolons, tabs or | between the cells (--delimiter space if spaces are)",
        found: "lines of \(count) words with spaces between")
    }
    guard let firstCell = first.first else {
      throw DataError(path: path, expected: "rows of numbers", found: comments.isEmpty ? "nothing" : "comments alone")
    }
    let texts = first.map { $0.text(in: bytes) }
    columnCount = texts.count
    if format.hasHeader ?? TableHeader.isHeader(texts, isKnown: isKnown) {
      header = try Self.names(first, in: bytes, path: path)
      headerLine = firstCell.line
      (position, line) = (cells.position, cells.line)
    } else {
      let comment = comments.last {
        format.hasHeader == nil && $0.cells.count == texts.count && TableHeader.isHeader($0.cells, isKnown: isKnown)
      }
      header = comment?.cells
      headerLine = comment?.line ?? firstCell.line
      (position, line) = (afterComments.position, afterComments.line)
    }
    hasComments = header == nil || !comments.isEmpty
    firstRowCounts = header == nil && format.hasHeader == nil && TableHeader.counts(texts)
  }

  /// At the first row.
  func rows(in bytes: UnsafeBufferPointer<UInt8>) -> RowScanner {
    RowScanner(
      CellScanner(bytes, delimiter: delimiter, position: position, line: line), columnCount: columnCount,
      hasComments: hasComments)
  }

  /// At the first row of a block. Lines are counted from 0 in all but the first of a file.
  func rows(in block: TableBlock) -> RowScanner {
    if block.start != nil { return rows(in: block.bytes) }
    return RowScanner(
      CellScanner(block.bytes, delimiter: delimiter, line: 0), columnCount: columnCount, hasComments: hasComments)
  }

  /// The cells of the first row, to whose end it goes; none where there is no row.
  private static func firstRow(_ cells: inout CellScanner) throws(TableFault) -> [DelimitedCell] {
    var rows = RowScanner(cells, columnCount: 0, hasComments: true)
    guard try rows.beginRow() else {
      cells = rows.cells
      return []
    }
    cells = rows.cells
    var row: [DelimitedCell] = []
    do throws(TableFault) {
      repeat { row.append(try cells.next()) } while !row[row.count - 1].endsRecord
    } catch {
      throw error.inColumn(row.count)
    }
    return row
  }

  /// The cells of a header, which have to be in UTF-8.
  private static func names(
    _ cells: [DelimitedCell], in bytes: UnsafeBufferPointer<UInt8>, path: String
  ) throws -> [String] {
    try cells.enumerated().map { column, cell in
      do throws(TableFault) {
        return try TextBytes.text(of: cell, in: bytes)
      } catch {
        throw error.inColumn(column).error(path: path)
      }
    }
  }

  /// None where it is prose, whose quotes need not come in pairs.
  private static func names(inComment line: Range<Int>, of cells: CellScanner) -> [String] {
    let text = cells.bytes[line].drop { $0 == RowScanner.commentMark }
    var scanner = CellScanner(UnsafeBufferPointer(rebasing: text), delimiter: cells.delimiter)
    var names: [String] = []
    do {
      while true {
        let cell = try scanner.next()
        names.append(cell.text(in: scanner.bytes))
        if cell.endsRecord { return names }
      }
    } catch {
      return []
    }
  }
}
