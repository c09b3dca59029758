import Foundation
import Testing
import VAEKernels
import VAEReference

/// What the losses of counts are made of, in every instruction set, against the same in `Double`.
@Suite struct GammaFunctionTests {
  /// Largest errors, in ulps of a scale that stands beside each, as stated in gamma.inc.
  enum Bound {
    static let logGamma = 3.0
    static let digamma = 3.0
    /// Of the larger of the difference, and min(x, 1) times the larger of 1 and |log θ|.
    static let logRising = 12.0
    static let digammaDifference = 3.5
    /// Of the larger of the loss and 1.
    static let poisson = 6.0
    /// Of the larger of the loss and 1.
    static let negativeBinomial = 10.0
    /// Of the slope.
    static let slopeByLogMean = 4.5
    /// Of the larger of the two terms whose difference it is; below θ = 1, of 1 where that is larger.
    static let slopeByLogTheta = 10.0
    /// Of the loss and of each slope itself.
    static let zeroLoss = 6.0
    static let zeroSlopeByLogMean = 5.0
    static let zeroSlopeByLogTheta = 9.0
  }

  /// An m is right to this much of itself, and so is its difference from x where x is near.
  static let meanAccuracy = 2e-12

  /// `count` numbers from `low` to `high`, their logarithms evenly spread.
  static func spread(_ low: Double, _ high: Double, _ count: Int) -> [Float] {
    let (start, end) = (log(low), log(high))
    return (0..<count).map { Float(exp(start + (end - start) * Double($0) / Double(count - 1))) }
  }

  /// The largest error in ulps of the scales, and where.
  struct Worst {
    var error = 0.0
    var index = 0

    init(_ y: [Float], _ exact: [Double], scales: [Double]? = nil) {
      for index in y.indices {
        let scale = abs(scales?[index] ?? exact[index])
        let error = abs(Double(y[index]) - exact[index]) / ElementaryFunctionTests.ulp(scale)
        // A NaN is as far off as can be.
        guard !(error <= self.error) else { continue }
        self.index = index
        self.error = error.isNaN ? .infinity : error
      }
    }
  }

  // MARK: - One argument

  static let places = spread(1e-38, 3e36, 6_000) + (1...6_000).map { Float($0) * 0.0007 }

  @Test func logGammaAndDigammaStayWithinTheirBounds() {
    let logGammas = Self.places.map { ReferenceGamma.logGamma(Double($0)) }
    let digammas = Self.places.map { ReferenceGamma.digamma(Double($0)) }
    for copy in VectorMath.supported {
      let worst = Worst(copy.map(.logGamma, Self.places), logGammas)
      #expect(worst.error <= Bound.logGamma, "\(copy.instructionSet): \(worst.error) at \(Self.places[worst.index])")
      let other = Worst(copy.map(.digamma, Self.places), digammas)
      #expect(other.error <= Bound.digamma, "\(copy.instructionSet): \(other.error) at \(Self.places[other.index])")
    }
  }

  @Test func logGammaIsInfiniteOnlyWhereItIsTooLarge() {
    for copy in VectorMath.supported {
      let y = copy.map(.logGamma, [4.08e36, 4.09e36, .infinity, 0, 1, 2, -1, .nan])
      #expect(y[0].isFinite && y[1...3] == [.infinity, .infinity, .infinity] && y[4...5] == [0, 0])
      #expect(y[6].isNaN && y[7].isNaN)
    }
  }

  // MARK: - Differences

  static let pairs: (theta: [Float], x: [Float]) = {
    var theta: [Float] = []
    var x: [Float] = []
    let counts: [Float] = [1, 2, 3, 4, 5, 7, 8, 12, 31, 100, 1_000, 65_537, 1_000_003, 1e7]
    for a in spread(1e-8, 1e8, 330) {
      for count in counts + [1e-6, 0.01, 0.37, 0.99, 1.5, 2.7, 3.9, 3.99, 4.01, 6.3] {
        theta.append(a)
        x.append(count)
      }
    }
    for a in spread(0.05, 8, 60) {
      for count in spread(1e-4, 12, 60) {
        theta.append(a)
        x.append(count)
      }
    }
    return (theta, x)
  }()

