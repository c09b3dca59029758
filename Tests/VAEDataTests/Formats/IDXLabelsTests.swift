import TestSupport
import Testing

@testable import VAEData

struct IDXLabelsTests {
  private func labels(_ bytes: [UInt8], compressed: Bool = false) throws -> [UInt8]? {
    try read(bytes, compressed: compressed).bytes
  }

  private func read(_ bytes: [UInt8], compressed: Bool = false) throws -> IDXLabels {
    let folder = try TemporaryFolder()
    return try IDX.labels(path: folder.write(compressed ? Gzip.compress(bytes) : bytes, to: "labels"))
  }

  @Test(arguments: IDXNumber.allCases, [false, true]) func ofAnyType(type: IDXNumber, compressed: Bool) throws {
    let classes = [3.0, 0, 127, 26]
    #expect(try labels(encodeIDX(classes, as: type, shape: [4]), compressed: compressed) == [3, 0, 127, 26])
    #expect(try labels(encodeIDX(classes, as: type, shape: [4, 1]), compressed: compressed) == [3, 0, 127, 26])
  }

  @Test func theGreatestIs255() throws {
    #expect(try labels(encodeIDX([255, 0], as: .int, shape: [2])) == [255, 0])
    #expect(try labels(encodeIDX([255, 0], as: .unsignedByte, shape: [2])) == [255, 0])
  }

  /// They are numbered by size, and called what they are.
  @Test func numbersBeyondAByteAreClassesToo() throws {
    let signs = try read(encodeIDX([1, -1, -1, 1], as: .signedByte, shape: [4]))
    #expect(signs.bytes == [1, 0, 0, 1] && signs.classNames == ["-1", "1"] && signs.remarks == [])
    let large = try read(encodeIDX([2_147_483_647, 256, 7], as: .int, shape: [3, 1]))
    #expect(large.bytes == [2, 1, 0] && large.classNames == ["7", "256", "2147483647"])
    let first = try read(encodeIDX([1, 0, 0, 0, 0, 0, 0, 0, 300, 0, 0, 0, 0, 0, 0, 0], as: .int, shape: [2, 8]))
    #expect(first.bytes == [0, 1] && first.classNames == ["1", "300"])
  }

  @Test func tooManyDifferentOnesAreNoClasses() throws {
    let numbers = (0..<300).map { Double($0 % 256 + 1) }
    #expect(try read(encodeIDX(numbers, as: .short, shape: [300])).classNames?.count == 256)
    let many = try read(encodeIDX((0..<257).map { Double($0) }, as: .short, shape: [257]))
    #expect(many.bytes == nil && many.classNames == nil && many.count == 257)
    #expect(many.remarks.count == 1 && many.remarks[0].contains("257 different numbers"), "\(many.remarks)")
  }

  /// The class, the series, the writer, the digit's number, the glyph, the partition's number, two of no meaning.
  @Test func ofQMNISTTheFirstOfEight() throws {
    let rows: [Double] = [5, 0, 2423, 112, 53, 33_660, 0, 0, 7, 1, 100_000, -1, 55, 0, 0, 0]
    #expect(try labels(encodeIDX(rows, as: .int, shape: [2, 8])) == [5, 7])
  }

  private static let refused: [(bytes: [UInt8], message: String)] = [
    (encodeIDX([1, 2.5], as: .float, shape: [2]), "label of row 2: expected a whole number, found 2.5"),
    (encodeIDX([.nan], as: .double, shape: [1]), "label of row 1: expected a whole number, found nan"),
    (
      IDX.encode(smallImages(2), shape: [2, 6]),
      "header: expected labels, one a row, or eight 32-bit integers a row as QMNIST has them, "
        + "found 6 numbers a row, unsigned bytes"
    ),
    (
      encodeIDX([Double](repeating: 1, count: 8), as: .short, shape: [1, 8]), "found 8 numbers a row, 16-bit integers"
    ),
    (
      encodeIDX([1, 2, 3], as: .int, shape: [3]).dropLast(),
      "header: expected 20 bytes of contents: 3 labels of 32-bit integers, found 19 bytes"
    ),
    (
      encodeIDX([1, 2], as: .int, shape: [1, 1, 2]),
      "expected labels, which begin with 00 00 0C 01 or 00 00 0C 02, found images, beginning with 00 00 0C 03"
    ),
  ]

  @Test(arguments: refused.indices, [false, true]) func othersAreRefused(index: Int, compressed: Bool) throws {
    let (bytes, expected) = Self.refused[index]
    let message = errorDescription { _ = try labels(bytes, compressed: compressed) }
    #expect(message.hasSuffix(expected), "\(message)")
  }
}
