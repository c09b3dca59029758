import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAETrainer

/// Affinities, and forces against the divergence that they are the slope of.
@Suite struct EmbeddingForcesTests {
  private static func affinities(_ count: Int, neighborCount: Int, perplexity: Double) throws -> NeighborAffinities {
    let team = try ThreadTeam(count: 2)
    let neighbors = NearestNeighbors(
      of: normalNumbers(count * 4, seed: 1), dimension: 4, neighborCount: neighborCount, team: team)
    return NeighborAffinities(neighbors, perplexity: perplexity, team: team)
  }

  private static func compute(_ forces: EmbeddingForces, threads: Int) throws {
    forces.begin()
    try ThreadTeam(count: threads).run { forces.compute($0) }
  }

  /// Points of three clusters, as far out as `scale`.
  private static func cloud(_ count: Int, scale: Float) -> [Float] {
    let noise = normalNumbers(2 * count, seed: 2)
    return (0..<2 * count).map { scale * (Float(($0 / 2 + $0 % 2) % 3 - 1) + 0.3 * noise[$0]) }
  }

  @Test func affinitiesAreSymmetricAndSumToOne() throws {
    let count = 120
    let p = try Self.affinities(count, neighborCount: 15, perplexity: 5)
    var dense = [Float](repeating: 0, count: count * count)
    for row in 0..<count {
      #expect((p.starts[row + 1] - p.starts[row]) % UInt32(NeighborAffinities.grain) == 0)
      for entry in Int(p.starts[row])..<Int(p.starts[row + 1]) {
        dense[row * count + Int(p.columns[entry])] += p.values[entry]
      }
    }
    let total = dense.reduce(0.0) { $0 + Double($1) }
    #expect(abs(total - 1) < 1e-6)
    for row in 0..<count {
      #expect(dense[row * count + row] == 0)
      for column in 0..<row { #expect(dense[row * count + column] == dense[column * count + row]) }
    }
  }

  /// The entropy is that of the perplexity, whatever the unit, and in hopeless cases everything is finite.
  @Test func perplexity() {
    let distances = normalNumbers(90, seed: 3).map { 10 + $0 * $0 }.sorted()
    for scale: Float in [1e-12, 1, 1e12] {
      var weights = [Double](repeating: 0, count: 90)
      NeighborAffinities.weigh(distances.map { scale * $0 }[...], perplexity: 30, into: &weights)
      let entropy = weights.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
      #expect(abs(exp(entropy) - 30) < 1e-3)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
      let descends = zip(weights, weights.dropFirst()).allSatisfy { $0 >= $1 }
      #expect(descends)
    }
    var two = [0.0, 0.0]
    NeighborAffinities.weigh([1, 4], perplexity: 1, into: &two)
    #expect(two[0] > 0.999 && two[1] < 0.001 && two[1] >= 0)
    NeighborAffinities.weigh([1, 1], perplexity: 1, into: &two)
    #expect(two == [0.5, 0.5])
    NeighborAffinities.weigh([0, 0], perplexity: 2, into: &two)
    #expect(two == [0.5, 0.5])
  }

  /// KL(P‖Q) by all pairs, in double precision.
  private static func divergence(_ p: NeighborAffinities, _ y: [Double]) -> Double {
    let count = p.count
    func factor(_ i: Int, _ j: Int) -> Double {
      let (dx, dy) = (y[2 * i] - y[2 * j], y[2 * i + 1] - y[2 * j + 1])
      return 1 / (1 + dx * dx + dy * dy)
    }
    var z = 0.0
    for i in 0..<count { for j in 0..<count where i != j { z += factor(i, j) } }
    var sum = 0.0
    for i in 0..<count {
      for entry in Int(p.starts[i])..<Int(p.starts[i + 1]) where p.values[entry] > 0 {
        let value = Double(p.values[entry])
        sum += value * log(value * z / factor(i, Int(p.columns[entry])))
      }
    }
    return sum
  }

  /// By pairs to single precision; by the grid, as near as its forces are.
  @Test(arguments: [(true, 1e-5), (false, 0.02)]) func theForcesAreTheSlopeOfTheDivergence(
    exactly: Bool, tolerance: Double
  ) throws {
    let p = try Self.affinities(50, neighborCount: 12, perplexity: 4)
    let forces = EmbeddingForces(p, workers: 2, exactly: exactly)
    let start = Self.cloud(50, scale: 2)
    for place in 0..<100 { forces.points[place] = start[place] }
    try Self.compute(forces, threads: 2)
    let y = start.map(Double.init)
    let slopes = (0..<100).map { place -> Double in
      var (left, right) = (y, y)
      left[place] -= 1e-4
      right[place] += 1e-4
      return (Self.divergence(p, right) - Self.divergence(p, left)) / 2e-4
    }
    let scale = (slopes.reduce(0) { $0 + $1 * $1 } / 100).squareRoot()
    for place in 0..<100 {
      let gradient = 4 * (Double(forces.attraction[place]) - Double(forces.repulsion[place]) / forces.normalizer)
      #expect(abs(gradient - slopes[place]) < tolerance * scale + 1e-8, "\(place)")
    }
    let sum = forces.divergence(ofRows: 0..<50) + log(forces.normalizer)
    #expect(abs(sum - Self.divergence(p, y)) < (exactly ? 1e-5 : 1e-3))
  }

  /// The grid's repulsion against that of pairs, from the cloud of no size in which a descent begins to one across which a
  /// grid has several hundred nodes: 1 % of the root mean square, and six times that at the worst point. As a descent begins
  /// the force is a difference of rounded numbers many times its size, and up to 3 % off; exaggerated attraction is all that
  /// counts then. The error is that of near pairs, and so a larger part of the force where points are far from each other: at
  /// 60 one has ten square units to itself, several times what it has in an embedding.
  @Test(arguments: [(Float(1e-4), 0.03), (0.01, 0.015), (0.3, 0.01), (3, 0.01), (20, 0.01), (30, 0.01), (60, 0.01)])
  func theGridIsNearToPairs(scale: Float, tolerance: Double) throws {
    let count = 700
    let p = try Self.affinities(count, neighborCount: 3, perplexity: 1)
    let pairs = EmbeddingForces(p, workers: 1, exactly: true)
    let grid = EmbeddingForces(p, workers: 1, exactly: false)
    let start = Self.cloud(count, scale: scale)
    for forces in [pairs, grid] {
      for place in 0..<2 * count { forces.points[place] = start[place] }
      try Self.compute(forces, threads: 1)
    }
    var (squares, error, worst) = (0.0, 0.0, 0.0)
    for place in 0..<2 * count {
      let difference = Double(grid.repulsion[place]) - Double(pairs.repulsion[place])
      squares += Double(pairs.repulsion[place]) * Double(pairs.repulsion[place])
      error += difference * difference
      worst = max(worst, abs(difference))
    }
    let size = (squares / Double(2 * count)).squareRoot()
    #expect((error / squares).squareRoot() < tolerance, "\((error / squares).squareRoot())")
    #expect(worst < 6 * tolerance * size, "\(worst / size)")
    #expect(abs(grid.normalizer / pairs.normalizer - 1) < 3e-3)
  }

  /// Whatever the number of threads, the same bits, by pairs and by the grid, also once the grid has changed its size.
  @Test(arguments: [true, false]) func threadsChangeNoBit(exactly: Bool) throws {
    let p = try Self.affinities(300, neighborCount: 9, perplexity: 3)
    func forces(threads: Int) throws -> [UInt32] {
      let forces = EmbeddingForces(p, workers: threads, exactly: exactly)
      var bits: [UInt32] = []
      for scale: Float in [1, 30, 8] {
        for (place, value) in Self.cloud(300, scale: scale).enumerated() { forces.points[place] = value }
        try Self.compute(forces, threads: threads)
        bits += (forces.attraction.array + forces.repulsion.array + [Float(forces.normalizer)]).map(\.bitPattern)
      }
      return bits
    }
    let alone = try forces(threads: 1)
    for threads in 2...3 { #expect(try forces(threads: threads) == alone) }
  }

  /// Points beyond what a grid of the usual spacing covers, and points that are not moved by themselves.
  @Test func farPointsAreFinite() throws {
    let p = try Self.affinities(40, neighborCount: 3, perplexity: 1)
    let forces = EmbeddingForces(p, workers: 1, exactly: false)
    for (place, value) in Self.cloud(40, scale: 1).enumerated() { forces.points[place] = value }
    (forces.points[0], forces.points[3]) = (900, -700)
    try Self.compute(forces, threads: 1)
    let numbers = forces.attraction.array + forces.repulsion.array
    #expect(numbers.allSatisfy { $0.isFinite })
    #expect(forces.normalizer > 0)
  }
}
