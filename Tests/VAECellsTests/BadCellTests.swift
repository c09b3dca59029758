import Testing
import VAEData

@testable import VAECells

/// Files of AnnData with one thing wrong in each: what is said of it, and where.
struct BadCellTests {
  struct Bad: CustomTestStringConvertible, Sendable {
    let name: String
    let words: String

    var testDescription: String { name }
  }

  private static let bad = [
    Bad(name: "index-beyond", words: "X/indices: expected numbers from 0 to 6, found 7 at place 5"),
    Bad(name: "index-negative", words: "X/indices: expected numbers from 0 to 6, found -1 at place 5"),
    Bad(name: "indptr-negative", words: "X/indptr: expected numbers that rise, found -3 at place 2, after"),
    Bad(name: "indptr-falls", words: "X/indptr: expected numbers that rise, found"),
    Bad(name: "indptr-beyond", words: "as the last of them, found 1000"),
    Bad(name: "indptr-first", words: "X/indptr: expected 0 as the first of them, found 1"),
    Bad(name: "value-negative", words: "expected a whole number from 0 up, as counts are, found -2.0"),
    Bad(name: "value-nan", words: "expected a finite number, found nan"),
    Bad(name: "value-half", words: "expected a whole number from 0 up, as counts are, found 2.5"),
    Bad(name: "indptr-short", words: "X/indptr: expected 13 elements, found 12"),
    Bad(name: "data-short", words: "X/indices: expected"),
    Bad(name: "data-texts", words: "X/data: expected numbers along one axis, found texts along 1"),
    Bad(name: "shape-other", words: "X: expected 12 × 7 numbers, as obs and var have it, found 13 × 7"),
    Bad(
      name: "encoding-unknown",
      words: "X: expected a matrix that is dense, csr_matrix or csc_matrix, found the encoding \"coo_matrix\""),
    Bad(name: "index-missing", words: "obs: expected the names of the rows, in _index, found no such dataset"),
    Bad(name: "link-outside", words: "it is a link to another file"),
    Bad(name: "bytes-outside", words: "its numbers are in another file"),
    Bad(
      name: "claims-petabytes", words: "X: expected what 0 stored bytes can hold, found 12 × 1125899906842624 elements"),
  ]

  private static func file(_ name: String) throws -> CellFile {
    try CellFile(path: CellFixture.path("bad/\(name).h5ad"))
  }

  @Test(arguments: bad) func whatIsWrongIsNamed(bad: Bad) throws {
    let error = #expect(throws: DataError.self) { try Self.file(bad.name).collect() }
    #expect(error?.description.contains(bad.words) == true, "\(error?.description ?? "")")
  }

  @Test func theCellAndTheGeneAreNamed() throws {
    let error = #expect(throws: DataError.self) { try Self.file("value-half").collect() }
    #expect(error?.place?.hasPrefix("X, cell \"cell-") == true)
    #expect(error?.place?.contains(", gene \"") == true)
    // Any other number will do where no counts are wanted, but not one that is none.
    #expect(throws: Never.self) { try Self.file("value-half").collect(CellSelection(numbers: .any)) }
    #expect(throws: DataError.self) { try Self.file("value-nan").collect(CellSelection(numbers: .any)) }
  }

  @Test func columnsThatNobodyKnowsAreLeftOutAndSaid() throws {
    let (table, sink) = try Self.file("unknown-columns").collect()
    #expect(sink.dense(columns: 7) == CellFixture.expected.counts)
    #expect(table.obs.map(\.name) == ["good", "text"])
    #expect(table.obs[1].values == .texts((0..<12).map { (row: Int) in row == 4 ? "" : "t\(row)" }))
    #expect(table.remarks.count == 5)
    #expect(table.remarks.first?.contains("the encoding \"awkward-array\"") == true)
    // One that was asked for is an error.
    #expect(throws: DataError.self) { try Self.file("unknown-columns").collect(CellSelection(columns: ["a"])) }
  }

  @Test func codesBeyondTheCategoriesAreRefused() throws {
    let error = #expect(throws: DataError.self) { try Self.file("codes-beyond").obsColumn("type") }
    #expect(
      error?.description.contains("expected the number of one of 2 categories, or -1, found 2 at place 0") == true)
  }

  @Test func rowsOutOfOrderAreSortedAndPartsAddedUp() throws {
    let (table, sink) = try Self.file("odd-order").collect()
    #expect(sink.dense(columns: 7) == CellFixture.expected.counts)
    #expect(table.stored == CellFixture.expected.counts.joined().count { $0 > 0 })
  }
}
