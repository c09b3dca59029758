import Foundation
import TestSupport
import Testing

@testable import VAEData

struct NPYTests {
  private let values: [Float] = [0, -1.5, 3.25, .pi, .leastNonzeroMagnitude, -1e30]

  @Test func arraysComeBack() throws {
    for shape in [[6], [2, 3], [3, 2, 1]] {
      let file = NPY.encode(values, shape: shape)
      let read = try NPY.decode(file, path: "a.npy")
      #expect(read.values == values)
      #expect(read.shape == shape)
      // The format wants the numbers aligned.
      #expect((file.count - 24) % 64 == 0)
    }
    let bytes = try NPY.decode(NPY.encode([7, 0, 255] as [UInt8], shape: [3, 1]), path: "b.npy")
    #expect(bytes.values == [7, 0, 255])
    #expect(bytes.shape == [3, 1])
    #expect(try NPY.decode(NPY.encode([Float](), shape: [0, 2]), path: "c.npy").shape == [0, 2])
  }

  /// The bytes that `numpy.save` wrote for `numpy.array([[1.5, -2]])`, after the padding.
  @Test func doublesAreRounded() throws {
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }"
    let file = npy(text, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0])
    let read = try NPY.decode(file, path: "d.npy")
    #expect(read.values == [1.5, -2])
    #expect(read.shape == [1, 2])
  }

  @Test(arguments: [
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "f2, f4 and f8, found \"<c8\""),
    ("{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }", "f2, f4 and f8, found \"<f16\""),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "f2, f4 and f8, found \"|O\""),
    (
      "{'descr': [('x', '<f4'), ('y', '<f4')], 'fortran_order': False, 'shape': (1,), }",
      "f2, f4 and f8, found \"[('x', '<f4'), ('y', '<f4')]\""
    ),
    ("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,), }", "True or False as fortran_order, found \"Maybe\""),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "expected 3 numbers of 4 bytes, found 8 bytes"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "expected a tuple of sizes as shape, found [-2]"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2), }", "expected a tuple of sizes as shape, found \"(2)\""),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2), }", "expected a tuple of sizes as shape"),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 4), }",
      "9223372036854775807 × 4 numbers of 4 bytes, found 8 bytes"
    ),
    ("{'shape': (2,)}", "expected 'descr', 'fortran_order' and 'shape'"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", "expected 'descr', 'fortran_order' and 'shape'"),
    ("{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}", "expected 'descr', 'fortran_order' and 'shape'"),
    ("\n\n\n", "expected 'descr', 'fortran_order' and 'shape'"),
  ]) func strangeHeadersAreRefused(header: String, expected: String) {
    let message = errorDescription { _ = try NPY.decode(npy(header, [0, 0, 0, 0, 0, 0, 0, 0]), path: "x.npy") }
    #expect(message.hasPrefix("x.npy: header: "))
    #expect(message.contains(expected))
    #expect(!message.contains("\n"))
  }

  @Test func cutFilesAreRefused() {
    let file = NPY.encode(values, shape: [6])
    for count in 0..<file.count {
      #expect(throws: DataError.self, "\(count) bytes") { _ = try NPY.decode(file.prefix(count), path: "cut.npy") }
    }
  }

  private func npy(_ header: String, _ numbers: [UInt8]) -> Data {
    Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + numbers)
  }
}

struct CSVTests {
  /// As spreadsheets and R write them.
  @Test func quotesAndAByteOrderMarkDoNotCount() throws {
    let numbers = try CSV.decode(Data([0xEF, 0xBB, 0xBF] + Array("1,2\r\n3,4\r\n".utf8)), path: "a.csv")
    #expect(numbers == CSV.Table(header: nil, values: [1, 2, 3, 4], columnCount: 2))
    let quoted = try CSV.decode(Data("\"mean_0\",\"mean_1\"\n\"1\",2\n".utf8), path: "b.csv")
    #expect(quoted == CSV.Table(header: ["mean_0", "mean_1"], values: [1, 2], columnCount: 2))
  }

  @Test func tablesComeBack() throws {
    let values: [Float] = [0.1, -1.5, 3, .pi, .leastNonzeroMagnitude, -1e30]
    let plain = try CSV.decode(CSV.encode(header: ["z0", "z1"], values: values), path: "a.csv")
    #expect(plain == CSV.Table(header: ["z0", "z1"], values: values, columnCount: 2))
    let text = CSV.encode(header: ["label", "z"], values: [0.5, 0.25], wholeNumbers: [[7, 3]])
    #expect(String(decoding: text, as: UTF8.self) == "label,z\n7,0.5\n3,0.25\n")
  }

  @Test func otherProgramsTablesAreRead() throws {
    let windows = try CSV.decode(Data("x, y\r\n1,2\r\n 3 ,4e1\r\n".utf8), path: "b.csv")
    #expect(windows == CSV.Table(header: ["x", "y"], values: [1, 2, 3, 40], columnCount: 2))
    let bare = try CSV.decode(Data("1,2\n3,4".utf8), path: "c.csv")
    #expect(bare == CSV.Table(header: nil, values: [1, 2, 3, 4], columnCount: 2))
    #expect(bare.rowCount == 2)
  }

  @Test(arguments: [
    ("", "x.csv: expected rows of numbers, found nothing"),
    ("a,b\n", "x.csv: expected rows of numbers, found a header alone"),
    ("a,b\n1,2\n3\n", "x.csv: line 3: expected 2 columns, as in the first line, found 1"),
    ("1,2\n3,four\n", "x.csv: line 2, column 2: expected a finite number, found \"four\""),
    ("1,nan\n", "x.csv: line 1, column 2: expected a finite number, or a line of names above, found \"nan\""),
    ("1,\n", "x.csv: line 1, column 2: expected a finite number, or a line of names above, found an empty cell"),
    ("1\n\n2\n", "x.csv: line 2: expected a row of the table, found an empty line"),
  ]) func brokenTablesAreRefused(text: String, expected: String) {
    #expect(errorDescription { _ = try CSV.decode(Data(text.utf8), path: "x.csv") } == expected)
  }

  @Test func filesAreRead() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Gzip.compress(Array("1,2\n".utf8)), to: "d.csv.gz")
    #expect(try CSV.read(path: path).values == [1, 2])
    let array = try folder.write(Array(NPY.encode([1, 2] as [Float], shape: [1, 2])), to: "d.npy")
    #expect(try NPY.read(path: array).shape == [1, 2])
  }
}
