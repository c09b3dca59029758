import Testing
import VAEData

@testable import VAECells

/// Datasets: compression, types, pieces.
struct HDF5DatasetTests {
  private let file: HDF5File
  private let numbers: [Int64]

  init() throws {
    file = try HDF5File(path: CellFixture.path("compressed.h5"))
    let runs = (0..<9000).map { Int64($0 / 300) }
    let repeats = (0..<3000).map { Int64($0 % 700) }
    numbers = runs + repeats + [Int64](repeating: 0, count: 3000) + (0..<3000).map { Int64($0 * 7919 % 32749) }
  }

  @Test(arguments: ["lzf", "lzf-shuffled", "gzip"]) func compressedNumbersAreRead(name: String) throws {
    let dataset = try file.requiredDataset(at: name)
    #expect(dataset.filters.contains(name == "gzip" ? 1 : 32000))
    #expect(try dataset.all(Int64.self) == numbers)
    #expect(try dataset.all(Float.self) == numbers.map { Float($0) })
    #expect(
      try dataset.read(Int32.self, [4990..<5010]).withNumbers { $0.map { Int64($0) } }
        == numbers[4990..<5010].map { $0 })
  }

  @Test func everyWidthAndOrderIsRead() throws {
    let names = try #require(try file.group(at: "types")).children().map(\.name)
    #expect(names.count == 13)
    for name in names {
      let dataset = try file.requiredDataset(at: "types/\(name)")
      #expect(try dataset.all(Int32.self) == (0..<100).map { Int32($0) }, "\(name)")
      #expect(try dataset.all(Int64.self) == (0..<100).map { Int64($0) }, "\(name)")
      #expect(try dataset.all(Float.self) == (0..<100).map { Float($0) }, "\(name)")
      #expect(try dataset.all(Double.self) == (0..<100).map { Double($0) }, "\(name)")
    }
  }

  @Test func textsAreReadInParts() throws {
    let texts = try file.requiredDataset(at: "texts").allTexts()
    #expect(texts == (0..<2000).map { "text \($0) " + String(repeating: "é", count: $0 % 40) })
    #expect(throws: DataError.self) { try file.requiredDataset(at: "texts").all(Float.self) }
    #expect(throws: DataError.self) { try file.requiredDataset(at: "lzf").allTexts() }
  }

  /// Other requests may come between pieces that were asked for ahead.
  @Test func piecesAndOtherRequestsMix() throws {
    let dataset = try file.requiredDataset(at: "gzip")
    var pieces = HDF5Pieces<Int64>(dataset, 100..<17000, step: 1234)
    var read: [Int64] = []
    while let (piece, range) = try pieces.nextWithRange() {
      #expect(range.count == piece.count)
      piece.withNumbers { read += $0 }
      #expect(try file.requiredDataset(at: "types/u1").read(Int32.self, [3..<4]).withNumbers { $0[0] } == 3)
    }
    #expect(read == Array(numbers[100..<17000]))
  }

  /// Rows that begin in one piece and end in another, or the next but one.
  @Test(arguments: [1, 2, 3, 5, 1000]) func rowsMayCrossPieces(length: Int) throws {
    let expected = CellFixture.expected
    let file = try HDF5File(path: CellFixture.path("csr-gzip.h5ad"))
    var matrix = try CompressedMatrix(#require(try file.group(at: "X")), majorCount: 12, minorCount: 7)
    matrix.pieceLength = length
    var sink = CollectingSink()
    var lines: [Int] = []
    try matrix.forEachLine(longest: 7) { line, indices, values in
      lines.append(line)
      try sink.append(columns: indices, values: values)
    }
    #expect(lines == Array(0..<12))
    #expect(sink.dense(columns: 7) == expected.counts)
  }

  @Test func aRowBeyondAllMeasureIsRefused() throws {
    let file = try HDF5File(path: CellFixture.path("csr-gzip.h5ad"))
    var matrix = try CompressedMatrix(#require(try file.group(at: "X")), majorCount: 12, minorCount: 7)
    matrix.pieceLength = 1
    #expect(throws: DataError.self) { try matrix.forEachLine(longest: 1) { _, _, _ in } }
  }
}
