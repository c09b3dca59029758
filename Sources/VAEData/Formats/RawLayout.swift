/// How numbers lie in a file that does not say it: their type, the shape of an example, and the bytes before the first.
///
/// An example lies as a row of C order does: of a picture rows from the top, pixels from the left, channels innermost.
public struct RawLayout: Sendable, Hashable, Codable {
  /// NumPy's word for the type, such as "<f4".
  public let type: String
  /// Of one example [columns], [height, width], or [height, width, channels] with 1 or 3 channels.
  public let shape: [Int]
  /// Bytes before the first number.
  public let start: Int

  /// The words for types beside NumPy's short ones, all little-endian.
  public static let types = [
    ("float32", "<f4"), ("float64", "<f8"), ("float16", "<f2"), ("uint8", "|u1"), ("int8", "|i1"), ("uint16", "<u2"),
    ("int16", "<i2"), ("uint32", "<u4"), ("int32", "<i4"), ("uint64", "<u8"), ("int64", "<i8"), ("bool", "|b1"),
  ]

  /// A layout. nil where `type` is neither one of `types` nor a word of NumPy's that is read, where `shape` is of nothing that
  /// is an example or of more numbers than an `Int` counts the bytes of, or where `start` is negative.
  public init?(type: String, shape: [Int], start: Int = 0) {
    let word = Self.types.first { $0.0 == type }?.1 ?? type
    guard let number = NPYNumber(word), Self.isExample(shape), start >= 0,
      let count = NPYHeader(typeName: word, type: number, shape: shape).count,
      !count.multipliedReportingOverflow(by: number.width).overflow
    else { return nil }
    (self.type, self.shape, self.start) = (word, shape, start)
  }

  /// Whether `shape` is one of an example.
  public static func isExample(_ shape: [Int]) -> Bool {
    guard (1...3).contains(shape.count), shape.allSatisfy({ $0 > 0 }) else { return false }
    return shape.count < 3 || [1, 3].contains(shape[2])
  }

  /// Whether `type` is a word for one.
  public static func isType(_ type: String) -> Bool { RawLayout(type: type, shape: [1]) != nil }

  /// What is written is what the program makes; another one is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let layout = RawLayout(
      type: try values.decode(String.self, forKey: .type), shape: try values.decode([Int].self, forKey: .shape),
      start: try values.decode(Int.self, forKey: .start))
    guard let layout else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no layout of numbers that can be read"))
    }
    self = layout
  }

  /// Whether a number is one byte.
  var isOfBytes: Bool { NPYNumber(type)!.width == 1 }

  private var exampleBytes: Int { shape.reduce(NPYNumber(type)!.width, *) }

  /// Whether a file of `byteCount` bytes ends with an example.
  func holdsWholeExamples(_ byteCount: Int) -> Bool {
    byteCount >= start && (byteCount - start).isMultiple(of: exampleBytes)
  }

  /// The header that a file of `byteCount` bytes would have.
  ///
  /// Throws `DataError` where they are not whole examples.
  func header(byteCount: Int, path: String) throws -> NPYHeader {
    let number = NPYNumber(type)!
    let (count, rest) = max(byteCount - start, 0).quotientAndRemainder(dividingBy: exampleBytes)
    guard holdsWholeExamples(byteCount) else {
      let before = start > 0 ? "\(start.counted("byte")) and " : ""
      throw DataError(
        path: path,
        expected: "\(before)examples of \(shape.map(String.init).joined(separator: " × ")) numbers of "
          + "\(number.width.counted("byte")), \(exampleBytes.counted("byte")) each, as --raw-type and --raw-shape say",
        found: "\(byteCount.counted("byte")), \(byteCount < start ? "less" : "\(rest) too many")")
    }
    return NPYHeader(typeName: type, type: number, shape: [count] + shape)
  }
}
