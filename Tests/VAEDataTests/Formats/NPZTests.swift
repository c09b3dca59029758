import Foundation
import TestSupport
import Testing

@testable import VAEData

struct NPZTests {
  @Test(arguments: MatrixFixture.good("npz")) func arraysAreThoseThatNumPyReads(fixture: MatrixFixture) throws {
    let folder = try TemporaryFolder()
    let path = try fixture.write(to: folder)
    let read = try NPZ.read(path: path, array: fixture.array)
    #expect(read.shape == fixture.shape)
    #expect(read.values == fixture.numbers)
    if let labels = fixture.labels { #expect(read.labels?.numbers == labels.map { Double($0) }) }
    #expect(read.remark == nil)
    #expect(try !NPZ.isSparse(path: path))
    #expect(try NPZ.arrays(path: path).contains { $0.name == read.name && $0.shape == read.shape })
  }

  @Test func labelsHaveNames() throws {
    let folder = try TemporaryFolder()
    let path = try #require(MatrixFixture.all["npz: as Keras has it"]).write(to: folder)
    #expect(try NPZ.read(path: path, array: "x_test", labels: "y_test").labels?.numbers == [2])
    let short = errorDescription { _ = try NPZ.read(path: path, array: "x_train", labels: "y_test") }
    #expect(
      short
        == "\(path): y_test: expected a label for each of the 5 rows of x_train (--label-array names another array), "
        + "found a shape of [1]")
    let none = errorDescription { _ = try NPZ.read(path: path, array: "x_train", labels: "z") }
    #expect(
      none.contains("expected an array z, or --label-array with one of x_train, y_train, x_test, y_test, found x_train")
    )
  }

  /// As NumPy has them: four bytes a character, of which the last are 0.
  @Test func labelsMayBeTexts() throws {
    let folder = try TemporaryFolder()
    let path = try #require(MatrixFixture.all["npz: labels that are text"]).write(to: folder)
    let labels = try #require(try NPZ.read(path: path).labels)
    #expect(labels.texts == ["a", "b", "c", "d", "e"] && labels.numbers.isEmpty)
    let words = ["Köln", "", "日本", "a"]
    for (type, width, order) in [("<U4", 4, [0, 1, 2, 3]), (">U4", 4, [3, 2, 1, 0])] {
      let bytes = words.flatMap { word in
        (word.unicodeScalars.map(\.value) + [UInt32](repeating: 0, count: 4)).prefix(4).flatMap { scalar in
          order.prefix(width).map { UInt8(truncatingIfNeeded: scalar >> UInt32(8 * $0)) }
        }
      }
      #expect(try texts(type, bytes) == words)
    }
    #expect(try texts("|S2", Array("ab".utf8) + [0, 0, 0x61, 0, 0xFF, 0]) == ["ab", "", "a", "\u{FFFD}"])
    #expect(errorDescription { _ = try texts("<U4", [0, 0, 0]) }.hasSuffix("4 texts of the type <U4, found 3 bytes"))
    #expect(NPYText("<U99999999") == nil && NPYText("<f4") == nil && NPYText("|O") == nil)
  }

  private func texts(_ type: String, _ bytes: [UInt8]) throws -> [String] {
    let file = Array(NPY.header(type: type, shape: [4], count: 4)) + bytes
    return try file.withUnsafeBytes { try NPY.readTexts(MemoryBytes($0, path: "a.npy")) }
  }

  @Test func labelsOfAnotherLengthAreRefused() throws {
    #expect(
      try refusal(of: "npz: labels of another length") { _ = try NPZ.read(path: $0) }
        == "PATH: y: expected a label for each of the 5 rows of x (--label-array names another array), "
        + "found a shape of [4]")
  }

  @Test(arguments: [
    (
      "npz: ambiguous",
      "PATH: expected an array x, X or data, or --array with one of a, b, found a (5 × 3 <f8), b (5 × 3 <f8)"
    ),
    ("npz: no arrays", "PATH: expected an archive of arrays, whose names end in .npy, found none in it"),
    ("npz: objects", "PATH: x: header: expected numbers of one of the types"),
    ("npz: objects", "\"|O\", Python objects, which can run any code when they are read, so trust the file"),
    ("npz: text", "PATH: x: header: expected numbers of one of the types"),
    ("npz: text", "found \"<U1\", text; to convert them: python3 -c \"import numpy; a = numpy.load('PATH')['x']; "),
    ("npz: complex", "found \"<c16\", complex numbers; to convert them: "),
    ("npz: fields", "numpy.stack([a[n].astype('f4') for n in a.dtype.names], -1))\""),
    ("npz: long doubles", "found \"<f16\", long doubles; "),
    ("npz: bzip2", "PATH: entry \"x.npy\": expected contents that are stored or deflated, found bzip2"),
    ("npz: LZMA", "PATH: entry \"x.npy\": expected contents that are stored or deflated, found LZMA"),
  ]) func othersAreRefused(name: String, expected: String) throws {
    let array = name.contains("ambiguous") || name.contains("arrays") ? nil : "x"
    let message = try refusal(of: name) { _ = try NPZ.read(path: $0, array: array) }
    #expect(message.contains(expected))
  }

  /// What cannot be read is listed all the same, and does not stand in the way of the others.
  @Test func arraysThatAreNoNumbersAreListed() throws {
    let folder = try TemporaryFolder()
    let path = try #require(MatrixFixture.all["npz: objects"]).write(to: folder)
    #expect(try NPZ.arrays(path: path) == [NPZ.Header(name: "x", type: "|O", shape: [2])])
    let text = try #require(MatrixFixture.all["npz: labels that are text"]).write(to: folder)
    #expect(try NPZ.arrays(path: text).map(\.isNumeric) == [true, false])
  }

  @Test func damagedArchivesNeverTrap() throws {
    let fixtures = MatrixFixture.all.values.filter { $0.kind == "npz" }.sorted {
      $0.testDescription < $1.testDescription
    }
    let counts = try expectNoTraps(fixtures, times: 60) {
      let read = try NPZ.read(path: $0)
      #expect(read.values.count == read.shape.reduce(1, *))
    }
    #expect(counts.refused > 500)
  }

  // MARK: Sparse matrices

  @Test(arguments: MatrixFixture.good("sparse")) func sparseMatricesAreThoseThatSciPyReads(fixture: MatrixFixture)
    throws
  {
    let folder = try TemporaryFolder()
    let path = try fixture.write(to: folder)
    #expect(try NPZ.isSparse(path: path))
    let matrix = try NPZ.readSparse(path: path)
    #expect([matrix.rowCount, matrix.columnCount] == fixture.shape)
    #expect(matrix.rows(0..<matrix.rowCount) == fixture.numbers)
  }

  @Test(arguments: [
    ("sparse: bsr", "PATH: expected a matrix stored as csr or csc, found \"bsr\"; tocsr() makes it one: python3 -c "),
    ("sparse: coo", "found \"coo\"; tocsr() makes it one: "),
    ("sparse: dia", "s.save_npz('PATH.csr.npz', s.load_npz('PATH').tocsr())\""),
    ("sparse: index outside", "PATH: expected columns from 0 to 6, found 7"),
    ("sparse: index below 0", "PATH: expected columns from 0 to 6, found -1"),
    ("sparse: starts that fall", "PATH: expected starts of rows that rise, found "),
    ("sparse: too few starts", "PATH: expected 7 starts of rows, from 0 to "),
    ("sparse: too few numbers", "elements, found "),
    ("sparse: as if of many columns", "PATH: expected at most 16777216 rows and columns for "),
    ("sparse: floats as indices", "PATH: indices: header: expected whole numbers, found floats"),
    (
      "npz: stored",
      "PATH: expected a sparse matrix by scipy.sparse.save_npz, with arrays format, shape and data, found x, y"
    ),
  ]) func otherSparseMatricesAreRefused(name: String, expected: String) throws {
    #expect(try refusal(of: name) { _ = try NPZ.readSparse(path: $0) }.contains(expected))
  }

  @Test func sparseMatrixIsNoArray() throws {
    let message = try refusal(of: "sparse: csr") { _ = try NPZ.read(path: $0) }
    #expect(message == "PATH: expected an array, found a sparse matrix by scipy.sparse.save_npz")
  }

  @Test func damagedSparseMatricesNeverTrap() throws {
    let counts = try expectNoTraps(MatrixFixture.good("sparse"), times: 60) { _ = try NPZ.readSparse(path: $0) }
    #expect(counts.refused > 200)
  }
}
