import Foundation
import VAEKernels

/// The forces of a t-SNE on n points y in the plane. With w_ij = 1/(1 + |y_i − y_j|²) and Z = Σ over i ≠ j of w_ij, the
/// divergence and its gradient are
///
///     KL(P‖Q) = Σ P_ij log (P_ij / Q_ij),   Q_ij = w_ij / Z
///     dy_i = 4 (Σ_j P_ij w_ij (y_i − y_j) − 1/Z Σ_j w_ij² (y_i − y_j))
///
/// Source: van der Maaten and Hinton 2008, equations 4 and 5. The two sums are `attraction` and `repulsion` here.
///
/// The attraction is a sum over the neighbours. The repulsion, over all pairs, is the slope of a potential: with
/// φ(y) = Σ_j 1/(1 + |y − y_j|²),
///
///     Σ_j w_ij² (y_i − y_j) = −½ ∇φ(y_i),   Z = Σ_i φ(y_i) − n
///
/// of which a grid holds φ: the points are spread over its nodes by splines of degree five, convolved, and φ and its slope
/// read from the nodes by the same splines. Linderman and others (2019), "Fast interpolation-based t-SNE", whose idea the
/// grid is, interpolate w² for four charges by polynomials in boxes; one smooth potential takes a quarter of the transforms and
/// a coarser grid for the same error. Nodes are a third apart, where the error is 0.1 to 1 % of the root mean square of the
/// force, the more the farther points are from each other (0.4 apart, it is 0.5 to 2 %).
/// Few points are quicker pair by pair, exactly.
final class EmbeddingForces: @unchecked Sendable {
  /// Up to so many points take pairs.
  static let exactCount = 2000
  /// Between nodes.
  static let spacing = 1.0 / 3

  let affinities: NeighborAffinities
  /// [n, 2]: y.
  let points: SharedNumbers<Float>
  /// [n, 2].
  let attraction: SharedNumbers<Float>
  /// [n, 2].
  let repulsion: SharedNumbers<Float>
  /// Z, once all forces are there.
  var normalizer: Double { max(potentials.total - Double(count), .leastNormalMagnitude) }

  private let count: Int
  /// Of each piece of points, the sum of φ.
  private let potentials: PieceSums
  private let queues = (0..<8).map { _ in WorkQueue() }
  private let pieces: Pieces
  /// Nil where pairs are taken.
  private let grid: GridConvolution?
  /// Coordinates apart, for pairs: x, then y; or the points' places on the grid, pairs.
  private let places: SharedNumbers<Float>
  /// The points in the order of the grid's rows, and where each row's begin.
  private let order: SharedNumbers<UInt32>
  private let rowStarts = SharedNumbers<Int>(count: GridConvolution.maximumNodes + 1, repeating: 0)
  private var spacing = EmbeddingForces.spacing

  init(_ affinities: NeighborAffinities, workers: Int, exactly: Bool? = nil) {
    self.affinities = affinities
    count = affinities.count
    points = SharedNumbers(count: 2 * count, repeating: 0)
    attraction = SharedNumbers(count: 2 * count, repeating: 0)
    repulsion = SharedNumbers(count: 2 * count, repeating: 0)
    pieces = Pieces(total: count, size: 128)
    potentials = PieceSums(count: pieces.count)
    places = SharedNumbers(count: 2 * count, repeating: 0)
    order = SharedNumbers(count: count, repeating: 0)
    grid = exactly ?? (count <= Self.exactCount) ? nil : GridConvolution(workers: workers)
  }

  /// To be called before all workers go through `compute`.
  func begin() {
    for queue in queues { queue.reset() }
  }

  /// Both forces of all points, and Z, by all workers together; they are there when one returns.
  func compute(_ worker: Worker) {
    // What one worker does for all, while the others are at the attraction.
    if worker.index == 0 { if let grid { lay(grid) } else { separate() } }
    while let piece = queues[0].next(of: pieces.count) {
      VectorMath.active.attraction(
        points.base, starts: affinities.starts.base, columns: affinities.columns.base, affinities.values.base,
        rows: pieces[piece], into: attraction.base)
    }
    worker.barrier()
    if let grid { readPotential(grid, worker) } else { takePairs() }
    worker.barrier()
  }

  // MARK: Pairs

  private func separate() {
    for point in 0..<count {
      places.base[point] = points.base[2 * point]
      places.base[count + point] = points.base[2 * point + 1]
    }
  }

  private func takePairs() {
    while let piece = queues[1].next(of: pieces.count) {
      potentials[piece] = VectorMath.active.repulsion(
        places.base, places.base + count, count: count, rows: pieces[piece], into: repulsion.base)
    }
  }

