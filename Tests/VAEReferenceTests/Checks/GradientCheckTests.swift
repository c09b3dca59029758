import Foundation
import Testing
import VAEKernels
import VAEReference

/// The helper on functions of a vector: it must accept right gradients, and above all reject wrong ones.
struct GradientCheckTests {
  private let tolerance = GradientTolerance.perLayer

  /// f(x) = Σ cᵢ sin xᵢ with c of all sizes and signs, and its gradient.
  private struct Waves {
    let point = (0..<1000).map { Double(Float(cos(Double($0)) * 2)) }
    private let coefficients = (0..<1000).map { 0.5 + sin(Double($0) * 1.7) }

    func loss(_ x: [Double]) -> Double {
      var sum = 0.0
      for i in 0..<x.count { sum += coefficients[i] * sin(x[i]) }
      return sum
    }

    var gradient: [Float] { zip(coefficients, point).map { Float($0 * cos($1)) } }
  }

  /// Where to look when any place would do.
  private let everyTwentieth = Array(stride(from: 0, to: 1000, by: 20))

  private func check(_ gradient: [Float], of waves: Waves, at coordinates: [Int]? = nil) -> GradientReport {
    GradientCheck.compare(
      name: "waves", analytic: gradient, point: waves.point, coordinates: coordinates, tolerance: tolerance,
      loss: waves.loss)
  }

  @Test func acceptsTheRightGradient() {
    let waves = Waves()
    let report = check(waves.gradient, of: waves)
    #expect(report.passed, "\(report)")
    #expect(report.count == 1000 && report.undefinedCount == 0)
  }

  @Test(arguments: [0, 617, 999])
  func rejectsOneWrongElementOfAThousand(index: Int) {
    let waves = Waves()
    var gradient = waves.gradient
    gradient[index] += 1e-3
    let report = check(gradient, of: waves)
    #expect(!report.passed)
    #expect(report.worst?.index == index)
    gradient[index] = -waves.gradient[index]
    #expect(!check(gradient, of: waves, at: everyTwentieth + [index]).passed)
  }

  @Test(arguments: [-1, 0, 0.5, 1.001, 128] as [Float])
  func rejectsAWrongFactor(factor: Float) {
    let waves = Waves()
    let gradient = waves.gradient.map { factor * $0 }
    #expect(!check(gradient, of: waves, at: everyTwentieth).passed)
    let alongDirections = GradientCheck.compareAlongDirections(
      name: "waves", analytic: gradient, point: waves.point, tolerance: tolerance, loss: waves.loss)
    #expect(!alongDirections.passed)
  }

  @Test func comparesAlongDirections() {
    let waves = Waves()
    func check(_ gradient: [Float]) -> GradientReport {
      GradientCheck.compareAlongDirections(
        name: "waves", analytic: gradient, point: waves.point, directions: 3, tolerance: tolerance, loss: waves.loss)
    }
    let right = check(waves.gradient)
    #expect(right.passed && right.count == 3, "\(right)")
    var oneWrong = waves.gradient
    oneWrong[617] += 0.1
    #expect(!check(oneWrong).passed)
    // Exchanged elements keep norm and sum, as a transposed weight gradient does.
    #expect(!check(waves.gradient.reversed()).passed)
  }

