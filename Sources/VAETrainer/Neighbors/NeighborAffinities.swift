import Foundation
import VAEKernels

/// How much the points of a set are neighbours of each other: the symmetric matrix P of a t-SNE, sparse.
///
///     p_{j|i} ∝ exp(−β_i |x_i − x_j|²) for the k nearest neighbours j of i, Σ over j of p_{j|i} = 1
///     P_ij = (p_{j|i} + p_{i|j}) / 2n, so that Σ P = 1
///
/// β_i is such that the entropy of p_{·|i} is the logarithm of the perplexity. Sources: van der Maaten and Hinton 2008,
/// section 2, and van der Maaten 2014, section 4.1, for the restriction to neighbours.
final class NeighborAffinities: Sendable {
  /// n.
  let count: Int
  /// Row i is from starts[i] to starts[i + 1]: its columns in order, then filled up with i itself, of affinity 0, to a whole
  /// number of vectors.
  let starts: SharedNumbers<UInt32>
  let columns: SharedNumbers<UInt32>
  let values: SharedNumbers<Float>

  /// A row's length is a multiple of this, the floats in the longest vectors.
  static let grain = AlignedBuffer.alignedCount

  init(_ neighbors: NearestNeighbors, perplexity: Double, team: ThreadTeam) {
    let (count, k) = (neighbors.count, neighbors.neighborCount)
    self.count = count
    // Each entry is its column, and below it the bits of its number: in order of columns when sorted.
    let own = SharedNumbers<UInt64>(count: count * k, repeating: 0)
    let pieces = Pieces(total: count, size: 256)
    let queue = WorkQueue()
    team.run { worker in
      var scratch = [Double](repeating: 0, count: k)
      while let piece = queue.next(of: pieces.count) {
        for row in pieces[piece] {
          let place = row * k..<(row + 1) * k
          Self.weigh(neighbors.squaredDistances[place], perplexity: perplexity, into: &scratch)
          var entries = UnsafeMutableBufferPointer(start: own.base + place.lowerBound, count: k)
          for entry in 0..<k {
            let column = UInt64(neighbors.indices[place.lowerBound + entry])
            entries[entry] = column << 32 | UInt64(Float(scratch[entry]).bitPattern)
          }
          entries.sort()
        }
      }
    }
    // The transpose: filled row by row, so that its own rows come out in order too.
    var ends = [Int](repeating: 0, count: count + 1)
    for entry in 0..<own.count { ends[Int(own[entry] >> 32) + 1] += 1 }
    for row in 0..<count { ends[row + 1] += ends[row] }
    let reverse = SharedNumbers<UInt64>(count: count * k, repeating: 0)
    let reverseStarts = SharedNumbers(ends, empty: 0)
    ends.withUnsafeMutableBufferPointer { ends in
      for row in 0..<count {
        for entry in row * k..<(row + 1) * k {
          let column = Int(own.base[entry] >> 32)
          reverse.base[ends[column]] = UInt64(row) << 32 | own.base[entry] & 0xFFFF_FFFF
          ends[column] += 1
        }
      }
    }
    func merged(_ row: Int) -> MergedRow {
      MergedRow(
        UnsafeBufferPointer(start: own.base + row * k, count: k),
        UnsafeBufferPointer(
          rebasing: UnsafeBufferPointer(start: reverse.base, count: reverse.count)[
            reverseStarts[row]..<reverseStarts[row + 1]]))
    }
    let starts = SharedNumbers<UInt32>(count: count + 1, repeating: 0)
    var total = 0
    for row in 0..<count {
      var length = 0
      var entries = merged(row)
      while entries.next() != nil { length += 1 }
      total += (length + Self.grain - 1) / Self.grain * Self.grain
      starts[row + 1] = UInt32(total)
    }
    let columns = SharedNumbers<UInt32>(count: total, repeating: 0)
    let values = SharedNumbers<Float>(count: total, repeating: 0)
    for row in 0..<count {
      var place = Int(starts[row])
      var entries = merged(row)
      while let entry = entries.next() {
        columns.base[place] = entry.column
        values.base[place] = entry.value / (2 * Float(count))
        place += 1
      }
      for filling in place..<Int(starts[row + 1]) { columns.base[filling] = UInt32(row) }
    }
    (self.starts, self.columns, self.values) = (starts, columns, values)
  }

  /// p_{j|i} of the neighbours at these squared distances, ascending.
  ///
  /// The entropy falls as β grows, by −β² times the variance of the distances for a step of log β: Newton's method, kept
  /// between bounds that close in. Where no β has the entropy, as of neighbours that are all at the same distance, the
  /// nearest that a β comes to it.
  static func weigh(_ squaredDistances: ArraySlice<Float>, perplexity: Double, into weights: inout [Double]) {
    let nearest = Double(squaredDistances.first ?? 0)
    let count = Double(squaredDistances.count)
    let mean = squaredDistances.reduce(0) { $0 + (Double($1) - nearest) } / count
    let target = log(perplexity)
    // As if all distances were in units of their mean excess, so that β is near 1.
    let unit = mean > 0 && mean.isFinite ? 1 / mean : 0
    var (beta, low, high) = (1.0, 0.0, Double.infinity)
    for _ in 0..<100 {
      var (sum, first, second) = (0.0, 0.0, 0.0)
      for (place, distance) in squaredDistances.enumerated() {
        let excess = (Double(distance) - nearest) * unit
        let weight = exp(-beta * excess)
        weights[place] = weight
        sum += weight
        first += weight * excess
        second += weight * excess * excess
      }
      for place in weights.indices { weights[place] /= sum }
      let expected = first / sum
      let excessEntropy = log(sum) + beta * expected - target
      if abs(excessEntropy) < 1e-6 || unit == 0 { return }
      if excessEntropy > 0 { low = beta } else { high = beta }
      let slope = beta * beta * (second / sum - expected * expected)
      let newton = beta * exp(max(-2, min(2, excessEntropy / slope)))
      if newton > low && newton < high {
        beta = newton
      } else {
        beta = high.isFinite ? (low + high) / 2 : 2 * beta
      }
      if beta > 1e30 || beta < 1e-30 { return }
    }
  }
}

/// The entries of a row of A + Aᵀ, in order of columns.
private struct MergedRow {
  private let own: UnsafeBufferPointer<UInt64>
  private let other: UnsafeBufferPointer<UInt64>
  private var first = 0
  private var second = 0

  init(_ own: UnsafeBufferPointer<UInt64>, _ other: UnsafeBufferPointer<UInt64>) {
    self.own = own
    self.other = other
  }

  mutating func next() -> (column: UInt32, value: Float)? {
    let left = first < own.count ? own[first] : .max
    let right = second < other.count ? other[second] : .max
    guard first < own.count || second < other.count else { return nil }
    let column = min(left >> 32, right >> 32)
    var value: Float = 0
    if left >> 32 == column {
      value += Float(bitPattern: UInt32(truncatingIfNeeded: left))
      first += 1
    }
    if right >> 32 == column {
      value += Float(bitPattern: UInt32(truncatingIfNeeded: right))
      second += 1
    }
    return (UInt32(column), value)
  }
}
