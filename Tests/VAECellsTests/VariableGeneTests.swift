import Foundation
import Testing
import VAEData

@testable import VAECells

/// Which genes differ most, against what scanpy and scikit-misc say: `Scripts/make-gene-fixtures.py`.
@Suite struct VariableGeneTests {
  private struct Expected: Decodable {
    let counts: [[Float]]
    let batches: [Int]
    let scores: [Double]
    let top: [Int]
    let topOfBatches: [Int]
    let x: [Double]
    let y: [Double]
    let curve: [Double]
  }

  private let expected: Expected
  private let rows: CompressedRows

  init() throws {
    expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: CellFixture.path("variable-genes.json"))))
    let width = expected.counts[0].count
    let numbers = expected.counts.flatMap { $0 }
    rows = CompressedRows(
      SparseMatrix(
        rowCount: expected.counts.count, columnCount: width, rows: numbers.indices.map { UInt32($0 / width) },
        columns: numbers.indices.map { UInt32($0 % width) }, values: numbers))
  }

  @Test func theCurveIsThatOfLoess() {
    let curve = Loess(expected.x, expected.y)
    // Few points, so that the cells are not cut in the same places everywhere.
    for (x, y) in zip(expected.x, expected.curve) { #expect(abs(curve(x) - y) < 5e-3, "\(x): \(curve(x)), \(y)") }
  }

  @Test func scoresAreThoseOfScanpy() {
    let cells = Array(0..<rows.rowCount)
    let scores = GeneMoments(rows, cells: cells).standardizedVariance(rows, cells: cells)
    for (found, score) in zip(scores, expected.scores) {
      #expect(abs(found - score) < 1.5e-2 * score, "\(found), \(score)")
    }
    // But for genes whose scores are as near to each other as that.
    func shared(_ batches: [Int]?, _ others: [Int]) -> Int {
      Set(VariableGenes.choose(40, of: rows, by: .seuratV3, batches: batches)).intersection(others).count
    }
    #expect(shared(nil, expected.top) >= 39 && shared(expected.batches, expected.topOfBatches) >= 38)
  }

  @Test func byVarianceItIsTheVariance() {
    let width = expected.counts[0].count
    let variances = (0..<width).map { gene -> Double in
      let counts = expected.counts.map { Double($0[gene]) }
      let mean = counts.reduce(0, +) / Double(counts.count)
      return counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    let top = (0..<width).sorted { variances[$0] > variances[$1] }.prefix(10).sorted()
    #expect(VariableGenes.choose(10, of: rows, by: .variance, batches: nil) == top)
  }

  @Test func fewPointsHaveACurveToo() {
    #expect(Loess([1], [3])(1) == 3)
    #expect(abs(Loess([1, 2], [3, 5])(1.5) - 4) < 2)
    let flat = Loess([1, 1, 1, 1], [2, 2, 4, 4])
    #expect(flat(1).isFinite)
    let line = Loess((0..<50).map(Double.init), (0..<50).map { 2 * Double($0) + 1 })
    #expect(abs(line(17.3) - 35.6) < 1e-9)
  }
}
