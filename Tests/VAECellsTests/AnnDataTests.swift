import CStandardLibrary
import Testing
import VAEData

@testable import VAECells

/// AnnData in every encoding: the same 12 cells × 7 genes.
struct AnnDataTests {
  private let expected = CellFixture.expected
  private let wholes = CellColumn.Values.numbers((0..<12).map { (row: Int) in Double(row) })
  private let quarters = CellColumn.Values.numbers((0..<12).map { (row: Int) in Double(row) / 4 })

  @Test(arguments: ["csr-gzip", "csc-lzf", "dense", "old-06", "old-07-big-endian"])
  func everyEncodingHoldsTheSameCounts(name: String) throws {
    let file = try CellFile(path: CellFixture.path("\(name).h5ad"))
    #expect(file.format == "AnnData")
    #expect(file.cellCount == 12 && file.geneCount == 7)
    let (table, sink) = try file.collect()
    #expect(sink.dense(columns: 7) == expected.counts)
    #expect(table.ids == expected.cells)
    #expect(table.genes == expected.genes)
    #expect(table.stored == sink.values.count)
    #expect(table.remarks.isEmpty)
    let type = try #require(table.obs.first { $0.name == "type" })
    #expect(type.values == .categories(codes: expected.codes, names: expected.types))
    let size = try #require(table.obs.first { $0.name == "size" })
    #expect(size.values == quarters)
  }

  @Test func columnsOfEveryKindAreRead() throws {
    let file = try CellFile(path: CellFixture.path("csr-gzip.h5ad"))
    #expect(file.obsNames == ["type", "size", "round", "good", "note", "maybe", "yes", "year"])
    #expect(try file.obsColumn("good").flags == (0..<12).map { $0 % 3 == 0 })
    #expect(try file.obsColumn("round").values == wholes)
    #expect(try file.obsColumn("note").values == .texts([""] + (1..<12).map { "n\($0)" }))
    guard case .numbers(let maybe) = try file.obsColumn("maybe").values else {
      Issue.record("maybe holds no numbers")
      return
    }
    #expect(maybe[2].isNaN && maybe[3] == 9)
    let yes: [Int32] = [1, 0, 1, -1, 1, 0, 1, 0, 1, 0, 1, 0]
    #expect(try file.obsColumn("yes").values == .categories(codes: yes, names: ["False", "True"]))
    let year: [Int32] = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]
    #expect(try file.obsColumn("year").values == .categories(codes: year, names: ["2020", "2021"]))
    #expect(try file.varColumn("highly_variable").flags == (0..<7).map { $0 % 2 == 1 })
    #expect(throws: DataError.self) { try file.obsColumn("nothing") }
  }

  @Test func oldCompoundsHaveFlagsToo() throws {
    let file = try CellFile(path: CellFixture.path("old-06.h5ad"))
    #expect(file.obsNames == ["type", "size", "good"])
    #expect(try file.obsColumn("good").flags == (0..<12).map { $0 % 3 == 0 })
    #expect(try file.varColumn("highly_variable", of: .raw).flags == (0..<7).map { $0 % 2 == 1 })
  }

  @Test func layersAndRawAreReadByName() throws {
    let file = try CellFile(path: CellFixture.path("logged.h5ad"))
    #expect(file.matrices == [.main, .layer("counts"), .raw])
    #expect(try file.collect(CellSelection(matrix: .layer("counts"))).sink.dense(columns: 7) == expected.counts)
    let (table, sink) = try file.collect(CellSelection(matrix: .raw))
    #expect(sink.dense(columns: 14) == expected.counts.map { $0 + $0 })
    #expect(table.genes == expected.genes + expected.genes.map { $0 + "b" })
    #expect(try file.summary(of: .raw).geneCount == 14)
    #expect(try file.summary(of: .layer("counts")).looksLikeCounts)
    #expect(try file.summary(of: .main).looksLikeCounts == false)
    #expect(try file.summary(of: .main).layout == "CSR")
  }

  @Test func oldRawIsBesideX() throws {
    let file = try CellFile(path: CellFixture.path("old-06.h5ad"))
    #expect(file.matrices == [.main, .raw])
    #expect(try file.collect(CellSelection(matrix: .raw)).sink.dense(columns: 7) == expected.counts)
  }

  @Test func whatIsNoCountIsNamedWithTheLayerThatHasCounts() throws {
    let file = try CellFile(path: CellFixture.path("logged.h5ad"))
    let error = #expect(throws: DataError.self) { try file.collect() }
    #expect(error?.expected == "a whole number from 0 up, as counts are (--matrix layers/counts has them)")
    let row = try #require(expected.counts.firstIndex { $0.contains { $0 > 0 } })
    let column = try #require(expected.counts[row].firstIndex { $0 > 0 })
    #expect(
      error?.place
        == "X, cell \"cell-\(row)\" (row \(row)), gene \"\(expected.genes[column])\" (column \(column)), from 0")
    let (_, sink) = try file.collect(CellSelection(numbers: .any))
    #expect(zip(sink.dense(columns: 7).joined(), expected.counts.joined()).allSatisfy { abs($0 - log1p($1)) < 1e-5 })
  }

  @Test func whatIsNearlyACountIsRoundedAndSaid() throws {
    let (table, sink) = try CellFile(path: CellFixture.path("nearly.h5ad")).collect()
    #expect(sink.dense(columns: 7) == expected.counts)
    #expect(table.remarks.count == 1 && table.remarks[0].contains("rounded"))
  }

  /// Rows of a matrix that lies the other way come a few at a time where memory is short.
  @Test(arguments: [1, 40, 1 << 20]) func memoryChangesNothing(memory: Int) throws {
    for name in ["csc-lzf.h5ad", "small.loom", "tenx-folder-2"] {
      let (_, sink) = try CellFile(path: CellFixture.path(name)).collect(CellSelection(memory: memory))
      #expect(sink.dense(columns: 7) == expected.counts)
    }
  }

  @Test func onlyWantedColumnsAreRead() throws {
    let file = try CellFile(path: CellFixture.path("dense.h5ad"))
    let (table, _) = try file.collect(CellSelection(columns: ["type"]))
    #expect(table.obs.map(\.name) == ["type"])
    #expect(table.vars.isEmpty)
  }

  @Test func aMatrixThatIsNotThereIsAnError() throws {
    let file = try CellFile(path: CellFixture.path("dense.h5ad"))
    let error = #expect(throws: DataError.self) { try file.collect(CellSelection(matrix: .layer("counts"))) }
    #expect(error?.description.contains("one of its matrices, which are X") == true)
  }
}
