import Foundation
import Testing

@testable import VAEKernels

/// Losses of columns of one family, with and without a mask, against plain formulas in `Double`, for every instruction set.
@Suite struct VectorMathColumnTests {
  typealias Fixture = LoopFixture
  static let scale: Float = 0.125
  static let start: Float = 3

  /// A family's loop, its formulas, and numbers to try it with.
  enum Family: CaseIterable {
    case bernoulli, poisson, softmax3, softmax17

    var levels: Int { self == .softmax3 ? 3 : self == .softmax17 ? 17 : 1 }

    func run(_ copy: VectorMath, _ a: Matrix, _ x: Matrix, _ mask: Matrix?, _ loss: Matrix, _ dA: Matrix?) {
      let scale = VectorMathColumnTests.scale
      switch self {
      case .bernoulli:
        copy.bernoulliColumns(logits: a, x, mask: mask, scale: scale, lossAccumulatingInto: loss, gradientInto: dA)
      case .poisson:
        copy.poissonColumns(logRates: a, x, mask: mask, scale: scale, lossAccumulatingInto: loss, gradientInto: dA)
      case .softmax3, .softmax17:
        copy.softmaxColumns(
          logits: a, x, mask: mask, levels: levels, scale: scale, lossAccumulatingInto: loss, gradientInto: dA)
      }
    }

    func x(_ row: Int, _ feature: Int) -> Float {
      let u = Fixture.numbers(0, 1, seed: 2)
      return switch self {
      case .bernoulli: u(row, feature) < 0.5 ? 0 : 1
      case .poisson: (u(row, feature) * u(row, feature) * 40).rounded(.down)
      case .softmax3, .softmax17: Int(u(row, feature / levels) * Float(levels)) == feature % levels ? 1 : 0
      }
    }

    /// The loss of one column, and its gradient.
    func exact(_ a: [Double], _ x: [Double]) -> (loss: Double, gradient: [Double]) {
      switch self {
      case .bernoulli:
        return (VectorMathLossTests.bernoulliLoss(a[0], x[0]), [VectorMathLossTests.bernoulliGradient(a[0], x[0])])
      case .poisson:
        return (exp(a[0]) - x[0] * a[0] + lgamma(x[0] + 1), [exp(a[0]) - x[0]])
      case .softmax3, .softmax17:
        let total = a.reduce(0) { $0 + exp($1) }
        return (zip(a, x).reduce(0) { $0 + $1.1 * (log(total) - $1.0) }, zip(a, x).map { exp($0) / total - $1 })
      }
    }
  }

  /// 0 for a third of the columns.
  private static func mask(_ row: Int, _ column: Int) -> Float {
    Fixture.numbers(0, 1, seed: 9)(row, column) < 0.33 ? 0 : 1
  }

  @Test(arguments: Family.allCases, [false, true])
  func outputsOfOneFamily(family: Family, hasMask: Bool) {
    let (rows, levels) = (Fixture.rows, family.levels)
    for copy in VectorMath.supported {
      for columns in [1, 3, 16, 33, 100] {
        let features = columns * levels
        let a = GuardedMatrix(rows: rows, columns: features, Fixture.numbers(-3, 4, seed: 1))
        let x = GuardedMatrix(rows: rows, columns: features, gap: 1, family.x)
        let mask = GuardedMatrix(rows: rows, columns: features, gap: 2) {
          hasMask ? Self.mask($0, $1 / levels) : 1
        }
        // What is missing must not matter, whatever stands there.
        for row in 0..<rows {
          for feature in 0..<features where mask.matrix[row, feature] == 0 {
            x.matrix[row, feature] = 0
            a.matrix[row, feature] = row == 1 ? .nan : row == 2 ? 200 : a.matrix[row, feature]
          }
        }
        let loss = GuardedMatrix(rows: 1, columns: rows) { _, _ in Self.start }
        let lossAlone = GuardedMatrix(rows: 1, columns: rows) { _, _ in Self.start }
        let gradient = GuardedMatrix(rows: rows, columns: features, gap: 5) { _, _ in .nan }
        let used = hasMask ? mask.matrix : nil
        family.run(copy, a.matrix, x.matrix, used, loss.matrix, gradient.matrix)
        family.run(copy, a.matrix, x.matrix, used, lossAlone.matrix, nil)
        #expect(loss.isIntactAround && gradient.isIntactAround)
        #expect(loss.row(0) == lossAlone.row(0))
        for row in 0..<rows {
          var sum = Double(Self.start)
          for first in stride(from: 0, to: features, by: levels) {
            let place = first..<first + levels
            let found = gradient.row(row)[place]
            guard mask.matrix[row, first] != 0 else {
              #expect(found.allSatisfy { $0 == 0 }, "\(copy.instructionSet) row \(row), feature \(first)")
              continue
            }
            let (values, targets) = (a.row(row)[place].map(Double.init), x.row(row)[place].map(Double.init))
            let exact = family.exact(values, targets)
            sum += exact.loss
            for (d, expected) in zip(found, exact.gradient) {
              // Two numbers, each rounded, are subtracted.
              let size = Double(Self.scale) * (family == .poisson ? exp(values[0]) + targets[0] : 1)
              #expect(Fixture.isNear(d, Double(Self.scale) * expected, scale: size), "\(copy.instructionSet)")
            }
          }
          #expect(Fixture.isNear(loss.row(0)[row], sum, tolerance: Fixture.sumTolerance), "\(copy.instructionSet)")
        }
        // A row has the same bits alone, and with the gradient written over the outputs.
        let last = rows - 1..<rows
        lossAlone.matrix[0, 0] = Self.start
        family.run(
          copy, a.matrix.rows(last), x.matrix.rows(last), used?.rows(last), lossAlone.matrix.columns(0..<1),
          a.matrix.rows(last))
        #expect(lossAlone.row(0)[0] == loss.row(0)[rows - 1])
        #expect(a.row(rows - 1) == gradient.row(rows - 1))
      }
    }
  }

