/// A file in the IDX format of the MNIST database (LeCun, Cortes and Burges): a big-endian header, then bytes.
///
///     00 00        always
///     08           the type of a number; 08, unsigned bytes, is the one read here
///     rank         how many sizes follow
///     sizes        four bytes each, the number of examples first
///     numbers      row after row
///
/// The file may be compressed with gzip.
public struct IDX: Sendable {
  /// The sizes; the first is the number of examples.
  public let shape: [Int]
  /// The numbers.
  public let bytes: [UInt8]

  /// Whether contents that begin with `bytes` are meant to be an IDX file.
  static func begins(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0 && bytes[1] == 0
  }

  /// The types of number that the format knows, by their code.
  private static let types: [UInt8: String] = [
    0x08: "unsigned bytes", 0x09: "signed bytes", 0x0B: "16-bit integers", 0x0C: "32-bit integers",
    0x0D: "32-bit floats", 0x0E: "64-bit floats",
  ]

  /// Reads images: of rank 2 (examples, features), 3 (examples, rows, columns) or 4 (examples, rows, columns,
  /// channels).
  public static func images(path: String) throws -> IDX {
    try read(path: path, ranks: 2...4, kind: "images")
  }

  /// Reads labels: of rank 1.
  public static func labels(path: String) throws -> IDX {
    try read(path: path, ranks: 1...1, kind: "labels")
  }

  /// How the features of an example lie on a picture, where the file says it.
  var imageShape: ImageShape? {
    shape.count < 3 ? nil : ImageShape(width: shape[2], height: shape[1], channels: shape.count == 4 ? shape[3] : 1)
  }

  private static func read(path: String, ranks: ClosedRange<Int>, kind: String) throws -> IDX {
    let contents = try Contents(path: path)
    let start = try contents.read(atMost: 4)
    let magic = ranks.map { "00 00 08 0\($0)" }.joined(separator: " or ")
    func headerError(_ expected: String, _ found: String) -> DataError {
      DataError(path: path, place: "header", expected: expected, found: found)
    }
    guard !start.isEmpty else { throw DataError(path: path, expected: "\(kind) in the IDX format", found: "nothing") }
    guard start.count == 4, begins(start) else {
      throw headerError("\(kind) in the IDX format, which begin with \(magic)", hexadecimal(start))
    }
    guard start[2] == 0x08 else {
      let type = types[start[2]].map { " (\($0))" } ?? ""
      throw headerError("type 08 (unsigned bytes)", "type \(hexadecimal([start[2]]))\(type)")
    }
    let rank = Int(start[3])
    guard ranks.contains(rank) else {
      let found = rank == 1 ? "labels" : (2...4).contains(rank) ? "images" : "an array of rank \(rank)"
      throw headerError("\(kind), which begin with \(magic)", "\(found), beginning with \(hexadecimal(start))")
    }

    let sizeBytes = try contents.read(atMost: 4 * rank)
    guard sizeBytes.count == 4 * rank else {
      throw headerError("\(rank) sizes of four bytes", "\(sizeBytes.count) bytes")
    }
    let shape = (0..<rank).map { index in
      sizeBytes[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let meaning = shape.map(String.init).joined(separator: " × ") + " \(kind)"
    guard !shape.contains(0) else { throw headerError("at least one example of at least one byte", meaning) }
    var count = 1
    for size in shape {
      let product = count.multipliedReportingOverflow(by: size)
      guard !product.overflow, product.partialValue < Int.max >> 1 else {
        throw headerError("a size that fits in memory", meaning)
      }
      count = product.partialValue
    }
    let bytes = try contents.readRest(count: count, place: "header", meaning: meaning)
    return IDX(shape: shape, bytes: bytes)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
  }

  /// An array as the bytes of an uncompressed IDX file.
  public static func encode(_ bytes: [UInt8], shape: [Int]) -> [UInt8] {
    precondition(
      shape.reduce(1, *) == bytes.count && (1...255).contains(shape.count)
        && shape.allSatisfy { (0...Int(UInt32.max)).contains($0) },
      "\(bytes.count) bytes for a shape of \(shape)")
    let sizes = shape.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
    return [0, 0, 0x08, UInt8(shape.count)] + sizes + bytes
  }
}

extension IDX {
  /// The examples, with `labels` if there are any.
  func dataset(labels: [UInt8]?, name: String) -> Dataset {
    Dataset(
      bytes: bytes, featureCount: bytes.count / shape[0], imageShape: imageShape, labels: labels, name: name)
  }
}
