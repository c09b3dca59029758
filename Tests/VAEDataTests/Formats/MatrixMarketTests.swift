import Foundation
import TestSupport
import Testing

@testable import VAEData

/// The folder with data of fields of use, where there is one.
private let data = ProcessInfo.processInfo.environment["VAE_DATA"]

struct MatrixMarketTests {
  @Test(arguments: MatrixFixture.good("mtx")) func entriesAreThoseThatSciPyReads(fixture: MatrixFixture) throws {
    let folder = try TemporaryFolder()
    let matrix = try sparse(fixture.write(to: folder))
    #expect([matrix.rowCount, matrix.columnCount] == fixture.shape)
    #expect(matrix.rows(0..<matrix.rowCount) == fixture.numbers)
  }

  @Test(arguments: MatrixFixture.good("mtx-full")) func matricesInFullAreThoseThatSciPyReads(fixture: MatrixFixture)
    throws
  {
    let folder = try TemporaryFolder()
    guard
      case .dense(let values, let rowCount, let columnCount) = try MatrixMarket.read(path: fixture.write(to: folder))
    else {
      Issue.record("\(fixture.testDescription) is sparse")
      return
    }
    #expect([rowCount, columnCount] == fixture.shape)
    #expect(values == fixture.numbers)
  }

  /// As the writers of some data sets have it.
  @Test func oneSignIsEnough() throws {
    #expect(try read("%MatrixMarket matrix coordinate integer general\n2 2 1\n2 1 3\n").values == [3])
  }

  private static let general = "%%MatrixMarket matrix coordinate integer general\n"

  private static let refused: [(text: String, expected: String)] = [
    ("", "expected a Matrix Market file, which begins with %%MatrixMarket, found nothing"),
    ("1,2\n", "line 1: expected a Matrix Market file, which begins with %%MatrixMarket, found \"1,2\""),
    ("%%MatrixMarket vector coordinate real general\n", "matrix coordinate or array, numbers, symmetry, found"),
    ("%%MatrixMarket matrix coordinate real\n", "matrix coordinate or array, numbers, symmetry, found"),
    ("%%MatrixMarket matrix coordinate quaternion general\n", "integer, real or pattern, found quaternion"),
    ("%%MatrixMarket matrix coordinate real upper\n", "general, symmetric or skew-symmetric, found upper"),
    ("%%MatrixMarket matrix array pattern general\n", "expected an array of numbers, found a pattern, which has none"),
    (general, "line 1: expected a line with the sizes of the matrix, found the end of the file"),
    (general + "3 4\n", "line 2: expected the numbers of rows, columns and entries, as whole numbers, found \"3 4\""),
    (general + "3 4 -1\n", "as whole numbers, found \"3 4 -1\""),
    (general + "3 4 99999999999999999999\n", "as whole numbers, found"),
    (general + "3 4 1\n0 1 1\n", "line 3: expected a row from 1 to 3 and a column from 1 to 4, found 0 and 1"),
    (general + "3 4 1\n1 5 1\n", "line 3: expected a row from 1 to 3 and a column from 1 to 4, found 1 and 5"),
    (general + "3 4 1\n1 2\n", "line 3: expected a row, a column and a whole number, found \"1 2\""),
    (general + "3 4 1\n1 2 x\n", "line 3: expected a row, a column and a whole number, found \"1 2 x\""),
    (general + "3 4 1\n1 2 1.5\n", "line 3: expected a row, a column and a whole number, found \"1 2 1.5\""),
    (general + "3 4 1\n1 2 1 1\n", "line 3: expected a row, a column and a whole number, found \"1 2 1 1\""),
    (general + "3 4 2\n1 2 1\n", "line 3: expected 2 entries, found the end of the file after 1"),
    (general + "3 4 1\n1 2 1\n2 2 1\n", "line 4: expected the end after 1 entry, found \"2 2 1\""),
    // Terabytes on the file's word.
    (general + "3000000000 4 1\n1 2 1\n", "line 2: expected at most 16777216 rows and columns for 1 element, found "),
    (general + "3000000000 4 999999999999999\n1 2 1\n", "line 3: expected 999999999999999 entries, found the end"),
    ("%%MatrixMarket matrix array real general\n1000000 1000000\n1\n", "found the end of the file after 1"),
    ("%%MatrixMarket matrix array real general\n9999999999 9999999999\n1\n", "expected a matrix that fits in memory"),
    ("%%MatrixMarket matrix array real general\n1 2\n1 2 3\n", "line 3: expected the end after 2 numbers, found \"3\""),
    ("%%MatrixMarket matrix array real general\n1 2\n1 a\n", "line 3: expected a number, found \"a\""),
    (
      "%%MatrixMarket matrix coordinate real symmetric\n2 3 0\n",
      "expected as many rows as columns, as the matrix is symmetric"
    ),
    (
      "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n",
      "expected a place on or below the diagonal, as the matrix is symmetric, found row 1 and column 2"
    ),
    ("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 0\n", "expected a place below the diagonal"),
  ]

