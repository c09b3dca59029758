import Foundation
import Testing
import VAEKernels
import VAEReference

/// The formulas against values that follow from definitions, not from the same rearrangement.
struct ReferenceTests {
  /// Some roundings of a double; the integrals below are exact to that too, for the trapezoidal rule converges
  /// faster than any power of the step for functions that vanish with all derivatives at both ends.
  static let tolerance = 1e-12

  /// ∫ f(x) dx over ±40 by the trapezoidal rule.
  private func integral(_ f: (Double) -> Double) -> Double {
    let step = 1.0 / 64
    return (-2560...2560).reduce(0) { $0 + f(Double($1) * step) * step }
  }

  private func normalDensity(_ x: Double, mean: Double, variance: Double) -> Double {
    exp(-(x - mean) * (x - mean) / (2 * variance)) / (2 * Double.pi * variance).squareRoot()
  }

  @Test(arguments: [(0.0, 0.0), (1.5, 0.0), (-0.7, 1.1), (0.3, -1.9)])
  func klDivergenceIsTheIntegralOfItsDefinition(mean: Double, logVariance: Double) {
    let expected = integral { x in
      let variance = exp(logVariance)
      let q = normalDensity(x, mean: mean, variance: variance)
      let logRatio = x * x / 2 - (x - mean) * (x - mean) / (2 * variance) - logVariance / 2
      return q * logRatio
    }
    let found = Reference.klDivergence(mean: [mean], logVariance: [logVariance])
    #expect(abs(found - expected) < Self.tolerance)
  }

  @Test func klDivergenceAddsUpOverDimensions() {
    let one = Reference.klDivergence(mean: [0.4], logVariance: [0.2])
    let other = Reference.klDivergence(mean: [-1], logVariance: [-0.6])
    let both = Reference.klDivergence(mean: [0.4, -1], logVariance: [0.2, -0.6])
    #expect(abs(both - (one + other)) < Self.tolerance)
  }

  @Test(arguments: [0.5, 1, 2] as [Float])
  func gaussianDensityHasIntegralOne(variance: Float) {
    let mass = integral { x in
      exp(-Reference.reconstructionLoss(outputs: [0.3], example: [x], likelihood: .gaussian(variance: variance)))
    }
    #expect(abs(mass - 1) < Self.tolerance)
  }

  @Test(arguments: [-3, -0.5, 0, 0.25, 4] as [Double], [0, 0.3, 1] as [Double])
  func bernoulliIsTheCrossEntropy(logit: Double, x: Double) {
    let p = 1 / (1 + exp(-logit))
    let expected = -(x * log(p) + (1 - x) * log(1 - p))
    let found = Reference.reconstructionLoss(outputs: [logit], example: [x], likelihood: .bernoulli)
    #expect(abs(found - expected) < Self.tolerance)
  }

  @Test func bernoulliIsFiniteAtExtremeLogits() {
    func loss(_ logit: Double, _ x: Double) -> Double {
      Reference.reconstructionLoss(outputs: [logit], example: [x], likelihood: .bernoulli)
    }
    #expect(loss(100, 0) == 100)
    #expect(loss(-100, 1) == 100)
    #expect(abs(loss(100, 1) / exp(-100) - 1) < Self.tolerance)
    #expect(abs(loss(-100, 0) / exp(-100) - 1) < Self.tolerance)
    #expect(loss(1e30, 0.5) == 0.5e30)
    #expect(loss(1e30, 1) == 0)
    #expect(loss(-.infinity, 0) == 0)
    #expect(loss(.infinity, 0) == .infinity)
    #expect(loss(.nan, 0).isNaN)
  }

  @Test func activationsTakeTheirKnownValues() {
    let root3 = 3.0.squareRoot()
    let values: [(Activation, Double, Double)] = [
      (.identity, -2.5, -2.5), (.relu, -2.5, 0), (.relu, 2.5, 2.5), (.relu, 0, 0),
      (.tanh, log(root3), 0.5), (.tanh, -1000, -1),
      (.sigmoid, log(3), 0.75), (.sigmoid, -log(3), 0.25), (.sigmoid, -1000, 0), (.sigmoid, 1000, 1),
      (.softplus, 0, log(2)), (.softplus, log(3), log(4)), (.softplus, 1000, 1000), (.softplus, -1000, 0),
      (.elu, 2.5, 2.5), (.elu, -log(4), -0.75), (.elu, -1000, -1), (.leakyReLU, 2.5, 2.5), (.leakyReLU, -2.5, -0.025),
      (.silu, log(3), 0.75 * log(3)), (.silu, -log(3), -0.25 * log(3)), (.silu, -1000, 0), (.silu, -.infinity, 0),
      // Φ(1) from a table of the normal distribution, to the last digit of a Double.
      (.gelu, 1, 0.841344746068542949), (.gelu, -1, -0.158655253931457051), (.gelu, 1000, 1000),
      (.gelu, -.infinity, 0),
    ]
    for (activation, x, expected) in values {
      #expect(abs(Reference.activate(x, activation) - expected) < Self.tolerance, "\(activation) at \(x)")
    }
    for activation in Activation.allCases {
      #expect(Reference.activate(.nan, activation).isNaN, "\(activation)")
    }
  }

  @Test func sampleScalesTheNoiseByTheStandardDeviation() {
    let z = Reference.sample(mean: [1, -1], logVariance: [log(4), log(0.25)], noise: [0.5, 3])
    #expect(abs(z[0] - 2) < Self.tolerance && abs(z[1] - 0.5) < Self.tolerance)
  }

  @Test func denseMultipliesByWeightsOfShapeOutIn() {
    // [1 2 3; 4 5 6] · (1, 10, 100) + (0.5, −0.5)
    #expect(Reference.dense([1, 10, 100], weight: [1, 2, 3, 4, 5, 6], bias: [0.5, -0.5]) == [321.5, 653.5])
  }
}
