/// The header of an IDX file: of what type its numbers are, how many there are, and where they begin.
public struct IDXHeader: Sendable, Hashable {
  /// What a file is read as.
  public enum Kind: String, Sendable {
    case images, labels
  }

  /// How a number is stored.
  public let type: IDXNumber
  /// The sizes; the first is the number of examples. None is zero.
  public let shape: [Int]
  /// Whether the file is compressed, so that its rows cannot be read where they lie.
  public let isCompressed: Bool
  /// What a person should be told of the file, a line each. Of a compressed file that is not known before its end.
  public let remarks: [String]

  /// Where the numbers begin in the contents, in bytes.
  public var start: Int { 4 + 4 * shape.count }
  /// The number of numbers.
  public var count: Int { shape.reduce(1, *) }
  /// How many bytes an example takes.
  public var rowWidth: Int { shape.dropFirst().reduce(type.width, *) }
  /// Where the numbers end in the contents.
  var end: Int { start + shape[0] * rowWidth }

  /// Reads the header of the file at `path`, and nothing else.
  ///
  /// - Throws: `DataError` where it is no header of such a file, or where an uncompressed file is too short for what its
  ///   header says; `FileError` where it cannot be read.
  public init(path: String, kind: Kind = .images) throws {
    let contents = try Contents(path: path)
    try self.init(contents, kind: kind)
    if !contents.isCompressed { try contents.check(claim(kind)) }
  }

  /// Reads the header that `contents` begin with, up to the first number.
  init(_ contents: Contents, kind: Kind) throws {
    func error(_ expected: String, _ found: String) -> DataError {
      DataError(path: contents.path, place: "header", expected: expected, found: found)
    }
    let start = try contents.read(atMost: 4)
    guard !start.isEmpty else {
      throw DataError(path: contents.path, expected: "\(kind) in the IDX format", found: "nothing")
    }
    guard start.count == 4, IDX.begins(start) else {
      throw error("\(kind) in the IDX format, which begin with \(kind.beginnings(.unsignedByte))", hexadecimal(start))
    }
    guard let type = IDXNumber(rawValue: start[2]) else {
      let known = IDXNumber.allCases.map { "\(hexadecimal([$0.rawValue])) (\($0.name))" }
      throw error(
        "type \(known.dropLast().joined(separator: ", ")) or \(known.last!)", "type \(hexadecimal([start[2]]))")
    }
    let rank = Int(start[3])
    guard kind.ranks.contains(rank) else {
      let found = rank == 1 ? "labels" : (2...4).contains(rank) ? "images" : "an array of rank \(rank)"
      throw error(
        "\(kind), which begin with \(kind.beginnings(type))", "\(found), beginning with \(hexadecimal(start))")
    }

    let sizes = try contents.read(atMost: 4 * rank)
    guard sizes.count == 4 * rank else {
      throw error("\(rank.counted("size")) of four bytes", sizes.count.counted("byte"))
    }
    let shape = (0..<rank).map { index in sizes[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) } }
    guard !shape.contains(0) else {
      throw error("at least one example of at least one byte", Self.words(shape, type, kind))
    }
    var byteCount = type.width
    for size in shape {
      let product = byteCount.multipliedReportingOverflow(by: size)
      guard !product.overflow, product.partialValue < Int.max >> 1 else {
        throw error("a size that fits in memory", Self.words(shape, type, kind))
      }
      byteCount = product.partialValue
    }
    let behind = contents.length.map { $0 - contents.offset - byteCount } ?? 0
    self.type = type
    self.shape = shape
    isCompressed = contents.isCompressed
    remarks = behind > 0 ? [Self.remark(path: contents.path, bytesBehind: behind.counted("byte"))] : []
  }

  /// How long the contents have to be.
  func claim(_ kind: Kind) -> Contents.Claim {
    Contents.Claim(end: end, place: "header", meaning: Self.words(shape, type, kind))
  }

  /// What is said of the bytes behind the last number.
  static func remark(path: String, bytesBehind: String) -> String {
    "\(path): \(bytesBehind) behind the last number passed over"
  }

  /// "12 × 2 × 3 images", or "12 × 2 × 3 images of 32-bit floats".
  private static func words(_ shape: [Int], _ type: IDXNumber, _ kind: Kind) -> String {
    "\(shape.map(String.init).joined(separator: " × ")) \(kind)"
      + (type == .unsignedByte ? "" : " of \(type.name)")
  }
}

extension IDXHeader.Kind {
  /// The ranks that a file of the kind may have.
  fileprivate var ranks: ClosedRange<Int> { self == .images ? 2...4 : 1...2 }

  /// The first bytes of a file of the kind. Of labels a second size is so rare that it is no help to name it, but for
  /// QMNIST's integers.
  fileprivate func beginnings(_ type: IDXNumber) -> String {
    let usual = self == .labels && type != .int ? 1...1 : ranks
    return usual.map { hexadecimal([0, 0, type.rawValue, UInt8($0)]) }.joined(separator: " or ")
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
}
