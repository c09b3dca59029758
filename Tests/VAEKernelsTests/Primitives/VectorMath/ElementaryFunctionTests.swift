import Foundation
import Testing
import VAEKernels
import VAEReference

/// Every elementary function of every instruction set against Foundation's or the reference's in `Double`, over all
/// floats.
@Suite struct ElementaryFunctionTests {
  typealias Function = VectorMath.ElementaryFunction

  /// Largest error in ulps of the exact result, as stated beside each function in elementary.inc.
  static func ulpBound(_ function: Function) -> Double {
    switch function {
    case .exp: 1.25
    case .log: 1
    case .expm1, .log1p: 2
    case .erf: 2.5
    case .tanh, .sigmoid, .softplus: 3
    case .digamma: GammaFunctionTests.Bound.digamma
    case .silu: 3.5
    case .logGamma: GammaFunctionTests.Bound.logGamma
    case .gelu: 5.5
    case .sin2Pi, .cos2Pi: 0  // bounded absolutely
    }
  }

  /// sin and cos pass through zero, where only the absolute error is small.
  static let absoluteBound = 1e-7

  static func exact(_ function: Function, _ x: Double) -> Double {
    switch function {
    case .exp: Foundation.exp(x)
    case .expm1: Foundation.expm1(x)
    case .log1p: Foundation.log1p(x)
    case .log: Foundation.log(x)
    case .tanh: Foundation.tanh(x)
    case .sigmoid: x < 0 ? Foundation.exp(x) / (1 + Foundation.exp(x)) : 1 / (1 + Foundation.exp(-x))
    case .softplus: max(x, 0) + Foundation.log1p(Foundation.exp(-abs(x)))
    case .sin2Pi: Foundation.sin(2 * .pi * x)
    case .cos2Pi: Foundation.cos(2 * .pi * x)
    case .erf: Foundation.erf(x)
    // At −∞ the limits.
    case .gelu: x == -.infinity ? 0 : x / 2 * erfc(-x / 2.0.squareRoot())
    case .silu: x == -.infinity ? 0 : x / (1 + Foundation.exp(-x))
    case .logGamma: x < 0 ? .nan : x == 0 ? .infinity : ReferenceGamma.logGamma(x)
    case .digamma: x < 0 ? .nan : x == 0 ? -.infinity : ReferenceGamma.digamma(x)
    }
  }

  /// The distance between floats at `y`, the subnormal ones' included.
  static func ulp(_ y: Double) -> Double {
    abs(y) < Double(Float.leastNormalMagnitude) ? Double(Float.leastNonzeroMagnitude) : Double(Float(y).ulp)
  }

  /// Floats evenly spread over the bit patterns, subnormals, infinities and NaN among them, and the places where
  /// the functions change from one regime to another.
  static let allFloats: [Float] = {
    let spread = stride(from: 0, through: Int(UInt32.max), by: 21_911).map { Float(bitPattern: UInt32($0)) }
    let corners: [Float] = [
      0, 1, 0.5, 2 / 3, 4 / 3, 2, 0.35, 10, 13, 14, 14.3, 15, 17, 18, 80, 87.33, 88.72, 88.73, 89, 100, 103.97, 103.98,
      104, 105, 1e30,
      .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
    ]
    return spread + corners.flatMap { [$0, -$0, $0.nextUp, $0.nextDown, -$0.nextUp, -$0.nextDown] }
  }()

  /// The range where the functions do most of their work, densely.
  static let centre: [Float] = (0..<20_000).map { Float($0 - 10_000) * 0.001_73 }

  /// [0, 1), for sin and cos.
  static let turn: [Float] = (0..<50_000).map { Float($0) / 50_000 }

  @Test(arguments: Function.allCases)
  func staysWithinItsBound(_ function: Function) {
    let isCircular = function == .sin2Pi || function == .cos2Pi
    let x = isCircular ? Self.turn : Self.allFloats + Self.centre
    for copy in VectorMath.supported {
      let y = copy.map(function, x)
      var worst = 0.0
      var place: Float = 0
      for (x, y) in zip(x, y) {
        let exact = Self.exact(function, Double(x))
        let error: Double
        if exact.isNaN || Float(exact).isInfinite || y.isInfinite {
          error = exact.isNaN ? (y.isNaN ? 0 : .infinity) : (Float(exact) == y ? 0 : .infinity)
        } else {
          let difference = abs(Double(y) - exact)
          error = isCircular ? difference : difference / Self.ulp(exact)
        }
        if !(error <= worst) {
          worst = error
          place = x
        }
      }
      let bound = isCircular ? Self.absoluteBound : Self.ulpBound(function)
      #expect(worst <= bound, "\(copy.instructionSet): \(function) is \(worst) off at \(place)")
    }
  }

  @Test func longVectorsAndShortOnesAgreeBitForBit() {
    let x = (0..<100).map { Float($0) * 0.37 - 15 }
    for copy in VectorMath.supported {
      for function in Function.allCases {
        let all = copy.map(function, x).map(\.bitPattern)
        #expect(all == x.map { copy.map(function, [$0])[0].bitPattern }, "\(copy.instructionSet): \(function)")
      }
    }
  }
}