  @Test(arguments: refused.indices) func othersAreRefused(index: Int) throws {
    let (text, expected) = Self.refused[index]
    for bytes in [Array(text.utf8), Gzip.compress(Array(text.utf8))] {
      let folder = try TemporaryFolder()
      let path = try folder.write(bytes, to: "a.mtx")
      let message = errorDescription { _ = try MatrixMarket.read(path: path) }
      #expect(message.hasPrefix("\(path): ") && message.contains(expected), "\(message)")
      #expect(!message.contains("\n"))
    }
  }

  @Test(arguments: [
    (
      "mtx: complex",
      "PATH: line 1: expected numbers that are integer, real or pattern, found complex, and a model has no use"
    ),
    ("mtx: hermitian", "PATH: line 1: expected numbers that are integer, real or pattern, found complex"),
  ]) func complexNumbersAreRefused(name: String, expected: String) throws {
    #expect(try refusal(of: name) { _ = try MatrixMarket.read(path: $0) }.hasPrefix(expected))
  }

  /// Sizes of which one is none and the other takes days to go over.
  @Test(.timeLimit(.minutes(1))) func emptyMatricesTakeNoTime() throws {
    let folder = try TemporaryFolder()
    for sizes in ["0 9000000000000000000", "9000000000000000000 0"] {
      let path = try folder.write("%%MatrixMarket matrix array real general\n\(sizes)\n".utf8, to: "a.mtx")
      guard case .dense(let values, _, _) = try MatrixMarket.read(path: path) else { continue }
      #expect(values.isEmpty)
    }
  }

  @Test func damagedFilesNeverTrap() throws {
    let fixtures = MatrixFixture.good("mtx") + MatrixFixture.good("mtx-full")
    let counts = try expectNoTraps(fixtures, times: 60, characters: Array("0123456789 -.e%\nx\r".utf8)) {
      _ = try MatrixMarket.read(path: $0)
    }
    #expect(counts.read > 20 && counts.refused > 200, "\(counts)")
  }

  // MARK: Real data

  @Test(
    .enabled(if: data != nil, "VAE_DATA names no folder with data"),
    arguments: [
      ("singlecell/tenx-v2/matrix.mtx", 343, 12, 12, 12),
      ("singlecell/tenx-v3/matrix.mtx.gz", 507, 1107, 23866, 41_549),
      ("singlecell/immune/matrix.mtx.gz", 9810, 559, 1_027_859, 3_619_954),
      ("fields/sc-10x-pbmc/counts.mtx.gz", 4271, 2000, 870_065, 4_547_560),
      ("fields/sc-human-kidney/counts.mtx.gz", 5685, 2000, 1_056_999, 4_099_090),
      ("fields/sc-kang-ifnb/counts.mtx.gz", 2000, 9015, 1_129_806, 3_081_827),
      ("fields/sc-mouse-bladder/counts.mtx.gz", 2746, 2003, 416_606, 1_338_672),
      ("fields/sc-mouse-brain-10k/counts.mtx.gz", 10_000, 1000, 691_914, 1_597_698),
    ])
  func countsOfCellsAreRead(name: String, rowCount: Int, columnCount: Int, stored: Int, sum: Int) throws {
    let matrix = try sparse("\(data ?? "")/\(name)")
    #expect(matrix.rowCount == rowCount && matrix.columnCount == columnCount && matrix.stored == stored)
    #expect(matrix.values.withUnsafeBufferPointer { $0.reduce(0) { $0 + Int($1) } } == sum)
  }

  private func read(_ text: String) throws -> SparseMatrix {
    let folder = try TemporaryFolder()
    return try sparse(folder.write(text.utf8, to: "a.mtx"))
  }

  private func sparse(_ path: String) throws -> SparseMatrix {
    guard case .sparse(let matrix) = try MatrixMarket.read(path: path) else {
      throw DataError(path: path, expected: "entries with places", found: "a matrix in full")
    }
    return matrix
  }
}