  // MARK: The grid

  /// Lays the grid around the points, and puts these in the order of its rows.
  private func lay(_ grid: GridConvolution) {
    var (low, high) = (SIMD2<Float>(repeating: .infinity), SIMD2<Float>(repeating: -.infinity))
    for point in 0..<count {
      let place = SIMD2(points.base[2 * point], points.base[2 * point + 1])
      low = pointwiseMin(low, place)
      high = pointwiseMax(high, place)
    }
    // Points too far apart for the grid make it coarser, by steps, since another spacing is another kernel.
    let extent = Double((high - low).max())
    spacing = Self.spacing
    while extent / spacing > Double(GridConvolution.maximumNodes - 64) { spacing *= 1.25 }
    let scale = Float(1 / spacing)
    // A node lies at the origin, about which the points begin in a cloud of next to no size: what an interpolated φ has of
    // slope at a node by mistake is nothing, by symmetry.
    let origin = 2 - (low * scale).rounded(.down)
    let size = (high * scale).rounded(.down) + origin + 5
    // Two more columns, which the loops read.
    grid.lay(rows: Int(size.x), columns: Int(size.y) + 2, spacing: spacing)
    let starts = UnsafeMutableBufferPointer(start: rowStarts.base, count: grid.rows + 1)
    starts.update(repeating: 0)
    for point in 0..<count {
      let place = SIMD2(points.base[2 * point], points.base[2 * point + 1]) * scale + origin
      (places.base[2 * point], places.base[2 * point + 1]) = (place.x, place.y)
      starts[Int(place.x) + 1] += 1
    }
    for row in 0..<grid.rows { starts[row + 1] += starts[row] }
    for point in 0..<count {
      let row = Int(places.base[2 * point])
      order.base[starts[row]] = UInt32(point)
      starts[row] += 1
    }
    // Each has become the end of its row, the start of the next.
    for row in (0..<grid.rows).reversed() { starts[row + 1] = starts[row] }
    starts[0] = 0
  }

  private func ordered(_ range: Range<Int>) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: order.base + range.lowerBound, count: range.count)
  }

  private func readPotential(_ grid: GridConvolution, _ worker: Worker) {
    if grid.needsKernel { grid.makeKernel(worker, (queues[1], queues[2])) }
    // To each node its points come in the order of rows, whatever band of rows a worker has.
    let bands = Pieces(total: grid.rows, size: max(16, grid.rows / (4 * worker.count)))
    while let band = queues[3].next(of: bands.count) {
      let rows = bands[band]
      (grid.grid.base + rows.lowerBound * grid.stride).update(repeating: 0, count: rows.count * grid.stride)
      let reaching = rowStarts[max(0, rows.lowerBound - 3)]..<rowStarts[min(grid.rows, rows.upperBound + 2)]
      VectorMath.active.spread(
        places.base, order: ordered(reaching), rows: rows, onto: grid.grid.base, stride: grid.stride)
    }
    worker.barrier()
    grid.convolve(worker, (queues[4], queues[5], queues[6]))
    worker.barrier()
    while let piece = queues[7].next(of: pieces.count) {
      potentials[piece] = VectorMath.active.interpolate(
        grid.grid.base, stride: grid.stride, places.base, order: ordered(pieces[piece]), scale: Float(-0.5 / spacing),
        slopesInto: repulsion.base)
    }
  }

  // MARK: The divergence

  /// Of some rows, Σ P (log P + log (1 + |y_i − y_j|²)), so that KL is the sum of all plus log Z.
  func divergence(ofRows rows: Range<Int>) -> Double {
    var sum = 0.0
    for row in rows {
      let (x, y) = (points.base[2 * row], points.base[2 * row + 1])
      for entry in Int(affinities.starts[row])..<Int(affinities.starts[row + 1]) {
        let p = Double(affinities.values.base[entry])
        guard p > 0 else { continue }
        let other = Int(affinities.columns.base[entry])
        let (dx, dy) = (x - points.base[2 * other], y - points.base[2 * other + 1])
        sum += p * log(p * Double(1 + dx * dx + dy * dy))
      }
    }
    return sum
  }
}

/// Sums of pieces of work, each written by whoever did it, and added up in order.
final class PieceSums: @unchecked Sendable {
  private let sums: SharedNumbers<Double>

  init(count: Int) { sums = SharedNumbers(count: count, repeating: 0) }

  subscript(piece: Int) -> Double {
    get { sums[piece] }
    set { sums[piece] = newValue }
  }

  var total: Double {
    var total = 0.0
    for piece in 0..<sums.count { total += sums[piece] }
    return total
  }
}
