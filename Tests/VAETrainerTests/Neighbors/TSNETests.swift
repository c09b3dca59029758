import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAETrainer

/// The whole way into the plane.
@Suite struct TSNETests {
  /// Clusters of deviation 1 about points 12 apart.
  private static func clusters(_ count: Int, of clusters: Int, dimension: Int) -> [Float] {
    let noise = normalNumbers(count * dimension, seed: 1)
    return (0..<count * dimension).map { place in
      let (point, column) = (place / dimension, place % dimension)
      return noise[place] + (point % clusters == column ? 12 : 0)
    }
  }

  @Test func clustersThatAreApartStayApart() throws {
    let team = try ThreadTeam(count: 2)
    var settings = TSNE()
    settings.perplexity = 12
    settings.iterations = 400
    let points = Self.clusters(200, of: 4, dimension: 5)
    let embedding = try settings.embed(points, dimension: 5, team: team)
    let labels = (0..<200).map { $0 % 4 }
    let neighbors = NearestNeighbors(of: embedding.points, dimension: 2, neighborCount: 10, team: team)
    #expect(NeighborMixing(neighbors, batches: labels).share < 0.005)
    let silhouette = try #require(Silhouette(embedding.points, dimension: 2, labels: labels, team: team))
    #expect(silhouette.mean > 0.6)
    #expect(embedding.perplexity == 12)
    #expect(embedding.divergence > 0 && embedding.divergence < 1.2)
    let mean = embedding.points.reduce(0, +) / 400
    #expect(abs(mean) < 1e-3)
  }

  /// By pairs, and by the grid that many points take.
  @Test(arguments: [(150, 60), (2100, 6)]) func threadsChangeNoBitAndTheSeedAll(count: Int, iterations: Int) throws {
    var settings = TSNE()
    settings.iterations = iterations
    settings.exaggeratedIterations = iterations / 2
    let points = Self.clusters(count, of: 3, dimension: 3)
    func bits(threads: Int) throws -> [UInt32] {
      let embedding = try settings.embed(points, dimension: 3, team: try ThreadTeam(count: threads))
      return embedding.points.map(\.bitPattern) + [Float(embedding.divergence).bitPattern]
    }
    let alone = try bits(threads: 1)
    for threads in 2...3 { #expect(try bits(threads: threads) == alone) }
    settings.seed = 1
    #expect(try bits(threads: 1) != alone)
  }

  @Test(arguments: 0...8) func fewPoints(count: Int) throws {
    let team = try ThreadTeam(count: 2)
    var settings = TSNE()
    settings.iterations = 300
    let embedding = try settings.embed(normalNumbers(3 * count, seed: 4), dimension: 3, team: team)
    #expect(embedding.points.count == 2 * count)
    #expect(embedding.points.allSatisfy(\.isFinite) && embedding.divergence.isFinite)
    #expect(embedding.perplexity == max(1, Double(count - 1) / 3))
    let apart = Set((0..<count).map { SIMD2(embedding.points[2 * $0], embedding.points[2 * $0 + 1]) })
    #expect(apart.count == count)
  }

  /// All equal, equal in pairs, on a line, and far beyond a unit.
  @Test func oddPoints() throws {
    let team = try ThreadTeam(count: 1)
    var settings = TSNE()
    settings.iterations = 60
    let distinct = normalNumbers(40, seed: 5)
    for points in [
      Array(repeating: 3, count: 40), (0..<40).map { distinct[$0 / 2] }, distinct.map { 1e15 * $0 },
      distinct.map { 1e-15 * $0 },
    ] {
      let embedding = try settings.embed(points, dimension: 1, team: team)
      #expect(embedding.points.allSatisfy(\.isFinite) && embedding.divergence.isFinite)
      let apart = Set((0..<40).map { SIMD2(embedding.points[2 * $0], embedding.points[2 * $0 + 1]) })
      #expect(apart.count == 40)
    }
  }

  private struct Stop: Error {}

  @Test func progressIsToldAndMayEndIt() throws {
    let team = try ThreadTeam(count: 1)
    var settings = TSNE()
    settings.iterations = 3
    let points = normalNumbers(60, seed: 6)
    var told: [TSNE.Progress] = []
    _ = try settings.embed(points, dimension: 3, team: team) { told.append($0) }
    let steps = (1...3).map { TSNE.Progress(stage: .descent, completed: $0, total: 3) }
    #expect(told == [TSNE.Progress(stage: .neighbors, completed: 20, total: 20)] + steps)
    #expect(throws: Stop.self) {
      _ = try settings.embed(points, dimension: 3, team: team) { if $0.completed == 2 { throw Stop() } }
    }
  }
}
