import TestSupport
import Testing
import VAEKernels

@testable import VAECells
@testable import VAEData

/// Cells as a data set.
@Suite struct CellFormatTests {
  private let formats: [any DataFormat] = [CellFormat()] + DataFormats.standard

  private func source(_ name: String, _ set: (inout DataReading) -> Void = { _ in }) -> DataSource {
    var reading = DataReading()
    set(&reading)
    return DataSource(path: CellFixture.path(name), reading: reading, seed: 1, formats: formats)
  }

  private let expected = CellFixture.expected

  @Test(arguments: [
    "csr-gzip.h5ad", "csc-lzf.h5ad", "dense.h5ad", "old-06.h5ad", "small.loom", "tenx-folder-2",
  ])
  func readsCountsOfCells(name: String) throws {
    let cells = try source(name).all()
    #expect(cells.isSparse && cells.ids == expected.cells)
    #expect(cells.allNumbers == expected.counts.flatMap { $0 })
    #expect(cells.featureNames == expected.genes)
  }

  @Test func tellsWhatItIsAskedFor() throws {
    let source = source("csr-gzip.h5ad") {
      $0.cells.told = ["type", "size"]
      $0.labelColumn = nil
    }
    let split = try source.split()
    let told = try #require(split.train.told?.coding)
    #expect(told.conditionCount == 1 + expected.types.count)
    #expect(told.featureCount == 0 && told.columns.map(\.name) == ["type", "size"])
    #expect(split.train.toldCount == told.conditionCount && split.test.toldCount == told.conditionCount)
    // A row of its own for each cell: a one in the place of its type.
    let all = DataSource(
      path: source.path, reading: source.reading, seed: 1, known: split.train.description, formats: formats)
    let cells = try all.all()
    let count = cells.toldCount
    let buffer = AlignedBuffer(count: cells.count * (count + 1))
    let input = Matrix(buffer.base, rows: cells.count, columns: 0)
    let covariates = Matrix(buffer.base, rows: cells.count, columns: count)
    (0..<cells.count).map { UInt32($0) }.withUnsafeBufferPointer {
      cells.gatherTold($0, into: Minibatch(input: input, covariates: covariates))
    }
    for (cell, code) in expected.codes.enumerated() {
      // Behind the number.
      let ones = (0..<expected.types.count).map { covariates[cell, 1 + $0] }
      let own = code < 0 ? nil : expected.types.sorted().firstIndex(of: expected.types[Int(code)])
      #expect(ones == expected.types.indices.map { $0 == own ? 1 : 0 }, "\(cell)")
    }
  }

