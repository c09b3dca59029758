import Foundation
import TestSupport
import Testing

@testable import VAEData

/// Headers that promise more than there is, or other than numbers.
struct NPYFileTests {
  private let values: [Float] = (0..<12).map { Float($0) * 0.5 - 1 }

  @Test func rowsAreWhereTheLayoutSays() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(NPY.encode(values, shape: [4, 3]), to: "a.npy")
    let (header, start) = try NPY.layout(path: path)
    #expect(header.shape == [4, 3] && !header.isFortranOrder && header.count == 12 && start % 64 == 0)
    let type = try #require(header.type)
    #expect(type == NPYNumber("<f4"))
    let row = try FileReader(path: path).bytes(at: start + 2 * 3 * type.width, count: 3 * type.width)
    let floats = [Float](unsafeUninitializedCapacity: 3) { floats, count in
      row.withUnsafeBytes { type.floats(in: $0, into: floats.baseAddress!) }
      count = 3
    }
    #expect(floats == Array(values[6..<9]))
  }

  @Test func layoutIsOfWholeFilesOfNumbers() throws {
    let folder = try TemporaryFolder()
    let file = NPY.encode(values, shape: [4, 3])
    // Of one that is compressed it is a place in what it holds.
    let compressed = try folder.write(Gzip.compress([UInt8](file)), to: "a.npy.gz")
    #expect(try NPY.layout(path: compressed).start == file.count - 12 * 4)
    let cut = try folder.write(file.dropLast(1), to: "cut.npy")
    #expect(
      errorDescription { _ = try NPY.layout(path: cut) }
        == "\(cut): header: expected 4 × 3 numbers of 4 bytes, found 47 bytes")
    let text = try folder.write(npy("'<U3'", "(4,)", [UInt8](repeating: 0, count: 48)), to: "text.npy")
    #expect(errorDescription { _ = try NPY.layout(path: text) }.contains("found \"<U3\", text; to convert them: "))
  }

  /// Terabytes, whether they can be counted or not; a compressed file is inflated before its word is taken.
  @Test(arguments: [
    ("(1099511627776,)", "1099511627776 numbers of 4 bytes"), ("(1048576, 1048576, 1048576)", "numbers of 4 bytes"),
    ("(9223372036854775807, 4)", "9223372036854775807 × 4 numbers of 4 bytes"),
    ("(2305843009213693951,)", "numbers of 4 bytes"),
    ("(5000,)", "5000 numbers of 4 bytes"),
  ]) func terabytesAreNotBelieved(shape: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let file = npy("'<f4'", shape, [UInt8](repeating: 0, count: 19_999))
    for bytes in [file, Gzip.compress(file)] {
      let path = try folder.write(bytes, to: "a.npy")
      let message = errorDescription { _ = try NPY.read(path: path) }
      #expect(message.hasPrefix("\(path): header: expected \(expected)") || message.contains(expected), "\(message)")
      #expect(message.contains("bytes") && !message.contains("\n"))
    }
  }

  @Test func headersAreNeverRun() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "made")
    for code in [
      "__import__('os').system('touch \(path)')", "[].__class__", "(lambda: 1)()", "'<f4' if 1 else '<f8'", "'<' 'f4'",
      "'<f4' + ''",
    ] {
      let file = try folder.write(npy(code, "(2,)", [0, 0, 0, 0, 0, 0, 0, 0]), to: "a.npy")
      let message = errorDescription { _ = try NPY.read(path: file) }
      #expect(message.hasPrefix("\(file): header: expected "), "\(code): \(message)")
      #expect(!message.contains("\n"))
      let shape = try folder.write(npy("'<f4'", code, [0, 0, 0, 0, 0, 0, 0, 0]), to: "b.npy")
      #expect(throws: DataError.self) { _ = try NPY.read(path: shape) }
    }
    #expect(!Path.exists(path))
  }

  @Test func longHeadersAreRefused() throws {
    let folder = try TemporaryFolder()
    let long = try folder.write([0x93] + Array("NUMPY".utf8) + [2, 0, 0, 0, 0, 0xF0, 1, 2, 3], to: "a.npy")
    #expect(
      errorDescription { _ = try NPY.read(path: long) }
        == "\(long): header: expected a header of less than 65536 bytes, found one of 4026531840")
    let ranks = try folder.write(
      npy("'<f4'", "(" + String(repeating: "1, ", count: 65) + ")", [0, 0, 0, 0]), to: "b.npy")
    #expect(errorDescription { _ = try NPY.read(path: ranks) }.hasSuffix("at most 64 sizes as shape, found 65"))
  }

  @Test(arguments: [
    ("'|O'", "\"|O\", Python objects, which can run any code", "numpy.load('a.npy', allow_pickle=True); "),
    ("'<U3'", "\"<U3\", text", "numpy.save('a.npy.f4.npy', a.astype('f4'))\""),
    ("'|S3'", "\"|S3\", text", "a.astype('f4')"), ("'<f16'", "\"<f16\", long doubles", "a.astype('f4')"),
    ("'<c8'", "\"<c8\", complex numbers", "numpy.concatenate([a.real, a.imag], axis=1).astype('f4')"),
    ("'<M8[s]'", "\"<M8[s]\", times", "a.astype('i8')"),
    ("[('x', '<f4'), ('y', '<f4')]", "\"[('x', '<f4'), ('y', '<f4')]\", fields", "for n in a.dtype.names"),
  ]) func otherTypesComeWithTheLineThatConvertsThem(type: String, name: String, code: String) {
    let file = npy(type, "(1,)", [UInt8](repeating: 0, count: 16))
    let message = errorDescription { _ = try NPY.decode(Data(file), path: "a.npy") }
    #expect(message.hasPrefix("a.npy: header: expected numbers of one of the types b1, i1, "))
    #expect(
      message.contains("found \(name)") && message.contains(code) && message.contains("; to convert them: python3"))
  }

  /// More numbers than are converted at a time, of types that are converted, in both orders.
  @Test func longArraysComeInBlocks() throws {
    let (rows, columns) = (70_001, 3)
    let bytes = (0..<rows * columns).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0) }
    let folder = try TemporaryFolder()
    let path = try folder.write(npy("'|u1'", "(\(rows), \(columns))", bytes), to: "a.npy")
    #expect(try NPY.read(path: path).values == bytes.map { Float($0) })
    for shape in [[rows, columns], [columns, rows], [columns, 1, rows], [7, rows / 7, columns]] {
      let count = shape.reduce(1, *)
      let file = npy("'|u1'", "(\(shape.map { "\($0)," }.joined()))", Array(bytes[..<count]), fortran: true)
      let read = try NPY.decode(Data(file), path: "b.npy")
      #expect(read.shape == shape)
      // The index of each, by division.
      let expected = [Float](unsafeUninitializedCapacity: count) { expected, initialized in
        var steps = shape.map { _ in 1 }
        for axis in shape.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * shape[axis + 1] }
        for place in 0..<count {
          var (rest, target) = (place, 0)
          for axis in shape.indices {
            target += rest % shape[axis] * steps[axis]
            rest /= shape[axis]
          }
          expected[target] = Float(bytes[place])
        }
        initialized = count
      }
      #expect(read.values == expected, "\(shape)")
    }
  }

  private func npy(_ type: String, _ shape: String, _ numbers: [UInt8], fortran: Bool = false) -> [UInt8] {
    let header = "{'descr': \(type), 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8) + numbers
  }

  /// Labels of eight bytes are told apart where no 32-bit float does.
  @Test func doublesKeepAllTheirDigits() throws {
    let numbers: [Double] = [16_777_216, 16_777_217, -0.1, .infinity]
    var bytes = Array(NPY.header(type: "<f8", shape: [4], count: 4))
    numbers.withUnsafeBytes { bytes += $0 }
    let read = try bytes.withUnsafeBytes { try NPY.readDoubles(MemoryBytes($0, path: "y.npy")) }
    #expect(read.values == numbers && read.shape == [4])
    for (type, expected) in [(">i2", 258.0), ("<u2", 513.0), ("|b1", 1)] {
      let bytes = Array(NPY.header(type: type, shape: [1], count: 1)) + (type == "|b1" ? [1] : [1, 2])
      #expect(try bytes.withUnsafeBytes { try NPY.readDoubles(MemoryBytes($0, path: "y.npy")) }.values == [expected])
    }
  }
}
