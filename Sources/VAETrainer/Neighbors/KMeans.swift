import VAEKernels

/// Clusters of points about k centres: the best of several runs of Lloyd's algorithm (1982), each from centres drawn by
/// k-means++ (Arthur and Vassilvitskii 2007).
///
/// Minimises the inertia, Σ over points of the squared distance from the nearest centre. A run ends when no point changes its
/// cluster. A cluster that loses all its points takes the point that is farthest from its own centre. Depends on the seed,
/// and not on the number of threads.
public struct KMeans: Sendable {
  /// k.
  public let clusterCount: Int
  /// [k, dimension], row after row, in the points' units.
  public let centers: [Float]
  /// Of each point its cluster, from 0: the nearest centre, the first of several.
  public let clusters: [Int]
  /// The sum of the squared distances, in the square of the points' units.
  public let inertia: Double

  /// Of `points` [n, dimension], row after row, all finite, n ≥ 1. There are n clusters where that is less than
  /// `clusterCount`.
  public init(
    _ points: [Float], dimension: Int, clusterCount: Int, restarts: Int = 10, maximumIterations: Int = 300,
    seed: UInt64 = 0, team: ThreadTeam
  ) {
    precondition(
      clusterCount > 0 && restarts > 0 && maximumIterations > 0 && !points.isEmpty,
      "\(clusterCount) clusters of \(points.count) numbers, \(restarts) restarts of \(maximumIterations) iterations")
    let count = points.count / dimension
    self.clusterCount = min(clusterCount, count)
    let lloyd = Lloyd(points, dimension: dimension, clusterCount: self.clusterCount)
    var best: (centers: [Float], clusters: [Int], inertia: Double)?
    for restart in 0..<restarts {
      var random = RandomSequence(
        RandomStream(seed: seed, purpose: .clustering, epoch: UInt32(restart)), example: 0)
      lloyd.begin(&random, team)
      lloyd.run(maximumIterations, team)
      // Rounding aside: the first of equals.
      if best == nil || lloyd.inertia < best!.inertia {
        best = (lloyd.centers, lloyd.nearest.array.map { Int($0) }, lloyd.inertia)
      }
    }
    (centers, clusters, inertia) = (best!.centers, best!.clusters, best!.inertia)
  }
}

/// One run, and the memory of all.
private final class Lloyd: @unchecked Sendable {
  private(set) var centers: [Float]
  private(set) var inertia = 0.0
  /// Of each point.
  let nearest: SharedNumbers<Int32>

  private let rows: SharedNumbers<Float>
  private let columns: PointColumns
  private let dimension: Int
  private let clusterCount: Int
  private let shared: SharedNumbers<Float>
  /// Of each point, squared.
  private let distances: SharedNumbers<Float>
  private let pieces: Pieces

  init(_ points: [Float], dimension: Int, clusterCount: Int) {
    columns = PointColumns(points, dimension: dimension)
    rows = SharedNumbers(points, empty: 0)
    self.dimension = dimension
    self.clusterCount = clusterCount
    centers = Array(repeating: 0, count: clusterCount * dimension)
    shared = SharedNumbers(count: clusterCount * dimension, repeating: 0)
    nearest = SharedNumbers(count: columns.count, repeating: 0)
    distances = SharedNumbers(count: columns.count, repeating: 0)
    pieces = Pieces(total: columns.count, size: 1024)
  }

  // MARK: The first centres

  /// Each centre is a point, drawn in proportion to the square of its distance from the centres before it.
  func begin(_ random: inout RandomSequence, _ team: ThreadTeam) {
    for point in 0..<columns.count { distances[point] = .infinity }
    var chosen = Int(random.integer(below: UInt32(columns.count)))
    for cluster in 0..<clusterCount {
      for index in 0..<dimension { centers[cluster * dimension + index] = rows[chosen * dimension + index] }
      guard cluster + 1 < clusterCount else { break }
      compareWithCenters(cluster..<cluster + 1, team)
      let total = sumOfDistances()
      // All points are at a centre already: any will do.
      guard total > 0 else {
        chosen = Int(random.integer(below: UInt32(columns.count)))
        continue
      }
      var left = random.fineUniform() * total
      chosen = 0
      for point in 0..<columns.count where distances[point] > 0 {
        chosen = point
        left -= Double(distances[point])
        if left < 0 { break }
      }
    }
  }

  // MARK: Lloyd's algorithm

  func run(_ maximumIterations: Int, _ team: ThreadTeam) {
    var before: [Int32] = []
    for _ in 0..<maximumIterations {
      assign(team)
      let now = nearest.array
      if now == before { break }
      before = now
      moveCenters()
    }
    assign(team)
  }

  private func assign(_ team: ThreadTeam) {
    for point in 0..<columns.count { distances[point] = .infinity }
    compareWithCenters(0..<clusterCount, team)
    inertia = sumOfDistances()
  }

  /// Each centre to the mean of its points, summed in order.
  private func moveCenters() {
    var sums = [Double](repeating: 0, count: clusterCount * dimension)
    var sizes = [Int](repeating: 0, count: clusterCount)
    for point in 0..<columns.count {
      let cluster = Int(nearest[point])
      sizes[cluster] += 1
      for index in 0..<dimension { sums[cluster * dimension + index] += Double(rows.base[point * dimension + index]) }
    }
    for cluster in 0..<clusterCount {
      if sizes[cluster] > 0 {
        for index in 0..<dimension {
          let place = cluster * dimension + index
          centers[place] = Float(sums[place] / Double(sizes[cluster]))
        }
      } else {
        let farthest = (0..<columns.count).max { distances[$0] < distances[$1] } ?? 0
        for index in 0..<dimension { centers[cluster * dimension + index] = rows[farthest * dimension + index] }
        // Not for another one too.
        distances[farthest] = 0
      }
    }
  }

  /// Puts points to these centres where those are nearer than what they have.
  private func compareWithCenters(_ clusters: Range<Int>, _ team: ThreadTeam) {
    for place in centers.indices { shared[place] = centers[place] }
    let queue = WorkQueue()
    team.run { [self] worker in
      let block = AlignedBuffer(count: clusters.count * pieces.size)
      while let piece = queue.next(of: pieces.count) {
        let points = pieces[piece]
        let matrix = Matrix(block.base, rows: clusters.count, columns: points.count, stride: pieces.size)
        VectorMath.active.squaredDistances(
          ofColumns: columns.columns(points),
          from: Matrix(shared.base + clusters.lowerBound * dimension, rows: clusters.count, columns: dimension),
          into: matrix)
        for row in 0..<clusters.count {
          for (column, point) in points.enumerated() {
            let distance = matrix.base[row * matrix.stride + column]
            if distance < distances.base[point] {
              distances.base[point] = distance
              nearest.base[point] = Int32(clusters.lowerBound + row)
            }
          }
        }
      }
    }
  }

  private func sumOfDistances() -> Double {
    var sum = 0.0
    for point in 0..<columns.count { sum += Double(distances.base[point]) }
    return sum
  }
}
