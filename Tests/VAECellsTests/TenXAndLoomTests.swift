import TestSupport
import Testing
import VAEData

@testable import VAECells

/// 10x files and folders, and loom.
struct TenXAndLoomTests {
  private let expected = CellFixture.expected

  @Test(arguments: ["tenx-3.h5", "tenx-folder-3"]) func antibodiesAreLeftOutAndSaid(name: String) throws {
    let file = try CellFile(path: CellFixture.path(name))
    #expect(file.geneCount == 7)
    #expect(try file.featureTypes() == ["Gene Expression", "Antibody Capture"])
    let (table, sink) = try file.collect()
    #expect(sink.dense(columns: 5) == expected.counts.map { Array($0[..<5]) })
    #expect(table.ids == expected.cells)
    #expect(table.genes == Array(expected.genes[..<5]))
    #expect(table.geneIDs == (0..<5).map { "ENSG\($0)" })
    #expect(table.remarks.first == "2 features of the type \"Antibody Capture\" are left out")
    let (others, antibodies) = try file.collect(CellSelection(featureTypes: ["Antibody Capture"]))
    #expect(antibodies.dense(columns: 2) == expected.counts.map { Array($0[5...]) })
    #expect(others.remarks.isEmpty)
    #expect(throws: DataError.self) { try file.collect(CellSelection(featureTypes: ["Guides"])) }
  }

  @Test func genomesOfVersionThreeAreSaidAndChosen() throws {
    let file = try CellFile(path: CellFixture.path("tenx-3.h5"))
    #expect(file.format == "10x HDF5 3")
    #expect(try file.genomes() == ["GRCh38", "mm10"])
    #expect(try file.collect().table.remarks.last == "The genes are of 2 genomes: \"GRCh38\", \"mm10\"")
    let (table, sink) = try file.collect(CellSelection(genome: "mm10"))
    #expect(sink.dense(columns: 1) == expected.counts.map { [$0[4]] })
    #expect(table.genes == [expected.genes[4]])
    #expect(throws: DataError.self) { try file.collect(CellSelection(genome: "hg19")) }
  }

  @Test func genomesOfVersionTwoAreAskedAbout() throws {
    let file = try CellFile(path: CellFixture.path("tenx-2.h5"))
    #expect(file.format == "10x HDF5 2")
    let error = #expect(throws: DataError.self) { try file.collect() }
    #expect(
      error?.description.contains("expected one genome, or the choice of one, found 2: \"hg19\", \"mm10\"") == true)
    let (table, sink) = try file.collect(CellSelection(genome: "mm10"))
    #expect(sink.dense(columns: 7) == expected.counts)
    #expect(table.geneIDs?.first == "mm10-0")
  }

  @Test func theFolderOfVersionTwoMayBeInAnyOrder() throws {
    let (table, sink) = try CellFile(path: CellFixture.path("tenx-folder-2")).collect()
    #expect(table.format == "10x folder 2")
    #expect(sink.dense(columns: 7) == expected.counts)
    #expect(table.genes == expected.genes)
    #expect(table.ids == expected.cells)
  }

  @Test func theMatrixOfAFolderStandsForIt() throws {
    let (table, _) = try CellFile(path: CellFixture.path("tenx-folder-3/GSM1_a_matrix.mtx.gz")).collect()
    #expect(table.geneCount == 5)
  }

  private static let two = "%%MatrixMarket matrix coordinate integer general\n2 3 2\n1 1 4\n2 3 1\n"

  @Test func placesThatComeTwiceAreAddedAndCellsWithoutCountsStay() throws {
    let text = "%%MatrixMarket matrix coordinate integer general\n2 3 3\n2 2 4\n1 2 1\n2 2 5\n"
    let (_, sink) = try CellFile(path: folder(text)).collect()
    #expect(sink.dense(columns: 2) == [[0, 0], [1, 9], [0, 0]])
  }

  @Test(arguments: [
    (two, "a\nb\n", "G1\nG2\n", "barcodes.tsv: expected 3 lines"),
    (two, "a\nb\nc\n", "G1\n", "genes.tsv: expected 2 lines"),
    (two.replacing("2 3 1\n", with: ""), "a\nb\nc\n", "G1\nG2\n", "expected 2 entries, found the end"),
    (two.replacing("2 3 1\n", with: "3 3 1\n"), "a\nb\nc\n", "G1\nG2\n", "expected a feature from 1 to 2"),
    (two.replacing("2 3 1\n", with: "2 3 -1\n"), "a\nb\nc\n", "G1\nG2\n", "cell \"c\" (row 2), gene \"G2\" (column 1)"),
    (two.replacing("2 3 1\n", with: "2 3 x\n"), "a\nb\nc\n", "G1\nG2\n", "line 4: expected a feature, a cell and"),
  ]) func damagedFoldersAreRefused(matrix: String, barcodes: String, genes: String, words: String) throws {
    let error = #expect(throws: DataError.self) {
      try CellFile(path: folder(matrix, barcodes: barcodes, genes: genes)).collect()
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  private let place: TemporaryFolder

  init() throws { place = try TemporaryFolder() }

  private func folder(_ matrix: String, barcodes: String = "a\nb\nc\n", genes: String = "G1\nG2\n") throws -> String {
    try place.write(matrix.utf8, to: "matrix.mtx")
    try place.write(barcodes.utf8, to: "barcodes.tsv")
    try place.write(genes.utf8, to: "genes.tsv")
    return place.path
  }

  @Test func loomIsTurned() throws {
    let file = try CellFile(path: CellFixture.path("small.loom"))
    #expect(file.format == "loom")
    #expect(file.matrices == [.main, .layer("log"), .layer("spliced")])
    let (table, sink) = try file.collect()
    #expect(sink.dense(columns: 7) == expected.counts)
    #expect(table.ids == expected.cells)
    #expect(table.genes == expected.genes)
    #expect(table.geneIDs == (0..<7).map { "ENSG\($0)" })
    let clusters = expected.codes.map { Double($0) }
    #expect(table.obs.first { $0.name == "Clusters" }?.values == .numbers(clusters))
    // Two numbers a cell are no column.
    #expect(table.remarks.count == 1 && table.remarks[0].contains("Embedding"))
    #expect(try file.collect(CellSelection(matrix: .layer("spliced"))).sink.dense(columns: 7) == expected.counts)
    let error = #expect(throws: DataError.self) { try file.collect(CellSelection(matrix: .layer("log"))) }
    #expect(error?.expected.contains("(--matrix X has them)") == true)
  }
}
