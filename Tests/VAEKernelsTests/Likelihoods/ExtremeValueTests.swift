import Foundation
import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Loss kernels where a textbook formula would overflow, lose every digit, or take the logarithm of 0.
@Suite struct ExtremeValueTests {
  private let none = TestMatrix(rows: 1, columns: 0)

  static let logits: [Float] = [-1e30, -1000, -100, -88, -17, -1e-30, 0, 1e-30, 17, 88, 100, 1000, 1e30]

  /// Finite wherever the answer is, and the answer; 1e30 against a pixel of the other colour is 1e30 nats.
  @Test(arguments: [Float(0), 0.5, 1]) func bernoulli(pixel: Float) {
    for logit in Self.logits {
      let a = TestMatrix([logit], rows: 1, columns: 1)
      let x = TestMatrix([pixel], rows: 1, columns: 1)
      let loss = TestMatrix(rows: 1, columns: 1)
      let dA = TestMatrix(rows: 1, columns: 1)
      Bernoulli().forwardAndBackward(
        output: a.matrix, parameters: none.matrix, Observation(x.matrix), scale: 1, lossInto: loss.matrix,
        gradientInto: dA.matrix, none.matrix)
      let expected = Reference.reconstructionLoss(
        outputs: [Double(logit)], example: [Double(pixel)], likelihood: .bernoulli)
      // Where the loss is below the least float, 0 is the answer.
      let leastFloat = Double(Float.leastNormalMagnitude)
      #expect(abs(Double(loss.elements[0]) - expected) <= max(1e-6 * expected, leastFloat), "logit \(logit)")
      let slope = Reference.sigmoid(Double(logit)) - Double(pixel)
      #expect(abs(Double(dA.elements[0]) - slope) <= 1e-6, "logit \(logit)")
      #expect(abs(dA.elements[0]) <= 1)
    }
  }

  /// Logits a thousand apart, where exp would overflow.
  @Test func categorical() {
    let logits: [Float] = [1000, -1000, 0, 88]
    let a = TestMatrix(logits, rows: 1, columns: 4)
    for (level, expected) in [(0, 0), (1, 2000), (2, 1000), (3, 912)] {
      let x = TestMatrix([Float(level) / 3], rows: 1, columns: 1)
      let loss = TestMatrix(rows: 1, columns: 1)
      let dA = TestMatrix(rows: 1, columns: 4)
      Categorical(levels: 4).forwardAndBackward(
        output: a.matrix, parameters: none.matrix, Observation(x.matrix), scale: 1, lossInto: loss.matrix,
        gradientInto: dA.matrix, none.matrix)
      #expect(abs(loss.elements[0] - Float(expected)) <= 1e-3)
      #expect(dA.elements == (0..<4).map { ($0 == 0 ? 1 : 0) - ($0 == level ? 1 : 0) })
    }
  }

  /// One mad pixel among good ones, at each place of a vector and its remainder.
  @Test func oneMadPixelLeavesTheOthersAlone() {
    for place in 0..<35 {
      var logits = normalNumbers(35, seed: 1)
      logits[place] = 1e30
      let a = TestMatrix(logits, rows: 1, columns: 35)
      let x = TestMatrix(filledWith: 1, rows: 1, columns: 35)
      let loss = TestMatrix(rows: 1, columns: 1)
      Bernoulli().forward(output: a.matrix, parameters: none.matrix, Observation(x.matrix), lossInto: loss.matrix)
      let expected = Reference.reconstructionLoss(
        outputs: logits.map(Double.init), example: Array(repeating: 1, count: 35), likelihood: .bernoulli)
      #expect(relativeError(of: loss.elements, from: [expected]) <= GradientTolerance.perLayer, "place \(place)")
    }
  }

  @Test(arguments: [Float(-80), -1e-6, 0, 1e-6, 80]) func klDivergence(logVariance: Float) {
    let head = TestMatrix([0.5, logVariance], rows: 1, columns: 2)
    let (mean, s) = (head.matrix.columns(0..<1), head.matrix.columns(1..<2))
    let kl = TestMatrix(rows: 1, columns: 1)
    VectorMath.active.klDivergence(mean: mean, logVariance: s, into: kl.matrix)
    let expected = Reference.klDivergence(mean: [0.5], logVariance: [Double(logVariance)])
    #expect(kl.elements[0].isFinite)
    #expect(relativeError(of: kl.elements, from: [expected]) <= GradientTolerance.perLayer)

    let gradients = TestMatrix(rows: 1, columns: 2)
    let dS = gradients.matrix.columns(1..<2)
    VectorMath.active.klDivergenceGradient(
      mean: mean, logVariance: s, scale: 1, into: gradients.matrix.columns(0..<1), dS)
    #expect(gradients.elements.allSatisfy { $0.isFinite })
    let slope = 0.5 * expm1(Double(logVariance))
    #expect(relativeError(of: dS.copyElements(), from: [slope]) <= GradientTolerance.perLayer)
  }

