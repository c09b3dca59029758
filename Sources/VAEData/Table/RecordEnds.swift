import CStandardLibrary

/// Where records end.
enum RecordEnds {
  /// Behind the last record that ends for sure within `bytes`, which begin with one, at `position`; 0 where none does.
  static func last(in bytes: UnsafeBufferPointer<UInt8>, _ start: TableStart, from position: Int) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    let hasQuotes = memchr(base + position, Int32(CellScanner.quote), bytes.count - position) != nil
    let end = hasQuotes ? lastByReading(bytes, start, position) : lastLine(bytes)
    // Lines before the rows end no record.
    return end > position ? end : 0
  }

  /// A return at the very end may be half of a line end.
  private static func lastLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var end = bytes.count
    if end > 0, bytes[end - 1] == CellScanner.carriageReturn { end -= 1 }
    while end > 0, !CellScanner.isLineEnd(bytes[end - 1]) { end -= 1 }
    return end
  }

  /// Where the cells cannot be told, all of the bytes: whoever reads them will say so.
  private static func lastByReading(_ bytes: UnsafeBufferPointer<UInt8>, _ start: TableStart, _ position: Int) -> Int {
    var cells = CellScanner(bytes, delimiter: start.delimiter, position: position)
    var end = 0
    do throws(TableFault) {
      while cells.position < bytes.count {
        if start.hasComments, cells.nextLineBegins(with: RowScanner.commentMark) {
          cells.skipLine()
        } else {
          while try !cells.next().endsRecord {}
        }
        if cells.position < bytes.count || bytes[bytes.count - 1] == CellScanner.lineFeed { end = cells.position }
      }
      return end
    } catch {
      return error.isUnclosed ? end : bytes.count
    }
  }
}
