import Foundation

/// Arrays in NumPy's NPY format (NumPy's `numpy.lib.format`): a magic string, a header that is a Python dictionary, then
/// the numbers as they lie in memory. Versions 1 to 3 are read, and the first is written.
public enum NPY {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  // MARK: Writing

  /// 32-bit floats, the last index fastest, as a file.
  public static func encode(_ values: [Float], shape: [Int]) -> Data {
    var data = header(type: "<f4", shape: shape, count: values.count)
    // All the platforms of this package are little-endian, as the format's "<" says.
    values.withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }

  /// The same, written to a file by `body`, which appends the numbers some at a time: as many as the shape has.
  public static func write(
    shape: [Int], to path: String, _ body: (_ append: ([Float]) throws -> Void) throws -> Void
  ) throws {
    let count = shape.reduce(1, *)
    let header = header(type: "<f4", shape: shape, count: count)
    try AtomicFile.write(to: path) { file in
      try file.append(Array(header))
      var written = 0
      try body { numbers in
        written += numbers.count
        try numbers.withUnsafeBufferPointer { try file.append($0) }
      }
      precondition(written == count, "\(written) numbers for a shape of \(shape)")
    }
  }

  /// Bytes, the last index fastest, as a file.
  public static func encode(_ bytes: [UInt8], shape: [Int]) -> Data {
    header(type: "|u1", shape: shape, count: bytes.count) + bytes
  }

  /// Whole numbers of 64 bits, the last index fastest, as a file.
  public static func encode(_ numbers: [Int], shape: [Int]) -> Data {
    var data = header(type: "<i8", shape: shape, count: numbers.count)
    numbers.withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }

  /// What stands before `count` numbers of NumPy's type `type`, the last index fastest.
  static func header(type: String, shape: [Int], count: Int) -> Data {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == count, "\(count) numbers for a shape of \(shape)")
    // A tuple of one needs its comma.
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // The numbers begin at a multiple of 64 bytes; the header ends in a newline.
    let start = magic.count + 4
    text += String(repeating: " ", count: 63 - (start + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return Data(magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8))
  }

  // MARK: Reading

  /// Reads truth values, integers or floats of any rank as 32-bit floats, the last index fastest whatever the order in
  /// the file; `path` is for messages alone.
  ///
  /// What no 32-bit float can hold is rounded to the nearest.
  public static func decode(_ data: Data, path: String) throws -> (values: [Float], shape: [Int]) {
    try data.withUnsafeBytes { try read(MemoryBytes($0, path: path)) }
  }

  /// Reads the file at `path`, gzip or not.
  ///
  /// It takes the memory of the floats, and a megabyte.
  public static func read(path: String) throws -> (values: [Float], shape: [Int]) {
    try read(Contents(path: path))
  }

  /// What the file at `path` says that it holds, and the byte at which the numbers start, of its contents where it is
  /// compressed. The type is one that can be read, and there are as many numbers as it says.
  package static func layout(path: String) throws -> (header: NPYHeader, start: Int) {
    let contents = try Contents(path: path)
    let header = try header(contents)
    _ = try checkedCount(contents, header, array: nil)
    return (header, contents.offset)
  }

  /// `array` is the name of the array in the archive that `stream` is an entry of.
  static func read(_ stream: some ByteStream, array: String? = nil) throws -> (values: [Float], shape: [Int]) {
    try read(stream, header(stream), array: array)
  }

