import VAEKernels

/// How well groups of points are apart: the mean silhouette width.
///
///     s_i = (b_i − a_i) / max(a_i, b_i)
///
/// a_i is the mean distance of point i from the others of its group, b_i the least of its mean distances from another
/// group; s_i = 0 of a point that is alone in its group. From −1 to 1: near 1 where groups are tight and apart, near 0 where
/// they overlap, as is wished of batches. Source: Rousseeuw 1987, "Silhouettes".
///
/// All distances between n points are n² of them: of more than `maximumCount` points so many are drawn by the seed, without
/// replacement, and the figure is that of the drawn ones among themselves. Its error by the drawing is about the widths'
/// deviation over the root of their number, some 0.003 of 10,000.
public struct Silhouette: Sendable, Hashable {
  /// The mean of s over the points.
  public let mean: Double
  /// The points that it is of.
  public let count: Int
  /// Of each group among them, the mean of s over its points; groups in the order in which they first appear in `labels`.
  public let groups: [Group]

  /// The silhouette of one group.
  public struct Group: Sendable, Hashable {
    /// A point of it: the first that was compared.
    public let firstPoint: Int
    /// Its points, of those compared.
    public let count: Int
    /// The mean of s over them.
    public let mean: Double
  }

  /// So many points are compared with each other.
  public static let maximumCount = 10_000

  /// Of `points` [n, dimension], row after row, all finite, and a label of each; nil where they are all of one group, or each
  /// of its own, so that there is nothing to compare.
  public init?<Label: Hashable>(
    _ points: [Float], dimension: Int, labels: [Label], seed: UInt64 = 0, maximumCount: Int = Self.maximumCount,
    team: ThreadTeam
  ) {
    precondition(
      points.count == labels.count * dimension && maximumCount > 1,
      "\(labels.count) labels of \(points.count) numbers in \(dimension) dimensions, \(maximumCount) at most")
    let drawn = Self.draw(maximumCount, of: labels.count, seed: seed)
    let grouping = GroupNumbers(drawn.map { labels[$0] })
    guard grouping.count > 1 && grouping.count < drawn.count else { return nil }
    // The points of a group together, so that a row of distances is summed group by group.
    let order = drawn.indices.sorted { (grouping.numbers[$0], $0) < (grouping.numbers[$1], $1) }
    let rows = order.flatMap { points[drawn[$0] * dimension..<(drawn[$0] + 1) * dimension] }
    var starts = [0]
    for size in grouping.sizes { starts.append(starts.last! + size) }
    let widths = Self.widths(rows, dimension, starts, team)
    mean = widths.reduce(0, +) / Double(widths.count)
    count = widths.count
    groups = grouping.sizes.indices.map { group in
      let own = widths[starts[group]..<starts[group + 1]]
      return Group(
        firstPoint: drawn[order[starts[group]]], count: own.count, mean: own.reduce(0, +) / Double(own.count))
    }
  }

  /// All points, or some of them, in order.
  private static func draw(_ wanted: Int, of count: Int, seed: UInt64) -> [Int] {
    var all = Array(0..<count)
    guard count > wanted else { return all }
    var random = RandomSequence(RandomStream(seed: seed, purpose: .clustering, sample: 1))
    random.shuffle(&all)
    return all[..<wanted].sorted()
  }

  /// s of each point, of groups that lie from one start to the next.
  private static func widths(_ rows: [Float], _ dimension: Int, _ starts: [Int], _ team: ThreadTeam) -> [Double] {
    let columns = PointColumns(rows, dimension: dimension)
    let queries = SharedNumbers(rows, empty: 0)
    let widths = SharedNumbers<Double>(count: columns.count, repeating: 0)
    let pieces = Pieces(total: columns.count, size: 8)
    let queue = WorkQueue()
    team.run { worker in
      let distances = AlignedBuffer(count: pieces.size * columns.count)
      while let piece = queue.next(of: pieces.count) {
        let own = pieces[piece]
        let matrix = Matrix(distances.base, rows: own.count, columns: columns.count)
        VectorMath.active.squaredDistances(
          ofColumns: columns.columns(0..<columns.count),
          from: Matrix(queries.base + own.lowerBound * dimension, rows: own.count, columns: dimension), into: matrix)
        for point in own {
          widths[point] = width(of: point, matrix.base + (point - own.lowerBound) * matrix.stride, starts)
        }
      }
    }
    return widths.array
  }

  private static func width(of point: Int, _ squaredDistances: UnsafePointer<Float>, _ starts: [Int]) -> Double {
    var (within, nearest) = (0.0, Double.infinity)
    for group in 0..<starts.count - 1 {
      let size = starts[group + 1] - starts[group]
      var sum = 0.0
      for other in starts[group]..<starts[group + 1] { sum += Double(squaredDistances[other].squareRoot()) }
      if (starts[group]..<starts[group + 1]).contains(point) {
        if size == 1 { return 0 }
        within = sum / Double(size - 1)
      } else {
        nearest = min(nearest, sum / Double(size))
      }
    }
    let larger = max(within, nearest)
    return larger > 0 ? (nearest - within) / larger : 0
  }
}
