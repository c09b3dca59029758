import Foundation
import TestSupport
import Testing

@testable import VAETrainer

/// The linear read-out, and the minimiser that fits it.
@Suite struct LinearProbeTests {
  /// Examples of three classes about corners of a triangle, in one plane of four dimensions; the last hardly varies.
  private static func examples(_ count: Int, spread: Float, seed: UInt64) -> (features: [Float], labels: [UInt8]) {
    let noise = normalNumbers(count * 4, seed: seed)
    let labels = (0..<count).map { UInt8($0 % 3) }
    let corners: [[Float]] = [[0, 0], [5, 0], [0, 5]]
    let features = (0..<count).flatMap { example in
      (0..<4).map { column in
        let center = column < 2 ? corners[Int(labels[example])][column] : 100
        return center + (column == 3 ? 1e-6 : spread) * noise[example * 4 + column]
      }
    }
    return (features, labels)
  }

  @Test func classesApartAreReadOut() {
    let (features, labels) = Self.examples(300, spread: 0.5, seed: 1)
    let probe = LinearProbe(features: features, labels: labels)
    let others = Self.examples(300, spread: 0.5, seed: 2)
    #expect(probe.accuracy(features: others.features, labels: others.labels) > 0.99)
    // A class that it never saw is never right.
    #expect(probe.accuracy(features: features, labels: labels.map { $0 + 3 }) == 0)
  }

  @Test func aRepresentationOfNothingIsWorthAGuess() {
    let labels = (0..<999).map { UInt8($0 % 3) }
    let features = normalNumbers(999 * 2, seed: 3)
    let probe = LinearProbe(features: features, labels: labels)
    #expect((0.25..<0.45).contains(probe.accuracy(features: normalNumbers(999 * 2, seed: 4), labels: labels)))
  }

  /// The gradient of the loss against its differences, over more than one block of rows; and at the minimum it is zero.
  @Test func theMinimumIsOne() {
    let (features, labels) = Self.examples(5000, spread: 3, seed: 5)
    let loss = ProbeLoss(features.map { $0 / 10 }, labels: labels, featureCount: 4, classCount: 3)
    let point = normalNumbers(15, seed: 6).map { 0.1 * Double($0) }
    let gradient = loss.valueAndGradient(point).gradient
    for index in point.indices {
      let step = 0.01
      var (left, right) = (point, point)
      left[index] -= step
      right[index] += step
      let slope = (loss.valueAndGradient(right).value - loss.valueAndGradient(left).value) / (2 * step)
      // Single precision, and curvature over the step.
      #expect(abs(slope - gradient[index]) < 2e-3 * max(1, abs(slope)), "\(index)")
    }
    let minimum = LBFGS.minimum(from: point, loss.valueAndGradient)
    let (value, slope) = loss.valueAndGradient(minimum)
    #expect(value < loss.valueAndGradient(point).value)
    #expect(slope.reduce(0) { $0 + $1 * $1 }.squareRoot() < 5e-3)
  }

  /// Rosenbrock's valley is not convex, but has one minimum.
  @Test func lbfgsFindsTheBottomOfAValley() {
    let minimum = LBFGS.minimum(from: [-1.2, 1]) { x in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
    }
    #expect(abs(minimum[0] - 1) < 1e-3 && abs(minimum[1] - 1) < 1e-3)
  }
}

/// A Gaussian fitted to codes.
@Suite struct ClassGaussianTests {
  /// The mean and the covariance of many draws are those of the codes.
  @Test func drawsAreLikeTheCodes() throws {
    let noise = normalNumbers(2000 * 2, seed: 1)
    let codes: [Float] = (0..<2000).flatMap { (index: Int) -> [Float] in
      let (a, b) = (noise[2 * index], noise[2 * index + 1])
      return [3 + a, -1 + 0.8 * a + 0.3 * b]
    }
    let expected = SampleCovariance(rows: codes, dimension: 2)
    let draws = try ClassGaussian(codes: codes, latentCount: 2).draws(20_000, seed: 7)
    let found = SampleCovariance(rows: draws, dimension: 2)
    let pairs = zip(found.mean + found.covariance, expected.mean + expected.covariance)
    for (a, b) in pairs { #expect(abs(a - b) < 0.04) }
    // Every draw by numbers of its own.
    #expect(try ClassGaussian(codes: codes, latentCount: 2).draws(3, seed: 7) == Array(draws[0..<6]))
  }

  @Test func aDimensionThatNeverVariesDoesNoHarm() throws {
    let codes: [Float] = (0..<100).flatMap { [Float($0), 2] }
    let draws = try ClassGaussian(codes: codes, latentCount: 2).draws(50, seed: 1)
    for index in 0..<50 { #expect(abs(draws[2 * index + 1] - 2) < 0.2) }
  }

  @Test func tooFewExamples() {
    #expect(throws: ClassGaussianError(expected: 4, found: 3)) {
      try ClassGaussian(codes: Array(repeating: 1, count: 9), latentCount: 3)
    }
  }
}