  /// Without digits to lose, a dimension that has collapsed onto the prior has a divergence of zero, and no less.
  @Test func aCollapsedDimensionCostsNothing() {
    let head = TestMatrix([0, 0, 0, 0], rows: 2, columns: 2)
    let kl = TestMatrix(rows: 1, columns: 2)
    VectorMath.active.klDivergence(
      mean: head.matrix.columns(0..<1), logVariance: head.matrix.columns(1..<2), into: kl.matrix)
    #expect(kl.elements == [0, 0])
  }

  @Test(arguments: [Float(-80), 80]) func sample(logVariance: Float) {
    let head = TestMatrix([0.5, logVariance], rows: 1, columns: 2)
    let noise = TestMatrix([1.5], rows: 1, columns: 1)
    let z = TestMatrix(rows: 1, columns: 1)
    VectorMath.active.reparameterize(
      mean: head.matrix.columns(0..<1), logVariance: head.matrix.columns(1..<2), noise: noise.matrix, into: z.matrix)
    let expected = Reference.sample(mean: [0.5], logVariance: [Double(logVariance)], noise: [1.5])
    #expect(relativeError(of: z.elements, from: expected) <= GradientTolerance.perLayer)

    let gradients = TestMatrix(filledWith: 0, rows: 1, columns: 2)
    VectorMath.active.reparameterizeGradient(
      dLatent: noise.matrix, logVariance: head.matrix.columns(1..<2), noise: noise.matrix,
      accumulatingInto: gradients.matrix.columns(0..<1), gradients.matrix.columns(1..<2))
    #expect(gradients.elements.allSatisfy { $0.isFinite })
  }

  /// What has no finite answer says so: no kernel turns a NaN or an overflow into a number.
  @Test func whatIsNotFiniteStaysSo() {
    for value in [Float.nan, .infinity, -.infinity] {
      let a = TestMatrix([0, value], rows: 1, columns: 2)
      let x = TestMatrix([0.5, 0.5], rows: 1, columns: 2)
      let loss = TestMatrix(rows: 1, columns: 1)
      Bernoulli().forward(output: a.matrix, parameters: none.matrix, Observation(x.matrix), lossInto: loss.matrix)
      #expect(!loss.elements[0].isFinite, "Bernoulli at \(value)")
      Gaussian(variance: 1).forward(
        output: a.matrix, parameters: none.matrix, Observation(x.matrix), lossInto: loss.matrix)
      #expect(!loss.elements[0].isFinite, "Gaussian at \(value)")
      let one = TestMatrix([0.5], rows: 1, columns: 1)
      let b = TestMatrix([value, 0], rows: 1, columns: 2)
      PixelwiseGaussian().forward(
        output: b.matrix, parameters: none.matrix, Observation(one.matrix), lossInto: loss.matrix)
      #expect(!loss.elements[0].isFinite, "PixelwiseGaussian at \(value)")
      // A logit of −∞ is a level of no probability.
      Categorical(levels: 2).forward(
        output: a.matrix, parameters: none.matrix, Observation(one.matrix), lossInto: loss.matrix)
      #expect(!loss.elements[0].isFinite, "Categorical at \(value)")
      let pixel = TestMatrix([value], rows: 1, columns: 1)
      Categorical(levels: 2).forward(
        output: x.matrix, parameters: none.matrix, Observation(pixel.matrix), lossInto: loss.matrix)
      #expect(!loss.elements[0].isFinite, "Categorical of a pixel \(value)")
      VectorMath.active.klDivergence(mean: x.matrix, logVariance: a.matrix, into: loss.matrix)
      #expect(!loss.elements[0].isFinite, "KL at log-variance \(value)")
      VectorMath.active.klDivergence(mean: a.matrix, logVariance: x.matrix, into: loss.matrix)
      #expect(!loss.elements[0].isFinite, "KL at mean \(value)")
    }
    let overflowing = TestMatrix([200], rows: 1, columns: 1)
    let zero = TestMatrix([0], rows: 1, columns: 1)
    let kl = TestMatrix(rows: 1, columns: 1)
    VectorMath.active.klDivergence(mean: zero.matrix, logVariance: overflowing.matrix, into: kl.matrix)
    #expect(kl.elements == [.infinity])
  }
}