  @Test(arguments: [1, 3, 16, 33, 100, 600], [false, true])
  func gaussian(columns: Int, hasMask: Bool) {
    let rows = Fixture.rows
    let floor: Float = -9.25
    for copy in VectorMath.supported {
      let mean = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(-2, 2, seed: 3))
      let a = GuardedMatrix(rows: 1, columns: columns, Fixture.numbers(-20, 5, seed: 4))
      let x = GuardedMatrix(rows: rows, columns: columns, gap: 1, Fixture.numbers(-2, 2, seed: 5))
      let mask = GuardedMatrix(rows: rows, columns: columns, gap: 2) { hasMask ? Self.mask($0, $1) : 1 }
      for column in 0..<columns where mask.matrix[1, column] == 0 { mean.matrix[1, column] = .infinity }
      let loss = GuardedMatrix(rows: 1, columns: rows) { _, _ in Self.start }
      let dMean = GuardedMatrix(rows: rows, columns: columns, gap: 5) { _, _ in .nan }
      let dA = GuardedMatrix(rows: rows, columns: columns, gap: 4) { _, _ in .nan }
      copy.gaussianColumns(
        mean: mean.matrix, a: a.matrix, x.matrix, mask: hasMask ? mask.matrix : nil, floor: floor, scale: Self.scale,
        lossAccumulatingInto: loss.matrix, gradientInto: (dMean.matrix, dA.matrix))
      #expect(loss.isIntactAround && dMean.isIntactAround && dA.isIntactAround)
      for row in 0..<rows {
        var (sum, size) = (Double(Self.start), Double(Self.start))
        for column in 0..<columns {
          guard mask.matrix[row, column] != 0 else {
            #expect(dMean.matrix[row, column] == 0 && dA.matrix[row, column] == 0)
            continue
          }
          let above = Double(a.matrix[0, column] - floor)
          let logVariance = Double(floor) + max(above, 0) + log1p(exp(-abs(above)))
          let difference = Double(mean.matrix[row, column] - x.matrix[row, column])
          let square = difference * difference * exp(-logVariance)
          sum += (log(2 * .pi) + logVariance + square) / 2
          size += (2 + abs(logVariance) + square) / 2
          let scale = Double(Self.scale)
          // exp(−v) of a v near 9 in size, rounded, is right to some ulps of 9.
          #expect(
            Fixture.isNear(dMean.matrix[row, column], scale * difference * exp(-logVariance), tolerance: 4e-6))
          #expect(
            Fixture.isNear(
              dA.matrix[row, column], scale * (1 - square) / 2 / (1 + exp(-above)),
              scale: scale * (1 + square) / (1 + exp(-above)), tolerance: 4e-6))
        }
        #expect(Fixture.isNear(loss.row(0)[row], sum, scale: size, tolerance: 4e-6))
      }
      copy.gaussianColumns(
        mean: mean.matrix, a: a.matrix, x.matrix, mask: hasMask ? mask.matrix : nil, floor: floor, scale: Self.scale,
        lossAccumulatingInto: loss.matrix, gradientInto: (mean.matrix, dA.matrix))
      #expect((0..<rows).allSatisfy { mean.row($0) == dMean.row($0) })
    }
  }

  /// The loss of one count.
  private func poisson(_ copy: VectorMath, a: Float, x: Float) -> (loss: Float, gradient: Float) {
    let output = GuardedMatrix(rows: 1, columns: 1) { _, _ in a }
    let target = GuardedMatrix(rows: 1, columns: 1) { _, _ in x }
    let loss = GuardedMatrix(rows: 1, columns: 1) { _, _ in 0 }
    copy.poissonColumns(
      logRates: output.matrix, target.matrix, mask: nil, scale: 1, lossAccumulatingInto: loss.matrix,
      gradientInto: output.matrix)
    return (loss.matrix[0, 0], output.matrix[0, 0])
  }

  /// At a rate of 1 the loss is 1 + log x!: that of every count up to 2000, and of some up to 1e9, is right to four ulps.
  @Test func factorialsAreThoseOfFoundation() {
    let counts = (0...2000).map(Float.init) + [1e4, 65_537, 1e5, 999_983, 1e6, 1e7, 1e9]
    for copy in VectorMath.supported {
      for x in counts {
        let exact = 1 + lgamma(Double(x) + 1)
        let found = poisson(copy, a: 0, x: x).loss
        #expect(
          abs(Double(found) - exact) <= 4 * Double(Float(exact).ulp), "\(copy.instructionSet): \(found) of \(x)")
      }
    }
  }

  /// Near the mode of a large count all terms cancel but a few nats: what is left of them is as right as the log-rate is.
  @Test func largeCountsKeepTheirDigits() {
    for copy in VectorMath.supported {
      for x in [Float(20), 300, 1e4, 1e6] {
        for deviations in [Float(-4), -1, 0, 0.1, 1, 4] {
          let a = log(x + deviations * x.squareRoot())
          let exact = exp(Double(a)) - Double(x) * Double(a) + lgamma(Double(x) + 1)
          // The logarithm of x is right to an ulp, and the loss changes by exp a − x with it.
          let rounding = abs(exp(Double(a)) - Double(x)) * Double(log(x).ulp)
          let found = poisson(copy, a: a, x: x).loss
          #expect(abs(Double(found) - exact) <= 2e-6 * exact + rounding, "\(copy.instructionSet): \(found) of \(x)")
        }
      }
    }
  }

  @Test func countsAtTheirLimits() {
    for copy in VectorMath.supported {
      for a in [Float(-1000), -100, 80, 88] {
        let exact = exp(Double(a))
        let (loss, gradient) = poisson(copy, a: a, x: 0)
        #expect(Fixture.isNear(loss, exact) && Fixture.isNear(gradient, exact))
      }
      let (loss, gradient) = poisson(copy, a: 80, x: 12)
      #expect(Fixture.isNear(loss, exp(80)) && Fixture.isNear(gradient, exp(80)))
      #expect(Fixture.isNear(poisson(copy, a: -1000, x: 3).loss, 3000 + log(6), tolerance: 1e-6))
      // Beyond the largest float the loss is infinite, and says so.
      #expect(poisson(copy, a: 89, x: 0).loss == .infinity && poisson(copy, a: 89, x: 7).loss == .infinity)
      // What is no count has no probability.
      for x in [Float(-1), 0.5, 2.25, .nan, .infinity] { #expect(poisson(copy, a: 0, x: x).loss.isNaN) }
      #expect(poisson(copy, a: .nan, x: 1).loss.isNaN && poisson(copy, a: .nan, x: 0).gradient.isNaN)
    }
  }

  @Test func logitsAtTheirLimits() {
    func softmax(_ copy: VectorMath, _ logits: [Float], level: Int) -> (loss: Float, gradient: [Float]) {
      let a = GuardedMatrix(rows: 1, columns: logits.count) { logits[$1] }
      let x = GuardedMatrix(rows: 1, columns: logits.count) { $1 == level ? 1 : 0 }
      let loss = GuardedMatrix(rows: 1, columns: 1) { _, _ in 0 }
      copy.softmaxColumns(
        logits: a.matrix, x.matrix, mask: nil, levels: logits.count, scale: 1, lossAccumulatingInto: loss.matrix,
        gradientInto: a.matrix)
      return (loss.matrix[0, 0], a.row(0))
    }
    for copy in VectorMath.supported {
      let far: [Float] = [1000, -1000, 0, 88, -.infinity]
      for (level, expected) in [(0, Float(0)), (1, 2000), (2, 1000), (3, 912), (4, .infinity)] {
        let (loss, gradient) = softmax(copy, far, level: level)
        #expect(loss == expected)
        #expect(gradient == (0..<5).map { ($0 == 0 ? 1 : 0) - ($0 == level ? 1 : 0) })
      }
      for logits in [[Float.nan, 0], [.infinity, 0], [-.infinity, -.infinity]] {
        #expect(softmax(copy, logits, level: 0).loss.isNaN)
      }
      // The most levels that there may be.
      let (loss, gradient) = softmax(copy, [Float](repeating: 0.5, count: 65_536), level: 65_535)
      #expect(Fixture.isNear(loss, log(65_536), tolerance: Fixture.sumTolerance))
      #expect(gradient[0] == 0x1p-16 && gradient[65_535] == 0x1p-16 - 1)
    }
  }
}
