import Foundation
import Testing
import VAEData

@testable import VAECells

/// The folder with data of fields of use, where there is one.
private let data = ProcessInfo.processInfo.environment["VAE_DATA"].flatMap { $0.isEmpty ? nil : $0 }

/// Real files, against what anndata 0.12 and scanpy 1.11 say of them: `Scripts/make-cell-fixtures.py FOLDER` prints it.
@Suite(.enabled(if: data != nil, "VAE_DATA names no folder with data"))
struct RealCellTests {
  struct Expected: CustomTestStringConvertible, Sendable {
    let name: String
    let format: String
    var matrix = CellMatrix.main
    var numbers = CellNumbers.counts
    let shape: [Int]
    let nonzero: Int
    let sum: Double
    /// Σ value (row mod 7 + 1) (column mod 5 + 1)
    let weighted: Double
    let cells: [String]
    let genes: [String]
    var vars: [String] = []

    var testDescription: String { "\(name) \(matrix)" }
  }

  private static let files = [
    Expected(
      name: "smfish.h5ad", format: "AnnData", shape: [4530, 33], nonzero: 103791, sum: 847624, weighted: 10_871_124,
      cells: ["0", "1"], genes: ["Gad2", "Slc32a1"]),
    Expected(
      name: "pbmc68k-reduced.h5ad", format: "AnnData", numbers: .any, shape: [700, 765], nonzero: 535433,
      sum: -243.681057988666, weighted: -11102.375290920492, cells: ["AAAGCCTGGCTAAC-1", "AAATTCGATGCACA-1"],
      genes: ["HES4", "TNFRSF4"], vars: ["n_counts", "means", "dispersions", "dispersions_norm", "highly_variable"]),
    Expected(
      name: "pbmc68k-reduced.h5ad", format: "AnnData", matrix: .raw, numbers: .any, shape: [700, 765], nonzero: 174400,
      sum: 319044.23824107647, weighted: 3908766.483368814, cells: ["AAAGCCTGGCTAAC-1", "AAATTCGATGCACA-1"],
      genes: ["HES4", "TNFRSF4"]),
    Expected(
      name: "tenx-v3.h5", format: "10x HDF5 3", shape: [1107, 507], nonzero: 23866, sum: 41549, weighted: 443428,
      cells: ["AAACCCAAGGAGAGTA-1", "AAACGCTTCAGCCCAG-1"], genes: ["CH507-9B2.2", "CH507-9B2.1"],
      vars: ["gene_ids", "feature_types", "genome"]),
    Expected(
      name: "tenx-v2.h5", format: "10x HDF5 2", shape: [12, 343], nonzero: 12, sum: 12, weighted: 106,
      cells: ["AACACGTGTACGCTGC-1", "AAGGAGCTCCGATATG-1"], genes: ["DSCAM", "MIR99AHG"], vars: ["gene_ids"]),
    Expected(
      name: "tenx-v3", format: "10x folder 3", shape: [1107, 507], nonzero: 23866, sum: 41549, weighted: 443428,
      cells: ["AAACCCAAGGAGAGTA-1", "AAACGCTTCAGCCCAG-1"], genes: ["CH507-9B2.2", "CH507-9B2.1"],
      vars: ["gene_ids", "feature_types"]),
    Expected(
      name: "tenx-v2", format: "10x folder 2", shape: [12, 343], nonzero: 12, sum: 12, weighted: 106,
      cells: ["AACACGTGTACGCTGC-1", "AAGGAGCTCCGATATG-1"], genes: ["DSCAM", "MIR99AHG"], vars: ["gene_ids"]),
    Expected(
      name: "immune", format: "10x folder 3", shape: [559, 9810], nonzero: 1_027_859, sum: 3_619_954,
      weighted: 43_882_204, cells: ["Cell_1", "Cell_2"], genes: ["NOC2L", "ISG15"],
      vars: ["gene_ids", "feature_types"]),
  ]

  private static func file(_ name: String) throws -> CellFile { try CellFile(path: "\(data!)/singlecell/\(name)") }

  @Test(arguments: files) func filesAreAsScanpyReadsThem(expected: Expected) throws {
    let file = try Self.file(expected.name)
    #expect(file.format == expected.format)
    let (table, sink) = try file.collect(CellSelection(matrix: expected.matrix, numbers: expected.numbers))
    #expect([table.cellCount, table.geneCount] == expected.shape)
    #expect(sink.rows == table.cellCount)
    #expect(sink.values.count { $0 != 0 } == expected.nonzero)
    var (sum, weighted) = (0.0, 0.0)
    for row in 0..<sink.rows {
      for place in sink.starts[row]..<sink.starts[row + 1] {
        let value = Double(sink.values[place])
        sum += value
        weighted += value * Double(row % 7 + 1) * Double(sink.columns[place] % 5 + 1)
      }
    }
    #expect(abs(sum - expected.sum) <= 1e-9 * abs(expected.sum))
    #expect(abs(weighted - expected.weighted) <= 1e-9 * abs(expected.weighted))
    #expect(Array(table.ids.prefix(2)) == expected.cells)
    #expect(Array(table.genes.prefix(2)) == expected.genes)
    if expected.matrix == .main { #expect(table.vars.map(\.name) == expected.vars) }
    #expect(table.remarks.isEmpty)
  }

  @Test func categoriesAreThoseThatAnnDataReads() throws {
    #expect(
      try counts("smfish.h5ad", "str_labels")
        == [
          "Pyramidals": 2092, "Oligodendrocytes": 957, "Inhibitory": 779, "Endothelials": 357, "Astrocytes": 218,
          "Microglias": 127,
        ])
    #expect(try counts("pbmc68k-reduced.h5ad", "phase") == ["G1": 501, "S": 182, "G2M": 17])
    #expect(
      try counts("pbmc68k-reduced.h5ad", "bulk_labels")
        == [
          "Dendritic": 240, "CD14+ Monocyte": 129, "CD19+ B": 95, "CD4+/CD25 T Reg": 68, "CD8+ Cytotoxic T": 54,
          "CD8+/CD45RA+ Naive Cytotoxic": 43, "CD56+ NK": 31, "CD4+/CD45RO+ Memory": 19, "CD34+": 13,
          "CD4+/CD45RA+/CD25- Naive T": 8,
        ])
    guard case .numbers(let genes) = try Self.file("pbmc68k-reduced.h5ad").obsColumn("n_genes").values else {
      Issue.record("n_genes holds no numbers")
      return
    }
    #expect(genes.reduce(0, +) == 830061)
  }

  /// Scaled data, of which no matrix holds counts: the raw one is logarithms.
  @Test func scaledNumbersAreNoCounts() throws {
    let file = try Self.file("pbmc68k-reduced.h5ad")
    let error = #expect(throws: DataError.self) { try file.collect() }
    #expect(error?.expected == "a whole number from 0 up, as counts are")
    #expect(error?.place?.hasPrefix("X, cell \"AAAGCCTGGCTAAC-1\" (row 0), gene \"HES4\" (column 0)") == true)
  }

  private func counts(_ name: String, _ column: String) throws -> [String: Int] {
    guard case .categories(let codes, let names) = try Self.file(name).obsColumn(column).values else { return [:] }
    return codes.reduce(into: [:]) { $0[$1 < 0 ? "" : names[Int($1)], default: 0] += 1 }
  }
}
