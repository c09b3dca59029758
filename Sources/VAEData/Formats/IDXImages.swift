/// Images, or vectors, as an IDX file has them.
///
/// Of rank 2 they are vectors. Of rank 3 they are grey pictures: (examples, rows, columns). Of rank 4 they have channels,
/// which come last, (examples, rows, columns, channels), or first, (examples, channels, rows, columns), as PyTorch has
/// them: first where the second size is 1 or 3 and the last is not. In memory they always come last.
public struct IDXImages: Sendable {
  /// The numbers of all examples, row after row.
  public enum Numbers: Sendable {
    /// Unsigned bytes, each of which stands for byte / 255.
    case bytes([UInt8])
    /// Numbers of any other type, each as the nearest 32-bit float; all finite.
    case floats([Float])
  }

  /// How the file stores a number.
  public let type: IDXNumber
  /// The sizes as the file has them; the first is the number of examples.
  public let shape: [Int]
  /// How the features of an example lie on a picture; nil for vectors.
  public let imageShape: ImageShape?
  /// The numbers.
  public let numbers: Numbers
  /// What a person should be told of the file, a line each.
  public let remarks: [String]

  /// The numbers, where they are unsigned bytes.
  public var bytes: [UInt8]? {
    if case .bytes(let bytes) = numbers { bytes } else { nil }
  }

  /// The number of features of an example.
  public var featureCount: Int { shape.dropFirst().reduce(1, *) }

  /// Reads the file at `path`, gzip or not.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - transposed: Whether the pictures lie on their sides, as those of EMNIST do, so that rows are columns: they are
  ///     set upright.
  /// - Throws: `DataError` where the file is not as it should be, `FileError` where it cannot be read.
  public init(path: String, transposed: Bool = false) throws {
    let contents = try Contents(ByteSource(path: path))
    let header = try IDXHeader(contents, kind: .images)
    let layout = IDXPictureLayout(shape: header.shape, transposed: transposed)
    guard layout != nil || !transposed else {
      throw DataError(
        path: path, place: "header", expected: "pictures to transpose, which have a rank of 3 or 4", found: "rank 2")
    }
    try contents.check(header.claim(.images))
    if header.type == .unsignedByte {
      var bytes = try Self.bytes(contents, header)
      if let layout { bytes.withUnsafeMutableBufferPointer(layout.arrange) }
      numbers = .bytes(bytes)
    } else {
      var floats = try Self.floats(contents, header)
      if let layout { floats.withUnsafeMutableBufferPointer(layout.arrange) }
      numbers = .floats(floats)
    }
    type = header.type
    shape = header.shape
    imageShape = layout?.imageShape
    remarks = try header.remarksAtEnd(of: contents)
  }

  private static func bytes(_ contents: Contents, _ header: IDXHeader) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: header.count) { bytes, count in
      let wanted = UnsafeMutableBufferPointer(rebasing: bytes[..<header.count])
      try contents.fill(UnsafeMutableRawBufferPointer(wanted), header.claim(.images))
      count = header.count
    }
  }

  /// A block at a time, so that the file is not in memory twice.
  private static func floats(_ contents: Contents, _ header: IDXHeader) throws -> [Float] {
    let type = header.type
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { block.deallocate() }
    return try [Float](unsafeUninitializedCapacity: header.count) { floats, count in
      while count < header.count {
        let part = min(block.count / type.width, header.count - count)
        let bytes = UnsafeMutableRawBufferPointer(rebasing: block[..<(part * type.width)])
        try contents.fill(bytes, header.claim(.images))
        let converted = floats.baseAddress! + count
        type.convert(UnsafeRawBufferPointer(bytes), into: converted)
        if type.isFloatingPoint, let odd = Self.firstNotFinite(UnsafeBufferPointer(start: converted, count: part)) {
          let features = header.rowWidth / type.width
          throw DataError(
            path: contents.path, place: "example \((count + odd) / features), feature \((count + odd) % features)",
            expected: "a finite number that a 32-bit float can hold",
            found: "\(type.value(at: odd, in: UnsafeRawBufferPointer(bytes)))")
        }
        count += part
      }
    }
  }

  private static func firstNotFinite(_ floats: UnsafeBufferPointer<Float>) -> Int? {
    for index in 0..<floats.count where !(abs(floats[index]) <= .greatestFiniteMagnitude) { return index }
    return nil
  }

  /// The examples, with the classes of `labels` if there are any.
  func dataset(_ labels: IDXLabels?, name: String) -> Dataset {
    var dataset =
      switch numbers {
      case .bytes(let bytes): Dataset(bytes: bytes, featureCount: featureCount, imageShape: imageShape, name: name)
      case .floats(let floats): Dataset(floats, featureCount: featureCount, imageShape: imageShape, name: name)
      }
    (dataset.labels, dataset.classNames) = (labels?.bytes, labels?.classNames)
    return dataset
  }

  /// What is said of pictures of a set of this name that lie on their sides and are left so: of vectors nothing.
  func remarksOnTransposition(set: String, path: String) -> [String] {
    guard IDXFileName.isTransposed(set: set), imageShape != nil else { return [] }
    return ["\(path): EMNIST's pictures lie on their sides; --transpose-images sets them upright"]
  }
}

extension IDXHeader {
  /// The remarks once all numbers have been read from `contents`, whose end is looked for.
  func remarksAtEnd(of contents: Contents) throws -> [String] {
    guard contents.isCompressed else { return remarks }
    // A small gzip file may go on for long.
    let limit = 1 << 30
    let behind = try contents.skip(atMost: limit)
    if behind == 0 { return remarks }
    let words = behind == limit ? "at least \(limit) bytes" : behind.counted("byte")
    return remarks + [Self.remark(path: contents.path, bytesBehind: words)]
  }
}
