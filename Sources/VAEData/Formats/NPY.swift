import Foundation

/// Arrays in NumPy's NPY format, version 1.0 (NumPy's `numpy.lib.format`): a magic string, a header that is a Python
/// dictionary, then the numbers as they lie in memory.
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

  /// Reads 32-bit or 64-bit floats, or bytes, of any rank; `path` is for messages alone.
  ///
  /// 64-bit floats are rounded to 32.
  public static func decode(_ data: Data, path: String) throws -> (values: [Float], shape: [Int]) {
    let (text, start) = try headerText(of: data, path: path)
    guard let type = quoted(after: "'descr'", in: text), let order = word(after: "'fortran_order'", in: text),
      let shape = tuple(after: "'shape'", in: text)
    else {
      throw DataError(
        path: path, place: "header", expected: "'descr', 'fortran_order' and 'shape'", found: shortened(text))
    }
    let widths = ["<f4": 4, "<f8": 8, "|u1": 1]
    guard let width = widths[type] else {
      throw DataError(
        path: path, place: "header", expected: "numbers of type <f4, <f8 or |u1", found: shortened(type))
    }
    guard order == "False" else {
      throw DataError(
        path: path, place: "header", expected: "the last index fastest (fortran_order False)",
        found: "fortran_order \(shortened(order))")
    }
    var count = 1
    var overflow = false
    for size in shape {
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
    return (values(data, start: start, count: count, width: width), shape)
  }

  /// Reads the file at `path`, gzip or not.
  public static func read(path: String) throws -> (values: [Float], shape: [Int]) {
    try decode(Data(Contents(path: path).readAll()), path: path)
  }

  private static func values(_ data: Data, start: Int, count: Int, width: Int) -> [Float] {
    data.withUnsafeBytes { bytes in
      (0..<count).map { index in
        let offset = start + index * width
        return switch width {
        case 1: Float(bytes[offset])
        case 4: bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)
        default: Float(bytes.loadUnaligned(fromByteOffset: offset, as: Double.self))
        }
      }
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

  // MARK: The dictionary. NumPy writes it in one way; this reads that way, with any spaces.

  private static func rest(after key: String, in text: String) -> Substring? {
    guard let range = text.range(of: key) else { return nil }
    let rest = text[range.upperBound...].drop { $0 == " " }
    return rest.first == ":" ? rest.dropFirst().drop { $0 == " " } : nil
  }

  private static func quoted(after key: String, in text: String) -> String? {
    guard let rest = rest(after: key, in: text), rest.first == "'", let end = rest.dropFirst().firstIndex(of: "'")
    else { return nil }
    return String(rest[..<end].dropFirst())
  }

  private static func word(after key: String, in text: String) -> String? {
    rest(after: key, in: text).map { String($0.prefix { $0.isLetter }) }
  }

  private static func tuple(after key: String, in text: String) -> [Int]? {
    guard let rest = rest(after: key, in: text), rest.first == "(", let end = rest.firstIndex(of: ")") else {
      return nil
    }
    let sizes = rest[..<end].dropFirst().split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    let numbers = sizes.compactMap { Int($0) }
    return numbers.count == sizes.count && numbers.allSatisfy { $0 >= 0 } ? numbers : nil
  }

  /// A piece of a strange file, fit for one line.
  private static func shortened(_ text: String) -> String {
    "\"" + text.prefix(60).filter { $0.isASCII && !$0.isNewline && $0 >= " " } + "\""
  }
}
