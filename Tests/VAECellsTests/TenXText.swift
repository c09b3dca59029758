import Foundation
import TestSupport

/// A folder as Cell Ranger 2 writes it, with counts of a test's own.
struct TenXText {
  let counts: [[Float]]
  private let folder: TemporaryFolder

  var path: String { folder.path(of: "cells") }

  init(genes: [String], counts: [[Float]]) throws {
    self.counts = counts
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path(of: "cells"), withIntermediateDirectories: true)
    let entries = counts.enumerated().flatMap { cell, row in
      row.enumerated().filter { $0.1 != 0 }.map { "\($0.0 + 1) \(cell + 1) \(Int($0.1))\n" }
    }
    let header = "%%MatrixMarket matrix coordinate integer general\n\(genes.count) \(counts.count) \(entries.count)\n"
    for (name, text) in [
      ("matrix.mtx", header + entries.joined()),
      ("genes.tsv", genes.enumerated().map { "id\($0.0)\t\($0.1)\n" }.joined()),
      ("barcodes.tsv", counts.indices.map { "cell\($0)\n" }.joined()),
    ] {
      try text.write(toFile: folder.path(of: "cells/\(name)"), atomically: false, encoding: .utf8)
    }
  }
}
