import Foundation

/// Copies a table of text with other text in some of its cells, and every other byte as it was: comments, quotes, spaces, line
/// ends, and the digits of each number.
public enum TableRewriter {
  /// What is to stand in a cell, without quotes; nil to leave it as it is. Rows are counted from 0 without header and comments,
  /// columns as they are in the file, from 0.
  public typealias Replacement = (_ row: Int, _ column: Int) -> String?

  /// Hands the new text to `append`, part by part, inflated where the file is a gzip file.
  ///
  /// - Parameters:
  ///   - path: As for `TableFile.read`.
  ///   - format: That which the table was read with, so that its rows are the same; `request` too.
  ///   - replacement: Given the columns' names, what is to stand in the cells.
  /// - Throws: What `TableFile.read` does where cells cannot be told, and what the closures throw.
  public static func rewrite(
    path: String, format: TableFormat = TableFormat(), request: TableRequest = TableRequest(),
    replacement: (_ names: [String]) throws -> Replacement, _ append: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try rewrite(ByteSource(path: path), format, request, TableFile.blockSize, replacement, append)
  }

  /// What stands between the cells of the table at `path`, found out where the format does not say it. Its first lines are read.
  public static func delimiter(
    path: String, format: TableFormat = TableFormat(), request: TableRequest = TableRequest()
  ) throws -> TableFormat.Delimiter {
    guard format.delimiter == .automatic else { return format.delimiter }
    let blocks = TableBlocks(
      [try ByteSource(path: path)], format: format, request: request, blockSize: TableFile.blockSize)
    let byte = try blocks.next()?.start?.delimiter
    return TableFormat.Delimiter.allCases.first { $0.byte != nil && $0.byte == byte } ?? .comma
  }

  /// The new text of a table in memory, plain or gzip; `path` is for messages.
  public static func rewrite(
    _ bytes: [UInt8], path: String, format: TableFormat = TableFormat(), request: TableRequest = TableRequest(),
    replacement: (_ names: [String]) throws -> Replacement
  ) throws -> Data {
    var data = Data()
    try rewrite(ByteSource(bytes, path: path), format, request, TableFile.blockSize, replacement) {
      data.append(contentsOf: $0)
    }
    return data
  }

  static func rewrite(
    _ stream: ByteSource, _ format: TableFormat, _ request: TableRequest, _ blockSize: Int,
    _ replacement: (_ names: [String]) throws -> Replacement, _ append: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let path = stream.path
    let blocks = TableBlocks([stream], format: format, request: request, blockSize: blockSize)
    guard let first = try blocks.next(), let start = first.start else { return }
    var copy = Copy(start: start, replace: try replacement(NamedColumns(start, path: path).names))
    var block: TableBlock? = first
    while let current = block {
      do throws(TableFault) {
        try copy.take(current)
      } catch {
        throw error.error(path: path, after: copy.line)
      }
      try copy.bytes.withUnsafeBytes { try append($0) }
      blocks.giveBack(current)
      block = try blocks.next()
    }
  }

  /// The copy of one block after another.
  private struct Copy {
    let start: TableStart
    let replace: Replacement
    /// Of the block at hand.
    private(set) var bytes: [UInt8] = []
    /// How many lines there are above those that the block at hand counts.
    private(set) var line = 0
    private var row = 0
    private var cells: [DelimitedCell] = []

    init(start: TableStart, replace: @escaping Replacement) { (self.start, self.replace) = (start, replace) }

    mutating func take(_ block: TableBlock) throws(TableFault) {
      bytes.removeAll(keepingCapacity: true)
      let source = block.bytes
      var rows = start.rows(in: block)
      var copied = 0
      while try rows.readRow(into: &cells) {
        for (column, cell) in cells.enumerated() {
          guard let text = replace(row, column) else { continue }
          // The spaces around a cell stay, unless the text needs quotes, which not everybody looks for behind spaces.
          let needsQuotes = CellText.needsQuotes(text, delimiter: start.delimiter, beginsLine: column == 0)
          let replaced = cell.isQuoted || needsQuotes ? cell.extent : cell.content
          bytes += source[copied..<replaced.lowerBound]
          CellText.append(text, delimiter: start.delimiter, beginsLine: column == 0, to: &bytes)
          copied = replaced.upperBound
        }
        row += 1
      }
      bytes += source[copied...]
      line = rows.cells.line + (block.start == nil ? line : 0)
    }
  }
}
