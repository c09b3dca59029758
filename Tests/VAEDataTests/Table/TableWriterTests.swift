import Foundation
import TestSupport
import Testing

@testable import VAEData

struct TableWriterTests {
  private func text(_ columns: [(name: String, cells: TableWriter.Cells)], _ format: TableFormat = TableFormat())
    -> String
  {
    String(decoding: TableWriter.encode(columns: columns, format: format), as: UTF8.self)
  }

  @Test func cellsAreWrittenAsTheyAre() {
    let written = text([
      ("id", .texts(["a", "b,c", "say \"no\""])), ("x, y", .numbers([0.1, .nan, -1e30], decimals: nil)),
      ("z", .numbers([1.005, -0.001, 12_345.678], decimals: 2)), ("n", .wholeNumbers([1, -2, 3])),
    ])
    #expect(
      written == "id,\"x, y\",z,n\na,0.1,1.00,1\n\"b,c\",,0.00,-2\n\"say \"\"no\"\"\",-1e+30,12345.68,3\n")
  }

  @Test func theFormatIsKept() {
    let columns: [(name: String, cells: TableWriter.Cells)] = [
      ("a", .numbers([1.5, 2], decimals: 1)), ("b", .texts(["x;y", "z"])),
    ]
    #expect(text(columns, format { $0.hasDecimalComma = true }) == "a;b\n1,5;\"x;y\"\n2,0;z\n")
    #expect(text(columns, format { $0.delimiter = .tab }) == "a\tb\n1.5\tx;y\n2.0\tz\n")
    let comma = format {
      $0.hasDecimalComma = true
      $0.delimiter = .comma
      $0.hasHeader = false
    }
    #expect(text(columns, comma) == "\"1,5\",x;y\n\"2,0\",z\n")
  }

  /// As C's `printf` rounds, which is given the same number.
  @Test(arguments: [0, 1, 3, 7, 12]) func decimalsAreRoundedExactly(decimals: Int) {
    for number: Float in [0, 0.5, 1.5, 2.5, 0.125, 0.375, 1.0005, 99.9999, 0.05, 123.456, 8_388_607.5, -7.25, -0.4]
    where number < 1e3 || decimals < 9 {
      var bytes: [UInt8] = []
      NumberText.append(number, decimals: decimals, to: &bytes)
      let expected = String(format: "%.\(decimals)f", Double(number))
      let isZero = !expected.contains { ("1"..."9").contains($0) }
      #expect(String(decoding: bytes, as: UTF8.self) == (isZero ? expected.replacing("-", with: "") : expected))
    }
  }

  @Test func tablesComeBack() throws {
    let texts = ["", "a", "b\nc", "\"", " x", "#1", "d\te", "ε"]
    let numbers: [Float] = [0.1, -0.0, .nan, 3.4e38, .leastNonzeroMagnitude, 16_777_216, -7, 0.3]
    for format in [TableFormat(), format { $0.delimiter = .tab }, format { $0.hasDecimalComma = true }] {
      let data = TableWriter.encode(
        columns: [("#t", .texts(texts)), ("n\"", .numbers(numbers, decimals: nil))], format: format)
      var request = TableRequest()
      request.asides = ["#t"]
      let read = try TableFile.read(Array(data), path: "x.csv", format: format, request: request)
      #expect(read.asides["#t"] == texts.map { $0.trimmingCharacters(in: .whitespaces) })
      expectEqual(read.values, numbers.map { $0 == 0 ? 0 : $0 }.enumerated().map { $0 == 1 ? -0.0 : $1 })
    }
    // A missing cell alone in its line is no empty line.
    let alone = TableWriter.encode(columns: [("x", .numbers([1, .nan, 3], decimals: 0))])
    expectEqual(try TableFile.read(Array(alone), path: "x.csv").values, [1, .nan, 3])
  }

  @Test func namesOfLatentsMayNeedQuotes() throws {
    let data = CSV.encode(header: ["label", "a,b"], values: [0.5], wholeNumbers: [[7]])
    #expect(String(decoding: data, as: UTF8.self) == "label,\"a,b\"\n7,0.5\n")
    #expect(try CSV.decode(data, path: "x.csv").header == ["label", "a,b"])
  }
}

struct TableRewriterTests {
  private func rewrite(
    _ text: String, _ format: TableFormat = TableFormat(), blockSize: Int,
    _ replace: @escaping TableRewriter.Replacement
  ) throws -> String {
    var bytes: [UInt8] = []
    try TableRewriter.rewrite(
      ByteSource(Array(text.utf8), path: "x.csv"), format, TableRequest(), blockSize, { _ in replace },
      { bytes += $0 })
    return String(decoding: bytes, as: UTF8.self)
  }

  private let text =
    "\u{FEFF}# made, by hand\r\n a ,\"b\"\r\n1.50, ?\r\n# a note\r\n\"NA\",\"two\r\nlines\"\r\n,  x \r\n\r\n"

  @Test(arguments: [5, 16, 1 << 20]) func allElseStaysAsItWas(blockSize: Int) throws {
    #expect(try rewrite(text, blockSize: blockSize) { _, _ in nil } == text)
    var seen: [[Int]] = []
    let filled = try rewrite(text, blockSize: blockSize) { row, column in
      seen.append([row, column])
      return [[0, 1]: "5", [1, 0]: "2.25", [2, 0]: "b,c", [2, 1]: "y\"z"][[row, column]]
    }
    #expect(seen == [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]])
    #expect(
      filled == "\u{FEFF}# made, by hand\r\n a ,\"b\"\r\n1.50, 5\r\n# a note\r\n2.25,\"two\r\nlines\"\r\n"
        + "\"b,c\",\"y\"\"z\"\r\n\r\n")
  }

  @Test func namesAreGivenAndGzipIsInflated() throws {
    let data = try TableRewriter.rewrite(Gzip.compress(Array("a;b\n1;\n".utf8)), path: "x.gz") { names in
      #expect(names == ["a", "b"])
      return { _, column in column == 1 ? "2" : nil }
    }
    #expect(String(decoding: data, as: UTF8.self) == "a;b\n1;2\n")
  }

  @Test(arguments: [4, 1 << 20]) func whatCannotBeToldIsRefused(blockSize: Int) {
    let message = errorDescription { _ = try rewrite("a,b\n1,2\n3,4\n5\n", blockSize: blockSize) { _, _ in nil } }
    #expect(message == "x.csv: line 4: expected 2 columns, as in the first line, found 1")
  }
}
