import VAEData
import VAEKernels

/// How batches mix in a latent space, and whether what is to be kept apart is.
public struct Integration: Sendable, Hashable {
  /// Of each point's nearest neighbours, those of other batches; nil without batches.
  public var mixing: NeighborMixing?
  /// The silhouette by batch: near 0 where batches lie on each other; nil without batches, or of one alone.
  public var batchSilhouette: Double?
  /// The silhouette by label: near 1 where labels are apart; nil without labels, or of one alone.
  public var labelSilhouette: Double?
  /// How far clusters, as many as there are labels, agree with the labels.
  public var clusters: ClusterComparison?

  /// So many neighbours are looked at.
  public static let neighborCount = 15

  /// Of `points` [n, dimension], row after row. An example without a batch, or a label, is left out of what is said of those.
  public init(
    _ points: [Float], dimension: Int, batches: Annotation?, labels: Annotation?, seed: UInt64, team: ThreadTeam
  ) {
    /// The points that have a code, and those codes.
    func known(_ annotation: Annotation) -> (points: [Float], codes: [Int]) {
      let codes = annotation.codes
      let places = codes.indices.filter { codes[$0] != nil }
      return (places.flatMap { points[$0 * dimension..<($0 + 1) * dimension] }, places.map { codes[$0]! })
    }
    if let batches {
      let (points, codes) = known(batches)
      if Set(codes).count > 1 {
        mixing = NeighborMixing(
          NearestNeighbors(of: points, dimension: dimension, neighborCount: Self.neighborCount, team: team),
          batches: codes)
        batchSilhouette = Silhouette(points, dimension: dimension, labels: codes, seed: seed, team: team)?.mean
      }
    }
    if let labels {
      let (points, codes) = known(labels)
      let count = Set(codes).count
      if count > 1 {
        labelSilhouette = Silhouette(points, dimension: dimension, labels: codes, seed: seed, team: team)?.mean
        clusters = ClusterComparison(
          KMeans(points, dimension: dimension, clusterCount: count, seed: seed, team: team).clusters, codes)
      }
    }
  }
}
