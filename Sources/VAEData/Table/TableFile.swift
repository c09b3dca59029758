/// Reads tables of text: CSV and TSV, plain or gzip, from files, pipes and standard input.
///
/// A line is a row, with commas, semicolons, tabs or "|" between the cells, or spaces where that is said; the first may name
/// the columns. Cells may be quoted (RFC 4180), lines end with LF, CRLF or CR, a byte order mark and comments (lines that begin with "#", unless the file begins
/// with a header) are passed over. A column holds numbers or text, whichever most of its first 10,000 rows have; text among
/// numbers is an error, and so are dates and decimal commas that nobody asked for. `TableFormat` says what cannot be found out,
/// `TableRequest` what is wanted.
///
/// A file is read once, but for those first rows, in blocks that all processors work on; no more of it is in memory than that.
public enum TableFile {
  /// The bytes that a worker takes at once.
  static let blockSize = 1 << 21

  /// Reads the files at `paths`, which are one table, row after row; "-" is standard input. Each must have the columns of the
  /// first, by name and in any order, or none of them names.
  ///
  /// Throws `FileError`, or a `DataError` of one line with the file, the line and the column.
  public static func read(
    paths: [String], format: TableFormat = TableFormat(), request: TableRequest = TableRequest()
  ) throws -> Table {
    try read(paths.map { try ByteSource(path: $0) }, format: format, request: request)
  }

  /// Reads a table in memory, plain or gzip; `path` is for messages.
  public static func read(
    _ bytes: [UInt8], path: String, format: TableFormat = TableFormat(), request: TableRequest = TableRequest()
  ) throws -> Table {
    try read([ByteSource(bytes, path: path)], format: format, request: request)
  }

  /// - Parameters:
  ///   - workers: How many threads; nil for one a processor.
  ///   - blockSize: The bytes that one takes at once.
  static func read(
    _ streams: [ByteSource], format: TableFormat = TableFormat(), request: TableRequest = TableRequest(),
    workers: Int? = nil, blockSize: Int = blockSize
  ) throws -> Table {
    try TableReading(streams, format, request, workers: workers, blockSize: blockSize).read()
  }

  /// All that comes from `path`, inflated, for who needs it more than once of a pipe or standard input; 4 GB at most.
  public static func bytes(path: String) throws -> [UInt8] { try Contents(ByteSource(path: path)).readAll() }

  /// Whether a file that begins so, inflated, may be a table of text, or at least is text: there are no bytes in it that no text
  /// has. What is in UTF-16 counts, as the reader says it better.
  public static func looksLikeText(_ firstBytes: some Collection<UInt8>) -> Bool {
    TextBytes.looksLikeText(firstBytes)
  }
}
