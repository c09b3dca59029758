import VAEKernels

/// How well batches are mixed: of each point's k nearest neighbours the share that is of another batch, averaged over the
/// points, beside what it would be if batches had nothing to do with where points lie.
///
///     expected = 1/n Σ over points of (n − n_b) / (n − 1), n_b the points of the point's batch
///
/// A share near to the expected one says that batches overlap; one of 0, that each keeps to itself. It says nothing of whether
/// anything else is left: points put anywhere are mixed best.
public struct NeighborMixing: Sendable, Hashable {
  /// From 0 to 1.
  public let share: Double
  /// From 0, of a single batch, to 1.
  public let expectedShare: Double

  /// The share over the expected one: 0 where batches are apart, about 1 where they are mixed; nil of a single batch.
  public var relative: Double? { expectedShare > 0 ? share / expectedShare : nil }

  /// Of the neighbours of n points, in whatever space they were sought, and the batch of each; n and k are at least 1.
  public init<Batch: Hashable>(_ neighbors: NearestNeighbors, batches: [Batch]) {
    precondition(
      batches.count == neighbors.count && neighbors.neighborCount > 0,
      "\(batches.count) batches for \(neighbors.count) points with \(neighbors.neighborCount) neighbours")
    let groups = GroupNumbers(batches)
    let (n, k) = (Double(batches.count), neighbors.neighborCount)
    var others = 0
    for point in batches.indices {
      for place in point * k..<(point + 1) * k
      where groups.numbers[Int(neighbors.indices[place])] != groups.numbers[point] { others += 1 }
    }
    share = Double(others) / (n * Double(k))
    expectedShare = groups.sizes.reduce(0) { $0 + Double($1) / n * (n - Double($1)) / (n - 1) }
  }
}
