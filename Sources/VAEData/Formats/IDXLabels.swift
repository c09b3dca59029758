/// The classes of examples, as an IDX file has them.
///
/// They may be numbers of any type. A file has one a row, and then is of rank 1, or of rank 2 with a single column; or
/// QMNIST's eight 32-bit integers a row, of which the first is the class and the others tell who wrote the digit and
/// where it was found (Yadav and Bottou, "Cold Case: The Lost MNIST Digits", 2019).
public struct IDXLabels: Sendable {
  /// A class for each example; nil where the numbers are too many different ones.
  public let bytes: [UInt8]?
  /// What the classes are called, where the numbers are not all from 0 to 255.
  public let classNames: [String]?
  /// The number of examples.
  public let count: Int
  /// What a person should be told of the file, a line each.
  public let remarks: [String]

  /// Reads the file at `path`, gzip or not.
  ///
  /// - Throws: `DataError` where the file is not as it should be, or where a label is no whole number; `FileError` where it
  ///   cannot be read.
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
    count = header.shape[0]
    let remarksAtEnd = try header.remarksAtEnd(of: contents)
    if header.rowWidth == 1 && header.type == .unsignedByte {
      (bytes, classNames, remarks) = (numbers, nil, remarksAtEnd)
      return
    }
    let values = try numbers.withUnsafeBytes { try Self.values($0, header, columns: columns, path: path) }
    let (classes, others) = try DataClasses.find(in: values, place: "labels", path: path)
    (bytes, classNames) = (classes?.labels, classes?.names)
    remarks = remarksAtEnd + (others.map { ["\(path): \(DataClasses.remark($0, place: "labels"))"] } ?? [])
  }

  /// The first number of every row.
  private static func values(
    _ numbers: UnsafeRawBufferPointer, _ header: IDXHeader, columns: Int, path: String
  ) throws -> [Double] {
    try (0..<header.shape[0]).map { row in
      let value = header.type.value(at: row * columns, in: numbers)
      guard value == value.rounded() else {
        throw DataError(
          path: path, place: "label of row \(row + 1)", expected: "a whole number", found: "\(value)")
      }
      return value
    }
  }
}
