import TestSupport
import Testing
import VAEKernels

@testable import VAETrainer

/// Neighbours against all distances, sorted.
@Suite struct NearestNeighborsTests {
  private static func sorted(_ points: [Float], _ dimension: Int, _ k: Int) -> [UInt32] {
    let count = points.count / dimension
    return (0..<count).flatMap { point -> [UInt32] in
      let distances = (0..<count).map { other in
        (0..<dimension).reduce(0.0) { sum, index in
          let difference = Double(points[point * dimension + index]) - Double(points[other * dimension + index])
          return sum + difference * difference
        }
      }
      let others = (0..<count).filter { $0 != point }.sorted { (distances[$0], $0) < (distances[$1], $1) }
      return others.prefix(k).map { UInt32($0) }
    }
  }

  /// Whole numbers, whose distances are exact, with many that are equal; more points than a block and than are kept.
  @Test(arguments: [(700, 3, 5), (700, 1, 90), (33, 2, 32), (600, 17, 1)])
  func areThoseOfAllDistances(count: Int, dimension: Int, neighborCount: Int) throws {
    let points = normalNumbers(count * dimension, seed: 1).map { (4 * $0).rounded() }
    let expected = Self.sorted(points, dimension, neighborCount)
    for threads in 1...3 {
      let team = try ThreadTeam(count: threads)
      let found = NearestNeighbors(of: points, dimension: dimension, neighborCount: neighborCount, team: team)
      #expect(found.indices == expected)
      let first = found.neighbors(of: 1)
      #expect(Array(first) == Array(expected[neighborCount..<2 * neighborCount]))
      let far = points[0..<dimension].indices.reduce(Float(0)) { sum, index in
        let difference = points[index] - points[Int(expected[0]) * dimension + index]
        return sum + difference * difference
      }
      #expect(found.squaredDistances[0] == far)
    }
  }

  @Test func equalPointsAndFewPoints() throws {
    let team = try ThreadTeam(count: 2)
    let same = NearestNeighbors(
      of: Array(repeating: 2.5, count: 400), dimension: 1, neighborCount: 3, team: team)
    #expect(Array(same.neighbors(of: 399)) == [0, 1, 2])
    #expect(Array(same.neighbors(of: 1)) == [0, 2, 3])
    #expect(same.squaredDistances.allSatisfy { $0 == 0 })
    let two = NearestNeighbors(of: [0, 0, 3, 4], dimension: 2, neighborCount: 10, team: team)
    #expect(two.neighborCount == 1 && two.indices == [1, 0] && two.squaredDistances == [25, 25])
    #expect(NearestNeighbors(of: [1, 2], dimension: 2, neighborCount: 10, team: team).indices.isEmpty)
    #expect(NearestNeighbors(of: [], dimension: 2, neighborCount: 10, team: team).count == 0)
  }

  @Test func theSmallestComeFirst() {
    for count in [1, 2, 3, 10, 57, 200] {
      for wanted in Set([1, count / 2, count - 1, count]) where wanted > 0 {
        let keys = uniformNumbers(count, seed: UInt64(count)).enumerated().map {
          UInt64($1 * 64) << 32 | UInt64($0)
        }
        var moved = keys
        moved.withUnsafeMutableBufferPointer {
          Selection.moveSmallest(wanted, of: $0.baseAddress!, count: count)
        }
        #expect(moved[..<wanted].sorted() == Array(keys.sorted()[..<wanted]))
        #expect(moved.sorted() == keys.sorted())
      }
    }
  }

  private struct Stop: Error {}

  @Test func whatProgressThrowsEndsIt() throws {
    let team = try ThreadTeam(count: 1)
    #expect(throws: Stop.self) {
      try NearestNeighbors(of: [0, 1, 2], dimension: 1, neighborCount: 1, team: team) { _ in throw Stop() }
    }
  }
}
