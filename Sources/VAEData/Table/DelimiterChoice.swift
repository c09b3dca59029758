/// Finds out what stands between the cells of a table.
enum DelimiterChoice {
  /// The first lines, as many as tell.
  private static let lineCount = 100

  /// The byte that divides most of the first lines into as many cells as the first, and that into more than one. A comma where
  /// there is none: of a table of one column, or of what is no table.
  ///
  /// Of two that divide as many lines it is the one that stands in numbers and prose less often: tabs before semicolons before
  /// commas; "|" comes last, as it also divides what is in one cell. A comma that begins fractions divides nothing.
  ///
  /// - Parameter isWhole: Whether there are no more bytes behind these; else the last line may be cut and does not count.
  static func automatic(
    _ bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool, hasDecimalComma: Bool
  ) -> UInt8 {
    var best = (delimiter: UInt8(ascii: ","), lines: 0)
    for delimiter in [TableFormat.Delimiter.tab, .semicolon, .comma, .pipe]
    where !(hasDecimalComma && delimiter == .comma) {
      guard let byte = delimiter.byte else { continue }
      let lines = agreeingLines(CellScanner(bytes, delimiter: byte, position: ByteOrderMark.length(in: bytes)), isWhole)
      if lines > best.lines { best = (byte, lines) }
    }
    return best.delimiter
  }

  /// How many words a line has that spaces divide, where that is two or more, as many in each of the first lines, and numbers
  /// for the most part: a table of spaces rather than one column of text. Nil of others.
  static func wordCount(_ bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> Int? {
    guard let space = TableFormat.Delimiter.space.byte else { return nil }
    var cells = CellScanner(bytes, delimiter: space, position: ByteOrderMark.length(in: bytes))
    var (lines, words, numbers, columns) = (0, 0, 0, 0)
    while lines < lineCount, cells.position < bytes.count {
      if cells.nextLineBegins(with: RowScanner.commentMark) || cells.nextLineIsBlank() {
        cells.skipLine()
        continue
      }
      let start = cells
      guard let count = cellCount(&cells) else { return nil }
      guard isWhole || lines == 0 || cells.position < bytes.count else { break }
      if lines == 0 { columns = count }
      guard count == columns, count > 1 else { return nil }
      lines += 1
      // The first line may have names.
      if lines > 1 { (words, numbers) = (words + count, numbers + numberCount(start)) }
    }
    return lines > 1 && 2 * numbers > words ? columns : nil
  }

  /// How many cells of the next record, which can be told, are numbers.
  private static func numberCount(_ scanner: CellScanner) -> Int {
    var cells = scanner
    var count = 0
    while let cell = try? cells.next() {
      if NumberText.float(UnsafeBufferPointer(rebasing: cells.bytes[cell.content])) != nil { count += 1 }
      if cell.endsRecord { break }
    }
    return count
  }

  /// How many lines have as many cells as the first; 0 where that is one. Up to the first whose cells cannot be told.
  private static func agreeingLines(_ scanner: CellScanner, _ isWhole: Bool) -> Int {
    var cells = scanner
    var counts: [Int] = []
    while counts.count < lineCount, cells.position < cells.bytes.count {
      if cells.nextLineBegins(with: RowScanner.commentMark) || cells.nextLineIsBlank() {
        cells.skipLine()
        continue
      }
      guard let count = cellCount(&cells) else { break }
      guard isWhole || counts.isEmpty || cells.position < cells.bytes.count else { break }
      counts.append(count)
    }
    guard let first = counts.first, first > 1 else { return 0 }
    return counts.count { $0 == first }
  }

  /// Of the next record; nil where quotes in it do not end as they should.
  private static func cellCount(_ cells: inout CellScanner) -> Int? {
    var count = 1
    do {
      while try !cells.next().endsRecord { count += 1 }
      return count
    } catch {
      return nil
    }
  }
}
