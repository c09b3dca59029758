/// Finds out what stands between the cells of a table.
enum DelimiterChoice {
  /// The first lines, as many as tell.
  private static let lineCount = 100

  /// The byte that divides most of the first lines into as many cells as the first, and that into more than one. A comma where
  /// there is none: of a table of one column, or of what is no table.
  ///
  /// Of two that divide as many lines it is the one that stands in numbers and prose less often: tabs before semicolons before
  /// commas. A comma that begins fractions divides nothing.
  ///
  /// - Parameter isWhole: Whether there are no more bytes behind these; else the last line may be cut and does not count.
  static func automatic(
    _ bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool, hasDecimalComma: Bool
  ) -> UInt8 {
    var best = (delimiter: UInt8(ascii: ","), lines: 0)
    for delimiter in [TableFormat.Delimiter.tab, .semicolon, .comma] where !(hasDecimalComma && delimiter == .comma) {
      guard let byte = delimiter.byte else { continue }
      let lines = agreeingLines(CellScanner(bytes, delimiter: byte, position: ByteOrderMark.length(in: bytes)), isWhole)
      if lines > best.lines { best = (byte, lines) }
    }
    return best.delimiter
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
