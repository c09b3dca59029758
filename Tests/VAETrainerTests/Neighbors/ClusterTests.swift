import TestSupport
import Testing
import VAEKernels

@testable import VAETrainer

/// Clusters and figures of them. Numbers with many digits are scikit-learn's, by Scripts/make-cluster-figures.py.
@Suite struct ClusterTests {
  private typealias Figures = FigurePoints

  /// Both sides in double precision, but distances here in single.
  private static let tolerance = 1e-6

  @Test func comparisonsAreThoseOfScikitLearn() {
    let other = ClusterComparison(Figures.labels, Figures.other)
    #expect(abs(other.adjustedRandIndex - -0.062114523652985) < 1e-12)
    #expect(abs(other.normalizedMutualInformation - 0.012814893126398) < 1e-12)
    let halves = ClusterComparison(Figures.labels, Figures.halves)
    #expect(abs(halves.adjustedRandIndex - -0.023806763285024) < 1e-12)
    #expect(abs(halves.normalizedMutualInformation - 0.002138912012242) < 1e-12)
    let alone = ClusterComparison(Figures.alone, Figures.labels.map { "group \($0)" })
    #expect(abs(alone.adjustedRandIndex - 0.977894342450356) < 1e-12)
    #expect(abs(alone.normalizedMutualInformation - 0.978392247868932) < 1e-12)
  }

  @Test func comparisonsWithoutChoice() {
    let same = ClusterComparison([3, 1, 1, 2], ["a", "b", "b", "c"])
    #expect(same.adjustedRandIndex == 1 && same.normalizedMutualInformation == 1)
    for groups in [[0], [0, 0, 0], [0, 1, 2]] {
      let comparison = ClusterComparison(groups, groups)
      #expect(comparison.adjustedRandIndex == 1 && comparison.normalizedMutualInformation == 1)
    }
    let one = ClusterComparison([0, 0, 0, 0], [0, 0, 1, 1])
    #expect(one.adjustedRandIndex == 0 && one.normalizedMutualInformation == 0)
  }

  @Test(arguments: 1...3) func silhouettesAreThoseOfScikitLearn(threads: Int) throws {
    let team = try ThreadTeam(count: threads)
    func silhouette(_ labels: [Int]) throws -> Silhouette {
      try #require(Silhouette(Figures.points, dimension: Figures.dimension, labels: labels, team: team))
    }
    let labels = try silhouette(Figures.labels)
    #expect(abs(labels.mean - 0.132563059115460) < Self.tolerance)
    #expect(labels.count == 60 && labels.groups.map(\.firstPoint) == [0, 1, 2, 3])
    let ofGroups = [0.200318623865385, -0.011662243256495, 0.096173209974757, 0.245422645878195]
    for (found, expected) in zip(labels.groups, ofGroups) { #expect(abs(found.mean - expected) < Self.tolerance) }
    let halves = try silhouette(Figures.halves)
    #expect(abs(halves.mean - -0.010840146111429) < Self.tolerance)
    let alone = try silhouette(Figures.alone)
    #expect(abs(alone.mean - -0.037924583962756) < Self.tolerance)
    #expect(alone.groups.last == Silhouette.Group(firstPoint: 59, count: 1, mean: 0))
  }

  @Test func silhouettesOfOneGroupAndOfSomePoints() throws {
    let team = try ThreadTeam(count: 2)
    #expect(Silhouette([1, 2, 3], dimension: 1, labels: [0, 0, 0], team: team) == nil)
    #expect(Silhouette([1, 2, 3], dimension: 1, labels: [0, 1, 2], team: team) == nil)
    // Two groups so far apart that any points of them say the same.
    let noise = normalNumbers(2000, seed: 1)
    let points = noise.enumerated().map { $1 + ($0 % 2 == 0 ? 0 : 1000) }
    let labels = (0..<2000).map { $0 % 2 }
    let some = try #require(
      Silhouette(points, dimension: 1, labels: labels, seed: 3, maximumCount: 100, team: team))
    #expect(some.count == 100 && some.mean > 0.99)
    let others = Silhouette(points, dimension: 1, labels: labels, seed: 4, maximumCount: 100, team: team)
    #expect(others != some)
    // Points that are all equal: nothing is nearer.
    #expect(Silhouette([5, 5, 5, 5], dimension: 1, labels: [0, 0, 1, 1], team: team)?.mean == 0)
  }

  @Test(arguments: [(1, 25340.166666666671517), (2, 9519.178451178449905), (4, 5140.700595238095957)])
  func kMeansFindsTheLeastInertia(clusterCount: Int, inertia: Double) throws {
    var first: KMeans?
    for threads in 1...3 {
      let means = KMeans(
        Figures.points, dimension: Figures.dimension, clusterCount: clusterCount, restarts: 30,
        team: try ThreadTeam(count: threads))
      #expect(abs(means.inertia - inertia) < 1e-5 * inertia)
      #expect(means.centers == (first ?? means).centers && means.clusters == (first ?? means).clusters)
      first = means
    }
  }

  @Test func kMeansOfClustersAndOfFewPoints() throws {
    let team = try ThreadTeam(count: 2)
    let noise = normalNumbers(3000, seed: 2)
    let labels = (0..<1500).map { $0 % 5 }
    let points = noise.indices.map { noise[$0] + 20 * Float(($0 / 2 % 5 + 2 * ($0 % 2)) % 5) }
    let means = KMeans(points, dimension: 2, clusterCount: 5, seed: 1, team: team)
    #expect(ClusterComparison(means.clusters, labels).adjustedRandIndex == 1)
    // More clusters than points, and than different ones.
    let few = KMeans([1, 5, 9], dimension: 1, clusterCount: 7, team: team)
    #expect(few.clusterCount == 3 && few.inertia == 0 && Set(few.clusters).count == 3)
    let same = KMeans([4, 4, 4, 4, 7], dimension: 1, clusterCount: 4, team: team)
    #expect(same.inertia == 0 && same.centers.count == 4)
  }

  @Test func mixing() throws {
    let team = try ThreadTeam(count: 1)
    // In pairs, far from each other.
    let points: [Float] = [0, 1, 100, 101, 200, 201, 300, 301]
    let neighbors = NearestNeighbors(of: points, dimension: 1, neighborCount: 1, team: team)
    let apart = NeighborMixing(neighbors, batches: ["a", "a", "b", "b", "a", "a", "b", "b"])
    #expect(apart.share == 0 && apart.relative == 0)
    #expect(abs(apart.expectedShare - 4.0 / 7) < 1e-12)
    let mixed = NeighborMixing(neighbors, batches: ["a", "b", "a", "b", "a", "b", "a", "a"])
    #expect(mixed.share == 0.75)
    #expect(abs(mixed.expectedShare - (5.0 / 8 * 3 / 7 + 3.0 / 8 * 5 / 7)) < 1e-12)
    let one = NeighborMixing(neighbors, batches: Array(repeating: 1, count: 8))
    #expect(one.share == 0 && one.expectedShare == 0 && one.relative == nil)
    // Batches that have nothing to do with where points lie.
    let many = NearestNeighbors(of: normalNumbers(3000, seed: 7), dimension: 3, neighborCount: 20, team: team)
    let random = NeighborMixing(many, batches: (0..<1000).map { $0 % 3 })
    #expect(abs((random.relative ?? 0) - 1) < 0.02)
  }
}