  @Test func theExposureMayBeAColumn() throws {
    let split = try source("exposed.h5ad") { $0.cells.exposureColumn = "depth" }.split()
    for part in [split.train, split.test] {
      let exposure = try #require(part.exposure)
      let cells = try #require(part.ids).map { Float($0.dropFirst("cell-".count))! }
      #expect(exposure.name == "depth" && exposure.values == cells.map { 100 * $0 + 50 })
    }
    // A model knows the column, whatever else is said; other data have none.
    var source = source("exposed.h5ad")
    source.known = split.train.description
    #expect(try source.all().exposure?.values.count == 12)
    source.path = CellFixture.path("csr-gzip.h5ad")
    #expect(throws: DataError.self) { try source.all() }
    for (column, place, found) in [
      ("gap", "cell \"cell-7\", column \"gap\"", "none"), ("size", "cell \"cell-0\", column \"size\"", "0.0"),
      ("type", nil, "\"type\""),
    ] {
      let error = try #require(throws: DataError.self) {
        try self.source("exposed.h5ad") { $0.cells.exposureColumn = column }.all()
      }
      #expect(error.place == place && error.found == found, "\(error)")
    }
  }

  @Test func aCategoryThatTrainingNeverSawIsNamed() throws {
    let split = try source("csr-gzip.h5ad") { $0.cells.told = ["type"] }.split()
    var known = split.train.description
    let column = try #require(known.told?.columns[0])
    let fewer = Table.Column(name: "type", texts: Array(column.source.texts!.dropLast()))
    let table = Dataset(Table(path: "known", columns: [fewer], values: (0..<40).map { Float($0 % fewer.texts!.count) }))
    known.told = try TableCoding.fitTold(table, allowing: [])
    var source = source("csr-gzip.h5ad") { $0.cells.told = ["type"] }
    source.known = known
    let last = column.source.texts!.last!
    let error = try #require(throws: DataError.self) { try source.all() }
    #expect(error.found.contains(last) && error.place!.contains("type"), "\(error)")
    source.reading.takesUnknownTexts = true
    #expect(try source.all().toldCount == fewer.texts!.count)
  }

  @Test func genesOfAModelAreFoundByName() throws {
    var source = source("csr-gzip.h5ad")
    source.known.featureNames = [expected.genes[3], "unheard of", expected.genes[0], expected.genes[1]]
    var remarks: [String] = []
    let cells = try source.all { remarks.append($0) }
    #expect(
      cells.allNumbers == expected.counts.flatMap { [$0[3], 0, $0[0], $0[1]] }
        && cells.featureNames == source.known.featureNames)
    #expect(remarks.contains { $0.contains("unheard of") }, "\(remarks)")
    source.known.featureNames = ["a", "b", expected.genes[0]]
    #expect(throws: DataError.self) { try source.all() }
  }

  @Test func genesOfOneNameAreToldApart() throws {
    // As anndata's make_index_unique has it.
    #expect(
      UniqueNames.of(["a", "b", "a", "a-1", "a", "b", "a-2"]) == ["a", "b", "a-3", "a-1", "a-4", "b-1", "a-2"])
    let folder = try TenXText(genes: ["x", "y", "x", "x"], counts: [[1, 0, 3, 4], [0, 2, 5, 0], [7, 0, 0, 8]])
    let source = DataSource(path: folder.path, seed: 1, formats: formats)
    var remarks: [String] = []
    let cells = try source.all { remarks.append($0) }
    #expect(cells.featureNames == ["x", "y", "x-1", "x-2"] && remarks.contains { $0.contains("2 genes") })
    #expect(cells.allNumbers == folder.counts.flatMap { $0 })
    // A saved model's genes are found again.
    var again = source
    again.known = cells.description
    #expect(try again.all().allNumbers == cells.allNumbers)
    again.known.featureNames = ["x-2", "y", "x"]
    #expect(try again.all().allNumbers == folder.counts.flatMap { [$0[3], $0[1], $0[0]] })
  }

  @Test func aTestSetOfItsOwnIsMatchedByName() throws {
    let train = try TenXText(genes: ["a", "b", "c"], counts: [[1, 2, 3], [4, 5, 6]])
    let test = try TenXText(genes: ["c", "new", "a"], counts: [[30, 40, 10], [60, 0, 0]])
    var source = DataSource(path: train.path, seed: 1, formats: formats)
    source.reading.testPath = test.path
    let split = try source.split()
    #expect(split.test.featureNames == ["a", "b", "c"])
    #expect(split.test.allNumbers == [10, 0, 30, 0, 0, 60])
    #expect(split.remarks.contains { $0.contains("b: taken as 0") }, "\(split.remarks)")
  }

  @Test func numbersOfBatchesAreNames() throws {
    let source = source("csr-gzip.h5ad") {
      $0.cells.told = ["round", "size"]
      $0.cells.batchColumn = "round"
    }
    let told = try #require(try source.contents().examples.told)
    #expect(told.columns[0].texts?.count == 12 && told.columns[1].texts == nil)
    // As a saved model knows it, whatever the reading says.
    var again = self.source("csr-gzip.h5ad") { $0.cells.told = ["round", "size"] }
    again.known = DataDescription(
      featureNames: expected.genes, told: try TableCoding.fitTold(told, allowing: []))
    #expect(try again.all().toldCount == 13)
    // Cells of which it is not known.
    again.path = CellFixture.path("tenx-folder-2")
    #expect(try #require(throws: DataError.self) { try again.all() }.expected.contains("round"))
    again.reading.takesUnknownTexts = true
    let unknown = try again.all()
    #expect(unknown.toldCount == 13 && unknown.annotation("round")!.codes.allSatisfy { $0 == nil })
  }

  @Test func wholeNumbersAreGroupsWhereTheyAreFew() throws {
    let cells = try source("csr-gzip.h5ad") { $0.annotations = .all }.all()
    let size = try #require(cells.annotation("size"))
    #expect(size.categories == nil && cells.annotation("type")!.categories == expected.types.sorted())
    let numbers = Annotation(name: "cluster", values: [3, 1, .nan, 3])
    #expect(numbers.grouped.categories == ["1", "3"] && numbers.grouped.codes == [1, 0, nil, 1])
    #expect(Annotation(name: "age", values: [3, 1.5]).grouped.categories == nil)
    #expect(cells.annotationNames.contains("type") && cells.annotation("nothing") == nil)
  }

  @Test func whatIsToldCountsAsData() throws {
    let plain = try source("csr-gzip.h5ad").all()
    let told = try source("csr-gzip.h5ad") { $0.cells.told = ["type"] }.split().train
    let other = try source("csr-gzip.h5ad") { $0.cells.told = ["size"] }.split().train
    #expect(told.fingerprint != other.fingerprint)
    #expect(told.telling(nil).fingerprint == other.telling(nil).fingerprint && !plain.fingerprint.contains("told"))
  }

  @Test func choosesCellsAndGenes() throws {
    let totals = expected.counts.map { $0.reduce(0, +) }
    let least = totals.sorted()[2]
    let cells = try source("csr-gzip.h5ad") { $0.cells.leastCounts = Int(least) }.all()
    #expect(cells.ids == zip(expected.cells, totals).filter { $0.1 >= least }.map { $0.0 })
    let seen = expected.genes.indices.map { gene in expected.counts.count { $0[gene] > 0 } }
    let often = try source("csr-gzip.h5ad") { $0.cells.leastCells = seen.max()! }.all()
    #expect(often.featureNames == expected.genes.indices.filter { seen[$0] == seen.max() }.map { expected.genes[$0] })
    for set: @Sendable (inout DataReading) -> Void in [
      { $0.cells.leastCells = 10_000 }, { $0.cells.leastCounts = 1_000_000_000 }, { $0.cells.matrix = "layers/none" },
      { $0.cells.told = ["nothing"] }, { $0.labelColumn = "nothing" }, { $0.cells.geneColumn = "nothing" },
    ] {
      #expect(throws: DataError.self) { try source("csr-gzip.h5ad", set).all() }
    }
  }
}
