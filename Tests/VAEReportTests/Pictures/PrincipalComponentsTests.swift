import Testing
import VAETrainer

@testable import VAEReport

@Suite struct PrincipalComponentsTests {
  /// Half a dozen roundings of floats of size 6.
  private let tolerance = 4e-6

  /// Points on the line through (1, 2, 0) along (3, 4, 0), and a little off it across: worked out by hand.
  @Test func findsTheLongAxisOfACross() throws {
    let rows: [Float] = [4, 6, 0, -2, -2, 0, 0.2, 2.6, 0, 1.8, 1.4, 0]
    let components = try PrincipalComponents(rows: rows, dimension: 3)
    for (found, expected) in zip(components.mean, [1.0, 2, 0]) { #expect(abs(found - expected) < tolerance) }
    for (found, expected) in zip(components.directions[0], [0.6, 0.8, 0.0]) {
      #expect(abs(found - expected) < tolerance)
    }
    // ±5 along, ±1 across: 25 of 26 parts.
    #expect(abs(components.varianceShares[0] - 25.0 / 26) < tolerance)
    let places = components.project(rows)
    #expect(abs(places[0] - 5) < tolerance && abs(places[2] + 5) < tolerance && abs(abs(places[5]) - 1) < tolerance)
  }

  @Test func rowsThatDoNotVaryHaveNoVarianceToShare() throws {
    let components = try PrincipalComponents(rows: [1, 2, 1, 2], dimension: 2)
    #expect(components.varianceShares == [0, 0])
    #expect(components.project([1, 2]) == [0, 0])
  }

  @Test func aNumberThatIsNotFiniteIsRefused() {
    #expect(throws: (any Error).self) { try PrincipalComponents(rows: [1, .nan, 2, 3], dimension: 2) }
  }

  @Test func dimensionsAreSortedByUse() {
    var use = LatentUse(mean: [0, 0, 0, 1, 1, 0], logVariance: [Float](repeating: 0, count: 6), latentCount: 3)
    use.klPerDimension = [0.5, .nan, 2]
    #expect(use.dimensionsByUse == [2, 0, 1])
    #expect(use.activeDimensions == [0, 1])
  }
}
