/// The IDX format of the MNIST database (LeCun, Cortes and Burges): a big-endian header, then numbers.
///
///     00 00        always
///     08           the type of a number, as `IDXNumber` has it
///     rank         how many sizes follow
///     sizes        four bytes each, the number of examples first
///     numbers      row after row
///
/// The file may be compressed with gzip. What follows the last number is no part of it, and is passed over with a remark.
public enum IDX {
  /// Whether contents that begin with `bytes` are meant to be an IDX file.
  static func begins(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0 && bytes[1] == 0
  }

  /// Reads images: of rank 2 (examples, features), 3 (examples, rows, columns) or 4 (examples, rows, columns, channels,
  /// or channels before rows); see `IDXImages`.
  public static func images(path: String, transposed: Bool = false) throws -> IDXImages {
    try IDXImages(path: path, transposed: transposed)
  }

  /// Reads labels, one a row; see `IDXLabels`.
  public static func labels(path: String) throws -> IDXLabels {
    try IDXLabels(path: path)
  }

  /// An array as the bytes of an uncompressed IDX file.
  public static func encode(_ bytes: [UInt8], shape: [Int]) -> [UInt8] {
    precondition(
      shape.reduce(1, *) == bytes.count && (1...255).contains(shape.count)
        && shape.allSatisfy { (0...Int(UInt32.max)).contains($0) },
      "\(bytes.count) bytes for a shape of \(shape)")
    let sizes = shape.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
    return [0, 0, IDXNumber.unsignedByte.rawValue, UInt8(shape.count)] + sizes + bytes
  }
}
