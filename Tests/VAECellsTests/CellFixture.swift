import Foundation
import TestSupport
import VAEData

@testable import VAECells

/// Files that anndata, h5py and a script wrote, and what is in them: `Scripts/make-cell-fixtures.py`.
struct CellFixture: Decodable {
  let counts: [[Float]]
  let cells: [String]
  let genes: [String]
  let codes: [Int32]
  let types: [String]

  static let folder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures").path

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// What all of the small files hold.
  static let expected: CellFixture = {
    do {
      return try JSONDecoder().decode(
        CellFixture.self, from: Data(contentsOf: URL(fileURLWithPath: path("expected.json"))))
    } catch {
      fatalError("expected.json: \(error)")
    }
  }()

  /// Every file of them that is HDF5.
  static let files = [
    "csr-gzip.h5ad", "csc-lzf.h5ad", "dense.h5ad", "logged.h5ad", "nearly.h5ad", "old-06.h5ad",
    "old-07-big-endian.h5ad", "tenx-3.h5", "tenx-2.h5", "small.loom",
  ]
}

/// Keeps what it is given, and checks it.
struct CollectingSink: CountRowSink {
  var starts = [0]
  var columns: [UInt32] = []
  var values: [Float] = []
  var rows: Int { starts.count - 1 }

  mutating func append(columns: UnsafeBufferPointer<UInt32>, values: UnsafeBufferPointer<Float>) throws {
    precondition(columns.count == values.count)
    for place in columns.indices.dropFirst() { precondition(columns[place] > columns[place - 1]) }
    self.columns += columns
    self.values += values
    starts.append(self.columns.count)
  }

  func matrix(columns count: Int) -> SparseMatrix {
    SparseMatrix(rowCount: rows, columnCount: count, rowStarts: starts, columns: columns, values: values)
  }

  /// Rows with all their zeros.
  func dense(columns count: Int) -> [[Float]] {
    let matrix = matrix(columns: count)
    return (0..<rows).map { matrix.rows($0..<$0 + 1) }
  }
}

extension CellFile {
  /// All that a selection takes.
  func collect(_ selection: CellSelection = CellSelection()) throws -> (table: CellTable, sink: CollectingSink) {
    var sink = CollectingSink()
    let table = try read(into: &sink, selection: selection)
    return (table, sink)
  }
}