  /// The numbers that follow, as `header` has them.
  static func read(
    _ stream: some ByteStream, _ header: NPYHeader, array: String? = nil
  ) throws -> (values: [Float], shape: [Int]) {
    let (count, type) = try checkedCount(stream, header, array: array)
    try LargeAllocation.check(count, of: Float.self, path: stream.path, meaning: header.meaning(type))
    let values = try [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      guard let floats = buffer.baseAddress, count > 0 else { return }
      if header.isFortranOrder, header.shape.count > 1 {
        var order = FortranOrder(header.shape)
        // Enough for the lines that go together, within reason.
        let lines = FortranOrder.linesAtOnce.multipliedReportingOverflow(by: header.shape[0])
        let most = lines.overflow ? blockCount : min(max(lines.partialValue, blockCount), 16 * blockCount)
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: most) { part in
          try forEachBlock(of: most, stream, header, count, type) { bytes, _ in
            type.floats(in: bytes, into: part.baseAddress!)
            order.place(UnsafeBufferPointer(rebasing: part[..<(bytes.count / type.width)]), in: floats)
          }
        }
      } else if type.isFloat {
        let got = try stream.read(into: UnsafeMutableRawBufferPointer(buffer))
        guard got == 4 * count else { throw countError(stream, header, type, "\(got) bytes") }
      } else {
        try forEachBlock(stream, header, count, type) { type.floats(in: $0, into: floats + $1) }
      }
      initializedCount = count
    }
    try checkEnd(stream, header, type)
    return (values, header.shape)
  }

  /// The whole numbers of an array of rank 1, as they are.
  static func readIntegers(_ stream: some ByteStream, array: String? = nil) throws -> (values: [Int], shape: [Int]) {
    let header = try header(stream)
    let (count, type) = try checkedCount(stream, header, array: array)
    guard type.kind != .float else {
      throw DataError(path: stream.path, place: "header", expected: "whole numbers", found: "floats")
    }
    return (try readAll(stream, header, count, type, convert: type.integers), header.shape)
  }

  /// The numbers of an array, with all that a 64-bit float holds of them.
  static func readDoubles(_ stream: some ByteStream, array: String? = nil) throws -> (values: [Double], shape: [Int]) {
    let header = try header(stream)
    let (count, type) = try checkedCount(stream, header, array: array)
    return (try readAll(stream, header, count, type, convert: type.doubles), header.shape)
  }

  /// The numbers of an array of labels, or where some are integers that a 64-bit float does not tell apart all of them as texts.
  /// `open` gives the array's file from the beginning.
  static func readLabels<Stream: ByteStream>(
    array: String? = nil, _ open: () throws -> Stream
  ) throws -> (numbers: [Double], texts: [String], shape: [Int]) {
    let (numbers, shape) = try readDoubles(open(), array: array)
    let stream = try open()
    let header = try header(stream)
    let (count, type) = try checkedCount(stream, header, array: array)
    guard type.kind != .float, numbers.contains(where: { abs($0) >= 0x1p53 }) else { return (numbers, [], shape) }
    return ([], try readAll(stream, header, count, type, convert: type.digits(of:into:)), shape)
  }

  private static func readAll<Value>(
    _ stream: some ByteStream, _ header: NPYHeader, _ count: Int, _ type: NPYNumber,
    convert: (UnsafeRawBufferPointer, UnsafeMutablePointer<Value>) -> Void
  ) throws -> [Value] {
    try LargeAllocation.check(count, of: Value.self, path: stream.path, meaning: header.meaning(type))
    let values = try [Value](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      try forEachBlock(stream, header, count, type) { convert($0, buffer.baseAddress! + $1) }
      initializedCount = count
    }
    try checkEnd(stream, header, type)
    return values
  }

  // MARK: Parts of a file

  /// How many numbers are converted at a time, where they are no floats as they lie.
  private static let blockCount = 1 << 17

  /// Calls `body` with the bytes of all numbers, a block of at most `most` at a time, and the number of those before.
  private static func forEachBlock(
    of most: Int = blockCount, _ stream: some ByteStream, _ header: NPYHeader, _ count: Int, _ type: NPYNumber,
    _ body: (UnsafeRawBufferPointer, Int) throws -> Void
  ) throws {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: min(most, count) * type.width, alignment: 16)
    defer { block.deallocate() }
    var done = 0
    while done < count {
      let part = UnsafeMutableRawBufferPointer(rebasing: block[..<min(block.count, (count - done) * type.width)])
      let got = try stream.read(into: part)
      guard got == part.count else { throw countError(stream, header, type, "\(done * type.width + got) bytes") }
      try body(UnsafeRawBufferPointer(part), done)
      done += got / type.width
    }
  }

  /// The header of the file that begins here.
  static func header(_ stream: some ByteStream) throws -> NPYHeader {
    let path = stream.path
    // Version 1 gives the length in two bytes, versions 2 and 3 in four.
    let start = try stream.read(atMost: magic.count + 2)
    guard start.starts(with: magic) else {
      throw DataError(path: path, expected: "the NPY format, which begins with 93 NUMPY", found: "other bytes")
    }
    func error(_ expected: String, _ found: String) -> DataError {
      DataError(path: path, place: "header", expected: expected, found: found)
    }
    guard start.count == magic.count + 2, (1...3).contains(start[6]) else {
      throw error(
        "version 1, 2 or 3", start.count < magic.count + 2 ? "\(start.count) bytes in all" : "version \(start[6])")
    }
    let lengthWidth = start[6] == 1 ? 2 : 4
    let lengthBytes = try stream.read(atMost: lengthWidth)
    guard lengthBytes.count == lengthWidth else {
      throw error("the length of the header in \(lengthWidth) bytes", lengthBytes.count.counted("byte"))
    }
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    // No array of numbers has so long a header; the length is the file's word.
    guard length < 1 << 16 else { throw error("a header of less than 65536 bytes", "one of \(length)") }
    let text = try stream.read(atMost: length)
    guard text.count == length else {
      throw error("a header of \(length) bytes", "\(text.count) bytes")
    }
    return try NPYHeader(String(decoding: text, as: UTF8.self), path: path)
  }

  /// How many numbers follow, as the header has it and there is room for.
  static func checkedCount(
    _ stream: some ByteStream, _ header: NPYHeader, array: String?
  ) throws -> (count: Int, type: NPYNumber) {
    let type = try header.numberType(path: stream.path, array: array)
    // What no file can have is refused as everything else, with what is there.
    let count = min(header.count ?? .max, Int.max >> 4)
    let byteCount = count * type.width
    switch try stream.claim(rest: byteCount) {
    case .plausible: return (count, type)
    case .wrong(let left): throw countError(stream, header, type, "\(left) bytes")
    case .impossible(let compressed):
      throw countError(stream, header, type, "\(compressed) compressed bytes, which cannot hold them")
    }
  }

  /// Asking for one more byte makes a compressed stream check its end.
  static func checkEnd(_ stream: some ByteStream, _ header: NPYHeader, _ type: NPYNumber) throws {
    guard try stream.read(atMost: 1).isEmpty else { throw countError(stream, header, type, "more") }
  }

  static func countError(
    _ stream: some ByteStream, _ header: NPYHeader, _ type: NPYNumber, _ found: String
  ) -> DataError {
    DataError(path: stream.path, place: "header", expected: header.meaning(type), found: found)
  }
}
