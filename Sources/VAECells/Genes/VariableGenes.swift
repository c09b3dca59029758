import CStandardLibrary
import VAEData

/// The genes whose counts differ most between cells.
enum VariableGenes {
  /// The `count` genes that come first by `selection`, in the order of the file; within batches, where `batches` gives each
  /// cell's, so that what differs between batches alone is not taken.
  static func choose(
    _ count: Int, of rows: CompressedRows, by selection: CellReading.GeneSelection, batches: [Int]?
  ) -> [Int] {
    let groups =
      batches.map { batches in
        Dictionary(grouping: batches.indices, by: { batches[$0] }).sorted { $0.key < $1.key }.map(\.value)
      } ?? [Array(0..<rows.rowCount)]
    let scores = groups.map { cells in
      let moments = GeneMoments(rows, cells: cells)
      switch selection {
      case .variance: return moments.variance
      case .seuratV3: return moments.standardizedVariance(rows, cells: cells)
      }
    }
    return top(count, scores)
  }

  /// By the median of their ranks in the groups in which they are among the first, then by how many those are: as scanpy's
  /// `seurat_v3` has it.
  private static func top(_ count: Int, _ scores: [[Double]]) -> [Int] {
    let genes = scores[0].count
    let ranks = scores.map { scores in
      var ranks = [Int](repeating: 0, count: genes)
      let order = (0..<genes).sorted { (-scores[$0], $0) < (-scores[$1], $1) }
      for (rank, gene) in order.enumerated() { ranks[gene] = rank }
      return ranks
    }
    let keys = (0..<genes).map { gene -> (median: Double, groups: Int, gene: Int) in
      let good = ranks.map { $0[gene] }.filter { $0 < count }.sorted()
      guard !good.isEmpty else { return (.infinity, 0, gene) }
      let middle = good.count / 2
      let median = good.count % 2 == 1 ? Double(good[middle]) : Double(good[middle - 1] + good[middle]) / 2
      return (median, good.count, gene)
    }
    return keys.sorted { ($0.median, -$0.groups, $0.gene) < ($1.median, -$1.groups, $1.gene) }.prefix(count).map(\.gene)
      .sorted()
  }
}

/// Mean and variance of each gene over some cells.
struct GeneMoments {
  let cellCount: Int
  private(set) var mean: [Double]
  /// Of a sample: the squares divided by one less than their number.
  private(set) var variance: [Double]

  init(_ rows: CompressedRows, cells: [Int]) {
    cellCount = cells.count
    var sums = [Double](repeating: 0, count: rows.columnCount)
    var squares = sums
    for cell in cells {
      rows.withEntries(of: cell) { columns, values in
        for entry in 0..<columns.count {
          let value = Double(values[entry])
          sums[Int(columns[entry])] += value
          squares[Int(columns[entry])] += value * value
        }
      }
    }
    let count = Double(max(cells.count, 1))
    mean = sums.map { $0 / count }
    variance = zip(squares, mean).map { max(0, ($0 - count * $1 * $1) / max(count - 1, 1)) }
  }

  /// The variance of (x − m) / d, where d is the deviation that genes of this mean have as a rule, and no x is further from m
  /// than √N d: Stuart et al. 2019 ("Comprehensive integration of single-cell data"), as scanpy's `seurat_v3` computes it. The
  /// rule is a curve through the logarithms of means and variances, by `Loess`.
  func standardizedVariance(_ rows: CompressedRows, cells: [Int]) -> [Double] {
    let known = mean.indices.filter { variance[$0] > 0 }
    guard !known.isEmpty else { return mean.map { _ in 0 } }
    let places = known.map { log10(mean[$0]) }
    let curve = Loess(places, known.map { log10(variance[$0]) })
    let count = Double(cellCount)
    var deviation = [Double](repeating: 1, count: mean.count)
    for (index, gene) in known.enumerated() { deviation[gene] = pow(10, curve(places[index])).squareRoot() }
    let most = zip(mean, deviation).map { $0 + $1 * count.squareRoot() }
    var sums = [Double](repeating: 0, count: mean.count)
    var squares = sums
    for cell in cells {
      rows.withEntries(of: cell) { columns, values in
        for entry in 0..<columns.count {
          let gene = Int(columns[entry])
          let value = min(Double(values[entry]), most[gene])
          sums[gene] += value
          squares[gene] += value * value
        }
      }
    }
    return mean.indices.map { gene in
      let (m, d) = (mean[gene], deviation[gene])
      return variance[gene] > 0
        ? (count * m * m + squares[gene] - 2 * sums[gene] * m) / (max(count - 1, 1) * d * d) : 0
    }
  }
}
