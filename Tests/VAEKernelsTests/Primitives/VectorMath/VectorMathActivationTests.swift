import Foundation
import TestSupport
import Testing
import VAEReference

@testable import VAEKernels

/// Activations and their derivatives in `Double`.
enum ActivationFormula {
  static func value(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: x
    case .relu: x <= 0 ? 0 : x
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .softplus: (x <= 0 ? 0 : x) + log1p(exp(-abs(x)))
    case .elu: x > 0 ? x : expm1(x)
    // At −∞ the limits.
    case .gelu: x == -.infinity ? 0 : x * distribution(x)
    case .silu: x == -.infinity ? 0 : x / (1 + exp(-x))
    case .leakyReLU: x > 0 ? x : Double(Float(0.01)) * x
    }
  }

  /// The derivative, as a function of the value, or of x where it is `gradientIsOfInput`; and the size of the terms that
  /// it is a sum of.
  static func slope(_ activation: Activation, at y: Double) -> (slope: Double, scale: Double) {
    switch activation {
    case .identity: plain(1)
    case .relu: plain(y > 0 ? 1 : 0 * y)
    case .tanh: plain((1 - y) * (1 + y))
    case .sigmoid: plain(y * (1 - y))
    case .softplus: plain(-expm1(-y))
    case .elu: plain(y > 0 ? 1 : y + 1)
    case .gelu: sum(distribution(y), abs(y) > 100 ? 0 : y * exp(-y * y / 2) / (2 * .pi).squareRoot())
    case .silu: sum(1 / (1 + exp(-y)), abs(y) > 1000 ? 0 : y / (1 + exp(-y)) / (1 + exp(y)))
    case .leakyReLU: plain(y > 0 ? 1 : y <= 0 ? Double(Float(0.01)) : y)
    }
  }

  private static func plain(_ slope: Double) -> (Double, Double) { (slope, abs(slope)) }
  private static func sum(_ a: Double, _ b: Double) -> (Double, Double) { (a + b, abs(a) + abs(b)) }

  /// P(N < x).
  private static func distribution(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
}

/// Activations and their gradients, for every instruction set.
@Suite struct VectorMathActivationTests {
  typealias Fixture = LoopFixture

  /// Where formulas overflow, underflow or change.
  static let extremes: [Float] = {
    let sizes: [Float] = [
      0, .leastNonzeroMagnitude, .leastNormalMagnitude / 64, .leastNormalMagnitude, 1e-30, 1e-4, 0.75, 1.28, 14.2, 15,
      18, 88, 100, 103, 105, 107, 120,
      1e30, .greatestFiniteMagnitude, .infinity,
    ]
    return sizes + sizes.map { -$0 } + [.nan]
  }()

  /// What the gradient is taken at.
  static func place(_ activation: Activation, _ copy: VectorMath, _ x: Matrix) {
    if !activation.gradientIsOfInput { copy.activate(x, into: x, activation) }
  }

  @Test(arguments: Activation.allCases, LoopFixture.columns)
  func gradient(activation: Activation, columns: Int) {
    for copy in VectorMath.supported {
      let y = GuardedMatrix(rows: Fixture.rows, columns: columns, Fixture.numbers(-9, 9, seed: 7))
      Self.place(activation, copy, y.matrix)
      let dX = GuardedMatrix(rows: Fixture.rows, columns: columns, gap: 2, Fixture.numbers(-1, 1, seed: 8))
      let before = (0..<Fixture.rows).map(dX.row)
      copy.multiplyByGradient(of: activation, at: y.matrix, dX.matrix)
      #expect(dX.isIntactAround && y.isIntactAround)
      for row in 0..<Fixture.rows {
        let isRight = zip(zip(dX.row(row), before[row]), y.row(row)).allSatisfy { pair, y in
          let exact = ActivationFormula.slope(activation, at: Double(y))
          return Fixture.isNear(pair.0, Double(pair.1) * exact.slope, scale: abs(Double(pair.1)) * exact.scale)
        }
        #expect(isRight, "\(copy.instructionSet) row \(row)")
      }
    }
  }

  @Test(arguments: Activation.allCases, LoopFixture.columns)
  func outOfPlaceIsTheSameBits(activation: Activation, columns: Int) {
    for copy in VectorMath.supported {
      let x = GuardedMatrix(rows: Fixture.rows, columns: columns, Fixture.numbers(-9, 9, seed: 5))
      let y = GuardedMatrix(rows: Fixture.rows, columns: columns, gap: 1) { _, _ in -7 }
      let before = (0..<Fixture.rows).map(x.row)
      copy.activate(x.matrix, into: y.matrix, activation)
      #expect((0..<Fixture.rows).map(x.row) == before && x.isIntactAround && y.isIntactAround)
      copy.addBiasAndActivate(x.matrix, bias: nil, activation)
      #expect((0..<Fixture.rows).map { y.row($0).bits } == (0..<Fixture.rows).map { x.row($0).bits })
    }
  }

  @Test(arguments: Activation.allCases)
  func extremes(activation: Activation) {
    let columns = Self.extremes.count
    for copy in VectorMath.supported {
      let y = GuardedMatrix(rows: 1, columns: columns) { Self.extremes[$1] }
      copy.activate(y.matrix, into: y.matrix, activation)
      for (x, y) in zip(Self.extremes, y.row(0)) {
        let exact = ActivationFormula.value(activation, Double(x))
        #expect(Self.isRight(y, exact, scale: abs(exact)), "\(copy.instructionSet): \(y) at \(x), not \(exact)")
        let reference = Reference.activate(Double(x), activation)
        #expect(Self.isRight(y, reference, scale: abs(reference)), "\(copy.instructionSet): \(y) at \(x)")
      }
      let place = GuardedMatrix(rows: 1, columns: columns) { Self.extremes[$1] }
      Self.place(activation, copy, place.matrix)
      let dX = GuardedMatrix(rows: 1, columns: columns) { _, _ in 1 }
      copy.multiplyByGradient(of: activation, at: place.matrix, dX.matrix)
      for (place, d) in zip(place.row(0), dX.row(0)) {
        let exact = ActivationFormula.slope(activation, at: Double(place))
        #expect(
          Self.isRight(d, exact.slope, scale: exact.scale), "\(copy.instructionSet): \(d) at \(place), not \(exact)")
      }
    }
  }

  private static func isRight(_ y: Float, _ exact: Double, scale: Double) -> Bool {
    if exact.isNaN { return y.isNaN }
    return Float(exact) == y || Fixture.isNear(y, exact, scale: scale)
  }

  @Test func onlyGeluAndSiluNeedTheInput() {
    #expect(Activation.allCases.filter(\.gradientIsOfInput) == [.gelu, .silu])
    #expect(Activation(rawValue: "leaky-relu") == .leakyReLU)
  }

  @Test func nanAloneBecomesNaN() {
    for copy in VectorMath.supported {
      for activation in Activation.allCases {
        let x = GuardedMatrix(rows: 1, columns: 3) { _, column in column == 1 ? .nan : -0.5 }
        copy.addBiasAndActivate(x.matrix, bias: nil, activation)
        #expect(x.row(0).map(\.isNaN) == [false, true, false])
      }
    }
  }
}