  @Test func differencesStayWithinTheirBounds() {
    let (theta, x) = Self.pairs
    let values = zip(theta, x).map { ReferenceGamma.logRising(Double($0), Double($1)) }
    let slopes = zip(theta, x).map { ReferenceGamma.digammaDifference(Double($0), Double($1)) }
    let scales = zip(zip(theta, x), values).map { pair, value in
      max(abs(value), Double(min(pair.1, 1)) * max(1, abs(log(Double(pair.0)))))
    }
    for copy in VectorMath.supported {
      let y = copy.logRising(theta, x)
      let worst = Worst(y.values, values, scales: scales)
      #expect(
        worst.error <= Bound.logRising,
        "\(copy.instructionSet): \(worst.error) at θ = \(theta[worst.index]), x = \(x[worst.index])")
      let other = Worst(y.slopes, slopes)
      #expect(
        other.error <= Bound.digammaDifference,
        "\(copy.instructionSet): \(other.error) at θ = \(theta[other.index]), x = \(x[other.index])")
    }
  }

  @Test func differencesAreZeroForCountsOfZeroAndFiniteBeyond() {
    let theta = Self.spread(1e-37, 1e37, 200)
    for copy in VectorMath.supported {
      let zeros = copy.logRising(theta, theta.map { _ in 0 })
      #expect(zeros.values.allSatisfy { $0 == 0 } && zeros.slopes.allSatisfy { $0 == 0 })
      for count: Float in [1e-3, 1, 10, 1e7] {
        let y = copy.logRising(theta, theta.map { _ in count })
        #expect(y.values.allSatisfy { $0.isFinite } && y.slopes.allSatisfy { $0.isFinite })
      }
      let edges = copy.logRising([1, 1, .nan], [.infinity, .nan, 1])
      #expect(edges.values[0] == .infinity && edges.values[1].isNaN && edges.values[2].isNaN)
      #expect(edges.slopes[0] == .infinity && edges.slopes[1].isNaN && edges.slopes[2].isNaN)
    }
  }

  // MARK: - Losses

  /// Counts with means near and far.
  static let counted: (x: [Float], logMean: [Float]) = {
    var x: [Float] = []
    var logMean: [Float] = []
    for count: Float in [0.001, 0.3, 0.9, 1, 2, 3, 5, 12, 47, 300, 5_000, 1e5, 1e6, 1e7] {
      let center = log(Double(count))
      let deviation = 1 / max(Double(count), 1).squareRoot()
      for step in -12...12 {
        x += [count, count, count]
        logMean += [
          Float(center + Double(step) * 0.25 * deviation), Float(center + Double(step) * 0.13),
          Float(Double(step) * 1.52),
        ]
      }
    }
    return (x, logMean)
  }()

  @Test func poissonStaysWithinItsBounds() {
    let x = Self.counted.x + [0, 0, 0]
    let logMean = Self.counted.logMean + [-5, 0, 5]
    let exact = zip(x, logMean).map { ReferenceGamma.poisson(Double($0), logMean: Double($1)) }
    let means = logMean.map { exp(Double($0)) }
    let slopes = zip(x, means).map { $1 - Double($0) }
    for copy in VectorMath.supported {
      let y = copy.poisson(x, logMean: logMean)
      let worst = Worst(y.losses, exact, scales: exact.map { max(abs($0), 1) })
      #expect(
        worst.error <= Bound.poisson,
        "\(copy.instructionSet): \(worst.error) at x = \(x[worst.index]), log m = \(logMean[worst.index])")
      for (index, slope) in y.slopes.enumerated() {
        let error = abs(Double(slope) - slopes[index])
        #expect(error <= ElementaryFunctionTests.ulp(slopes[index]) + means[index] * Self.meanAccuracy)
      }
      let edges = copy.poisson([3, 0, 3, .nan, 3, -1], logMean: [-200, -200, 89, 1, .nan, 0])
      #expect(abs(edges.losses[0] - 601.7918) < 1e-3 && edges.losses[1] >= 0 && edges.losses[1] < 1e-30)
      #expect(edges.losses[2] == .infinity && edges.losses[3...].allSatisfy { $0.isNaN })
    }
  }

  @Test func negativeBinomialStaysWithinItsBounds() {
    var (x, logMean, logTheta): ([Float], [Float], [Float]) = ([], [], [])
    for tau in stride(from: Float(-18.4), through: 18.4, by: 1.6) {
      x += Self.counted.x
      logMean += Self.counted.logMean
      logTheta += Self.counted.x.map { _ in tau }
    }
    let exact = x.indices.map {
      ReferenceGamma.negativeBinomial(Double(x[$0]), logMean: Double(logMean[$0]), logTheta: Double(logTheta[$0]))
    }
    for copy in VectorMath.supported {
      let y = copy.negativeBinomial(x, logMean: logMean, logTheta: logTheta)
      let place = { (worst: Worst) in
        "\(worst.error) at x = \(x[worst.index]), log m = \(logMean[worst.index]), log θ = \(logTheta[worst.index])"
      }
      let loss = Worst(y.losses, exact.map(\.loss), scales: exact.map { max(abs($0.loss), 1) })
      #expect(loss.error <= Bound.negativeBinomial, "\(copy.instructionSet): \(place(loss))")
      let byTheta = Worst(
        y.slopesByLogTheta, exact.map(\.slopeByLogTheta),
        scales: zip(exact, logTheta).map { $1 < 0 ? max($0.largerOfLogTheta, 1) : $0.largerOfLogTheta })
      #expect(byTheta.error <= Bound.slopeByLogTheta, "\(copy.instructionSet): \(place(byTheta))")
      // What m is wrong by counts where it is near x.
      for (index, slope) in y.slopesByLogMean.enumerated() {
        let mean = exp(Double(logMean[index]))
        let error = abs(Double(slope) - exact[index].slopeByLogMean) - mean * Self.meanAccuracy
        let ulp = ElementaryFunctionTests.ulp(exact[index].slopeByLogMean)
        if error > Bound.slopeByLogMean * ulp {
          Issue.record("\(copy.instructionSet): \(error / ulp) at x = \(x[index]), log m = \(logMean[index])")
        }
      }
    }
  }

  @Test func negativeBinomialOfZeroStaysWithinItsBounds() {
    var (logMean, logTheta): ([Float], [Float]) = ([], [])
    for mu in stride(from: Float(-18.4), through: 18.4, by: 0.41) {
      for tau in stride(from: Float(-18.4), through: 18.4, by: 0.37) {
        logMean.append(mu)
        logTheta.append(tau)
      }
    }
    let exact = logMean.indices.map {
      ReferenceGamma.negativeBinomial(0, logMean: Double(logMean[$0]), logTheta: Double(logTheta[$0]))
    }
    for copy in VectorMath.supported {
      let y = copy.negativeBinomial(nil, logMean: logMean, logTheta: logTheta)
      let place = { (worst: Worst) in
        "\(worst.error) at log m = \(logMean[worst.index]), log θ = \(logTheta[worst.index])"
      }
      let loss = Worst(y.losses, exact.map(\.loss))
      #expect(loss.error <= Bound.zeroLoss, "\(copy.instructionSet): \(place(loss))")
      let byMean = Worst(y.slopesByLogMean, exact.map(\.slopeByLogMean))
      #expect(byMean.error <= Bound.zeroSlopeByLogMean, "\(copy.instructionSet): \(place(byMean))")
      let byTheta = Worst(y.slopesByLogTheta, exact.map(\.slopeByLogTheta))
      #expect(byTheta.error <= Bound.zeroSlopeByLogTheta, "\(copy.instructionSet): \(place(byTheta))")
    }
  }

  @Test func negativeBinomialIsFiniteFarBeyondAndPassesNaNOn() {
    var (x, logMean, logTheta): ([Float], [Float], [Float]) = ([], [], [])
    for count: Float in [1e-6, 1, 50, 1e7] {
      for mu in stride(from: Float(-200), through: 80, by: 20) {
        for tau in stride(from: Float(-200), through: 200, by: 20) {
          x.append(count)
          logMean.append(mu)
          logTheta.append(tau)
        }
      }
    }
    for copy in VectorMath.supported {
      for x in [x, nil] {
        let y = copy.negativeBinomial(x, logMean: logMean, logTheta: logTheta)
        #expect(y.losses.allSatisfy { $0.isFinite }, "\(copy.instructionSet)")
        #expect(y.slopesByLogMean.allSatisfy { $0.isFinite }, "\(copy.instructionSet)")
        #expect(y.slopesByLogTheta.allSatisfy { $0.isFinite }, "\(copy.instructionSet)")
      }
      let y = copy.negativeBinomial([.nan, 1, 1], logMean: [0, .nan, 0], logTheta: [0, 0, .nan])
      #expect(y.losses.allSatisfy { $0.isNaN }, "\(copy.instructionSet)")
      let zero = copy.negativeBinomial(nil, logMean: [.nan, 0], logTheta: [0, .nan])
      #expect(zero.losses.allSatisfy { $0.isNaN }, "\(copy.instructionSet)")
    }
  }

  /// A fraction among them takes a vector another way.
  @Test func aCountsTermsDoNotDependOnItsNeighbours() {
    let x: [Float] = (0..<50).map { $0 % 7 == 3 ? 0.25 : Float($0 * $0 + 1) }
    let logMean = x.indices.map { Float($0) * 0.2 - 3 }
    let logTheta = x.indices.map { 4 - Float($0) * 0.17 }
    for copy in VectorMath.supported {
      let y = copy.negativeBinomial(x, logMean: logMean, logTheta: logTheta)
      for index in x.indices {
        let alone = copy.negativeBinomial([x[index]], logMean: [logMean[index]], logTheta: [logTheta[index]])
        #expect(alone.losses[0].bitPattern == y.losses[index].bitPattern)
        #expect(alone.slopesByLogMean[0].bitPattern == y.slopesByLogMean[index].bitPattern)
        #expect(alone.slopesByLogTheta[0].bitPattern == y.slopesByLogTheta[index].bitPattern)
      }
    }
  }
}
