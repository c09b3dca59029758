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

  /// Bytes, the last index fastest, as a file.
  public static func encode(_ bytes: [UInt8], shape: [Int]) -> Data {
    header(type: "|u1", shape: shape, count: bytes.count) + bytes
  }

  private static func header(type: String, shape: [Int], count: Int) -> Data {
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
    let (text, start) = try headerText(of: data, path: path)
    let header = try NPYHeader(text, path: path)
    let (shape, width) = (header.shape, header.type.width)
    var count = 1
    var overflow = false
    // A zero makes the product zero, whatever overflows beside it.
    for size in shape.contains(0) ? [0] : shape {
      let product = count.multipliedReportingOverflow(by: size)
      overflow = overflow || product.overflow
      count = product.partialValue
    }
    let available = data.count - start
    guard !overflow, available % width == 0, available / width == count else {
      let sizes = shape.map(String.init).joined(separator: " × ")
      throw DataError(
        path: path, place: "header", expected: "\(sizes) numbers of \(width) bytes", found: "\(available) bytes")
    }
    let values = data.withUnsafeBytes { header.type.floats(in: UnsafeRawBufferPointer(rebasing: $0[start...])) }
    return (header.isFortranOrder ? inRowMajorOrder(values, shape: shape) : values, shape)
  }

  /// Reads the file at `path`, gzip or not.
  public static func read(path: String) throws -> (values: [Float], shape: [Int]) {
    try decode(Data(Contents(path: path).readAll()), path: path)
  }

  /// `values`, in which the first index is the fastest, with the last the fastest.
  private static func inRowMajorOrder(_ values: [Float], shape: [Int]) -> [Float] {
    guard shape.count > 1, !values.isEmpty else { return values }
    var steps = [1]
    for size in shape.dropLast() { steps.append(steps.last! * size) }
    var index = [Int](repeating: 0, count: shape.count)
    var place = 0
    return values.indices.map { _ in
      defer {
        // The next index: the last goes up, and those that are through start again.
        var axis = shape.count - 1
        while axis >= 0 {
          index[axis] += 1
          place += steps[axis]
          if index[axis] < shape[axis] { break }
          place -= steps[axis] * shape[axis]
          index[axis] = 0
          axis -= 1
        }
      }
      return values[place]
    }
  }

  /// The dictionary, and where the numbers begin.
  private static func headerText(of data: Data, path: String) throws -> (text: String, end: Int) {
    let bytes = [UInt8](data.prefix(12))
    guard bytes.starts(with: magic) else {
      throw DataError(path: path, expected: "the NPY format, which begins with 93 NUMPY", found: "other bytes")
    }
    // Version 1 gives the length in two bytes, versions 2 and 3 in four.
    guard bytes.count == 12, (1...3).contains(bytes[6]) else {
      let found = bytes.count < 12 ? "\(data.count) bytes in all" : "version \(bytes[6])"
      throw DataError(path: path, place: "header", expected: "version 1, 2 or 3", found: found)
    }
    let lengthBytes = bytes[6] == 1 ? bytes[8..<10] : bytes[8..<12]
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    let start = lengthBytes.endIndex
    guard length <= data.count - start else {
      throw DataError(
        path: path, place: "header", expected: "a header of \(length) bytes", found: "\(data.count - start) bytes")
    }
    let first = data.startIndex + start
    return (String(decoding: data[first..<first + length], as: UTF8.self), start + length)
  }
}