  @Test func looksOnlyAtTheCoordinatesAskedFor() {
    let waves = Waves()
    var gradient = waves.gradient
    gradient[3] += 1
    #expect(check(gradient, of: waves, at: [1, 2, 500]).passed)
    #expect(!check(gradient, of: waves, at: [1, 3, 500]).passed)
    #expect(!check(gradient, of: waves, at: []).passed, "a comparison of nothing proves nothing")
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func rejectsWhatIsNotFinite(value: Float) {
    let waves = Waves()
    var gradient = waves.gradient
    gradient[620] = value
    let report = check(gradient, of: waves, at: everyTwentieth)
    #expect(!report.passed && report.worst?.index == 620)
    let alongDirections = GradientCheck.compareAlongDirections(
      name: "waves", analytic: gradient, point: waves.point, tolerance: tolerance, loss: waves.loss)
    #expect(!alongDirections.passed)
    let nowhere = GradientCheck.compare(
      name: "nowhere", analytic: [1], point: [1], tolerance: tolerance, loss: { _ in Double(value) })
    #expect(!nowhere.passed)
  }

  /// What rounding leaves of a gradient that is zero is small beside others, and a mistake is not.
  @Test func aGradientOfZeroIsComparedWithOthers() {
    func check(_ slope: Float, scaleOfZero: Double) -> GradientReport {
      GradientCheck.compare(
        name: "zero", analytic: [slope, 0], point: [1, 2], tolerance: 1e-5, scaleOfZero: scaleOfZero
      ) { _ in 3 }
    }
    #expect(check(1e-7, scaleOfZero: 0.5).passed)
    #expect(!check(1e-4, scaleOfZero: 0.5).passed)
    #expect(!check(1e-4, scaleOfZero: 0).passed)
  }

  @Test func aConstantHasGradientZero() {
    func check(_ slope: Float) -> GradientReport {
      GradientCheck.compare(
        name: "constant", analytic: [0, slope], point: [1, 2], tolerance: tolerance, loss: { _ in 1e3 })
    }
    #expect(check(0).passed)
    #expect(!check(0.1).passed)
  }

  // MARK: Terms of the latent

  private let mean = [0.5, -1.25, 0.75]
  private let logVariance = [-0.5, 0.25, 1.5]
  private let noise = [1.5, -0.25, 0.625]
  private let dLatent = [0.5, -2, 1.25]

  /// Σ dzᵢ zᵢ + KL as a function of the log-variance: what reaches the encoder's head.
  private func check(logVarianceGradient: (_ i: Int) -> Double) -> GradientReport {
    GradientCheck.compare(
      name: "log-variance", analytic: logVariance.indices.map { Float(logVarianceGradient($0)) },
      point: logVariance, tolerance: tolerance
    ) { logVariance in
      let z = Reference.sample(mean: mean, logVariance: logVariance, noise: noise)
      return zip(dLatent, z).reduce(Reference.klDivergence(mean: mean, logVariance: logVariance)) {
        $0 + $1.0 * $1.1
      }
    }
  }

  private func samplingTerm(_ i: Int) -> Double { dLatent[i] * noise[i] * exp(logVariance[i] / 2) / 2 }

  @Test func acceptsTheLogVarianceGradient() {
    let report = check { samplingTerm($0) + (exp(logVariance[$0]) - 1) / 2 }
    #expect(report.passed, "\(report)")
  }

  @Test func rejectsALogVarianceGradientWithADroppedTerm() {
    #expect(!check { samplingTerm($0) }.passed, "no KL")
    #expect(!check { (exp(logVariance[$0]) - 1) / 2 }.passed, "no sampling")
    #expect(!check { samplingTerm($0) + exp(logVariance[$0]) / 2 }.passed, "no −1 in the KL")
    #expect(!check { 2 * samplingTerm($0) + (exp(logVariance[$0]) - 1) / 2 }.passed, "no ½ from exp(s/2)")
  }

  // MARK: Kinks

  /// Σ max(xᵢ, 0) at 200 places well off its kink, but for those given.
  private func checkRelu(_ special: [Double], wrong: Bool = false) -> GradientReport {
    let point = (0..<200 - special.count).map { $0.isMultiple(of: 2) ? 0.5 : -0.5 } + special
    var gradient = point.map { $0 > 0 ? Float(1) : 0 }
    if wrong { gradient[7] = 1 }
    return GradientCheck.compare(name: "relu", analytic: gradient, point: point, tolerance: tolerance) { x in
      x.reduce(0) { $0 + Reference.activate($1, .relu) }
    }
  }

  @Test func aKinkAtThePointIsUndefinedAndCounted() {
    let report = checkRelu([0, 0])
    #expect(report.passed && report.undefinedCount == 2 && report.count == 200, "\(report)")
    #expect(!checkRelu([0, 0], wrong: true).passed)
  }

  @Test func aKinkNearThePointIsMetWithASmallerStep() {
    let report = checkRelu([3e-7, -3e-7, 9e-7, -2e-7])
    #expect(report.passed && report.undefinedCount == 0, "\(report)")
  }

  @Test func tooManyKinksFail() {
    let report = checkRelu([0, 0, 0, 0, 0])
    #expect(!report.passed && report.hasTooManyUndefined)
  }
}
