import Testing
import VAEData
import VAEKernels

@testable import VAETrainer

/// Figures of batches and labels together.
@Suite struct IntegrationTests {
  @Test func apartAndTogether() throws {
    // Four heaps, of two labels by two batches: along x the labels are apart, along y the batches.
    var random = RandomSequence(RandomStream(seed: 1, purpose: .user))
    func points(_ label: Float, _ batch: Float) -> [Float] {
      (0..<200).flatMap { index -> [Float] in
        [label * Float(index % 2) + random.uniform(), batch * Float(index / 2 % 2) + random.uniform()]
      }
    }
    let labels = Annotation(name: "label", values: (0..<200).map { Float($0 % 2) }, categories: ["a", "b"])
    let batches = Annotation(name: "batch", values: (0..<200).map { Float($0 / 2 % 2) }, categories: ["c", "d"])
    let team = try ThreadTeam(count: 2)
    func figures(_ points: [Float]) -> Integration {
      Integration(points, dimension: 2, batches: batches, labels: labels, seed: 0, team: team)
    }
    let mixed = figures(points(10, 0))
    #expect(mixed.mixing!.relative! > 0.9 && abs(mixed.batchSilhouette!) < 0.05)
    #expect(mixed.labelSilhouette! > 0.8 && mixed.clusters!.adjustedRandIndex == 1)
    let apart = figures(points(0, 10))
    #expect(apart.mixing!.share == 0 && apart.batchSilhouette! > 0.8)
    #expect(apart.labelSilhouette! < 0.05 && apart.clusters!.adjustedRandIndex < 0.1)
  }

  @Test func whatIsNotKnownIsLeftOut() throws {
    let points: [Float] = [0, 0.1, 5, 5.1, 2.5, 2.6]
    let labels = Annotation(name: "label", values: [0, 0, 1, 1, .nan, .nan], categories: ["a", "b"])
    let one = Annotation(name: "batch", values: [0, 0, 0, 0, 0, 0], categories: ["c"])
    let figures = Integration(
      points, dimension: 1, batches: one, labels: labels, seed: 0, team: try ThreadTeam(count: 1))
    #expect(figures.mixing == nil && figures.batchSilhouette == nil)
    #expect(figures.labelSilhouette! > 0.9 && figures.clusters!.normalizedMutualInformation == 1)
  }
}
