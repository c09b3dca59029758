import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAETrainer

/// What latent dimensions are used for, summed an example at a time.
@Suite struct LatentUseTests {
  /// Far from 0, where sums of squares alone would lose all digits.
  @Test func sumsAreThoseOfTwoPasses() {
    var random = RandomSequence(RandomStream(seed: 4, purpose: .user))
    let (count, latents) = (1000, 3)
    let mean = (0..<count * latents).map { Float([0, 100, -1000][$0 % 3]) + random.uniform(-1, 1) * Float($0 % 3) }
    let logVariance = mean.map { _ in random.uniform(-5, 1) }
    let use = LatentUse(mean: mean, logVariance: logVariance, latentCount: latents)
    #expect(use.exampleCount == count)
    for dimension in 0..<latents {
      let values = stride(from: dimension, to: mean.count, by: latents).map { Double(mean[$0]) }
      let average = values.reduce(0, +) / Double(count)
      let variance = values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count)
      #expect(abs(use.variancePerDimension[dimension] - variance) <= 1e-9 * variance)
      let divergence = values.indices.reduce(0.0) {
        let s = Double(logVariance[$1 * latents + dimension])
        return $0 + 0.5 * (expm1(s) - s + values[$1] * values[$1])
      }
      #expect(use.klPerDimension[dimension] == divergence / Double(count))
    }
    #expect(use.activeUnits == 2)
    #expect(LatentUse(mean: mean, logVariance: [], latentCount: latents).klPerDimension == [])
  }
}
