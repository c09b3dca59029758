/// The classes of examples, as an IDX file has them.
///
/// They may be numbers of any type. A file has one a row, and then is of rank 1, or of rank 2 with a single column; or
/// QMNIST's eight 32-bit integers a row, of which the first is the class and the others tell who wrote the digit and
/// where it was found (Yadav and Bottou, "Cold Case: The Lost MNIST Digits", 2019).
public struct IDXLabels: Sendable {
  /// A class for each example.
  public let bytes: [UInt8]
  /// What a person should be told of the file, a line each.
  public let remarks: [String]

  /// Reads the file at `path`, gzip or not.
  ///
  /// - Throws: `DataError` where the file is not as it should be, or where a label is no whole number from 0 to 255;
  ///   `FileError` where it cannot be read.
  public init(path: String) throws {
    let contents = try Contents(path: path)
    let header = try IDXHeader(contents, kind: .labels)
    let columns = header.shape.count == 1 ? 1 : header.shape[1]
    guard columns == 1 || columns == 8 && header.type == .int else {
      throw DataError(
        path: path, place: "header",
        expected: "labels, one a row, or eight 32-bit integers a row as QMNIST has them",
        found: "\(columns.counted("number")) a row, \(header.type.name)")
    }
    try contents.check(header.claim(.labels))
    var numbers = [UInt8](repeating: 0, count: header.end - header.start)
    try numbers.withUnsafeMutableBytes { try contents.fill($0, header.claim(.labels)) }
    bytes =
      header.rowWidth == 1 && header.type == .unsignedByte
      ? numbers : try numbers.withUnsafeBytes { try Self.classes($0, header, columns: columns, path: path) }
    remarks = try header.remarksAtEnd(of: contents)
  }

  /// The first number of every row.
  private static func classes(
    _ numbers: UnsafeRawBufferPointer, _ header: IDXHeader, columns: Int, path: String
  ) throws -> [UInt8] {
    try (0..<header.shape[0]).map { row in
      let value = header.type.value(at: row * columns, in: numbers)
      guard let label = UInt8(exactly: value) else {
        throw DataError(
          path: path, place: "label of row \(row + 1)", expected: "a whole number from 0 to 255",
          found: Int(exactly: value).map(String.init) ?? "\(value)")
      }
      return label
    }
  }
}
