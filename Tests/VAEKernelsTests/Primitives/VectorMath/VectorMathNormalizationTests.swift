import TestSupport
import Testing

@testable import VAEKernels

/// Layer and batch normalisation against plain formulas in `Double`, for every instruction set.
@Suite struct VectorMathNormalizationTests {
  typealias Fixture = LoopFixture
  static let epsilon: Float = 1e-5
  static let rowCounts = [0, 1, 2, 5]

  /// Numbers to normalise, and everything that goes with them. The gap of each differs.
  struct Case {
    let rows: Int
    let columns: Int
    let x: GuardedMatrix
    let dY: GuardedMatrix
    let scale: GuardedMatrix
    let shift: GuardedMatrix

    init(rows: Int, columns: Int, offset: Float = 0) {
      self.rows = rows
      self.columns = columns
      x = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(offset - 2, offset + 3, seed: 30))
      dY = GuardedMatrix(rows: rows, columns: columns, gap: 1, Fixture.numbers(-1, 1, seed: 31))
      scale = GuardedMatrix(rows: 1, columns: columns, Fixture.numbers(0.5, 2, seed: 32))
      shift = GuardedMatrix(rows: 1, columns: columns, Fixture.numbers(-1, 1, seed: 33))
    }

    func vector(_ count: Int) -> GuardedMatrix { GuardedMatrix(rows: 1, columns: count) { _, _ in -7 } }
    func room(gap: Int = 4) -> GuardedMatrix {
      GuardedMatrix(rows: rows, columns: columns, gap: gap) { _, _ in -7 }
    }
    func isIntact(_ others: GuardedMatrix...) -> Bool {
      (others + [x, dY, scale, shift]).allSatisfy(\.isIntactAround)
    }
    var places: [(row: Int, column: Int)] { (0..<rows).flatMap { row in (0..<columns).map { (row, $0) } } }
  }

  static func mean(_ x: [Float]) -> Double { x.reduce(0) { $0 + Double($1) } / Double(max(x.count, 1)) }
  static func variance(_ x: [Float]) -> Double {
    let mean = mean(x)
    return x.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(max(x.count, 1))
  }
  static func column(_ matrix: Matrix, _ index: Int) -> [Float] { (0..<matrix.rows).map { matrix[$0, index] } }

  @Test(arguments: [0] + LoopFixture.columns, rowCounts)
  func layerNorm(columns: Int, rows: Int) {
    for copy in VectorMath.supported {
      let test = Case(rows: rows, columns: columns)
      let (y, mean, r) = (test.room(), test.vector(rows), test.vector(rows))
      copy.layerNorm(
        test.x.matrix, scale: test.scale.matrix, shift: test.shift.matrix, epsilon: Self.epsilon, into: y.matrix,
        mean: mean.matrix, inverseDeviation: r.matrix)
      #expect(test.isIntact(y, mean, r))
      for row in 0..<rows {
        let x = test.x.row(row)
        let exactMean = Self.mean(x)
        let exactR = 1 / (Self.variance(x) + Double(Self.epsilon)).squareRoot()
        #expect(Fixture.isNear(mean.matrix[0, row], exactMean, scale: 3))
        #expect(Fixture.isNear(r.matrix[0, row], exactR), "\(copy.instructionSet)")
        for (column, y) in y.row(row).enumerated() {
          let (gamma, beta) = (Double(test.scale.matrix[0, column]), Double(test.shift.matrix[0, column]))
          let exact = gamma * (Double(x[column]) - exactMean) * exactR + beta
          let scale = gamma * (abs(Double(x[column])) + abs(exactMean)) * exactR + abs(beta)
          #expect(Fixture.isNear(y, exact, scale: scale), "\(copy.instructionSet) row \(row), column \(column)")
        }
      }
      // A row has the same bits alone, and written over itself.
      guard let last = (0..<rows).last else { continue }
      let (before, statistics) = (y.row(last).bits, [mean.matrix[0, last], r.matrix[0, last]].bits)
      copy.layerNorm(
        test.x.matrix.rows(last..<rows), scale: test.scale.matrix, shift: test.shift.matrix, epsilon: Self.epsilon,
        into: test.x.matrix.rows(last..<rows), mean: mean.matrix.columns(last..<rows),
        inverseDeviation: r.matrix.columns(last..<rows))
      #expect(test.x.row(last).bits == before && [mean.matrix[0, last], r.matrix[0, last]].bits == statistics)
    }
  }

  @Test(arguments: [0] + LoopFixture.columns, rowCounts)
  func layerNormGradient(columns: Int, rows: Int) {
    for copy in VectorMath.supported {
      let test = Case(rows: rows, columns: columns)
      let (dX, mean, r) = (test.room(), test.vector(rows), test.vector(rows))
      copy.layerNorm(
        test.x.matrix, scale: test.scale.matrix, shift: test.shift.matrix, epsilon: Self.epsilon, into: dX.matrix,
        mean: mean.matrix, inverseDeviation: r.matrix)
      copy.layerNormGradient(
        test.dY.matrix, x: test.x.matrix, scale: test.scale.matrix, mean: mean.matrix, inverseDeviation: r.matrix,
        into: dX.matrix)
      #expect(test.isIntact(dX, mean, r))
      for row in 0..<rows {
        let (m, r) = (Double(mean.matrix[0, row]), Double(r.matrix[0, row]))
        let g = zip(test.dY.row(row), test.scale.row(0)).map { Double($0) * Double($1) }
        let normalized = test.x.row(row).map { (Double($0) - m) * r }
        let products = zip(g, normalized).map { $0 * $1 }
        let meanG = g.reduce(0, +) / Double(columns)
        let meanProduct = products.reduce(0, +) / Double(columns)
        let sizes = (
          g.reduce(0) { $0 + abs($1) } / Double(columns), products.reduce(0) { $0 + abs($1) } / Double(columns)
        )
        for (column, d) in dX.row(row).enumerated() {
          let exact = r * (g[column] - meanG - normalized[column] * meanProduct)
          let scale = r * (abs(g[column]) + sizes.0 + abs(normalized[column]) * sizes.1)
          #expect(Fixture.isNear(d, exact, scale: scale), "\(copy.instructionSet) row \(row), column \(column)")
        }
      }
      let before = (0..<rows).map { dX.row($0).bits }
      copy.layerNormGradient(
        test.dY.matrix, x: test.x.matrix, scale: test.scale.matrix, mean: mean.matrix, inverseDeviation: r.matrix,
        into: test.dY.matrix)
      #expect((0..<rows).map { test.dY.row($0).bits } == before)
    }
  }

  @Test(arguments: [0] + LoopFixture.columns, rowCounts)
  func parameterGradients(columns: Int, rows: Int) {
    for copy in VectorMath.supported {
      for ofRows in [true, false] {
        let test = Case(rows: rows, columns: columns)
        let count = ofRows ? rows : columns
        let mean = GuardedMatrix(rows: 1, columns: count, Fixture.numbers(-1, 1, seed: 34))
        let r = GuardedMatrix(rows: 1, columns: count, Fixture.numbers(0.5, 2, seed: 35))
        let (dScale, dShift) = (test.vector(columns), test.vector(columns))
        func run(_ columns: Range<Int>, accumulating: Bool) {
          let (dY, x) = (test.dY.matrix.columns(columns), test.x.matrix.columns(columns))
          let (dScale, dShift) = (dScale.matrix.columns(columns), dShift.matrix.columns(columns))
          if ofRows {
            copy.layerNormParameterGradient(
              dY, x: x, mean: mean.matrix, inverseDeviation: r.matrix, dScale: dScale, dShift: dShift,
              accumulating: accumulating)
          } else {
            copy.batchNormParameterGradient(
              dY, x: x, mean: mean.matrix.columns(columns), inverseDeviation: r.matrix.columns(columns),
              dScale: dScale, dShift: dShift, accumulating: accumulating)
          }
        }
        for accumulating in [false, true] {
          let before = accumulating ? 3.0 : 0
          dScale.matrix.fill(3)
          dShift.matrix.fill(3)
          run(0..<columns, accumulating: accumulating)
          #expect(test.isIntact(mean, r, dScale, dShift))
          for column in 0..<columns {
            var (scale, shift, scaleSize, shiftSize) = (before, before, before, before)
            for row in 0..<rows {
              let (d, x) = (Double(test.dY.matrix[row, column]), Double(test.x.matrix[row, column]))
              let (m, r) = (Double(mean.matrix[0, ofRows ? row : column]), Double(r.matrix[0, ofRows ? row : column]))
              scale += d * (x - m) * r
              scaleSize += abs(d) * (abs(x) + abs(m)) * r
              shift += d
              shiftSize += abs(d)
            }
            #expect(Fixture.isNear(dScale.matrix[0, column], scale, scale: scaleSize), "\(copy.instructionSet)")
            #expect(Fixture.isNear(dShift.matrix[0, column], shift, scale: shiftSize), "\(copy.instructionSet)")
          }
          // Any split of the columns gives the same bits.
          let whole = (dScale.row(0).bits, dShift.row(0).bits)
          for split in Set([1, columns / 3, columns / 2 + 1]) where split <= columns {
            dScale.matrix.fill(3)
            dShift.matrix.fill(3)
            run(0..<split, accumulating: accumulating)
            run(split..<columns, accumulating: accumulating)
            #expect((dScale.row(0).bits, dShift.row(0).bits) == whole)
          }
        }
      }
    }
  }

  @Test(arguments: [0] + LoopFixture.columns, rowCounts + [130])
  func columnStatistics(columns: Int, rows: Int) {
    for copy in VectorMath.supported {
      let test = Case(rows: rows, columns: columns)
      let (mean, variance) = (test.vector(columns), test.vector(columns))
      copy.columnStatistics(test.x.matrix, mean: mean.matrix, variance: variance.matrix)
      #expect(test.isIntact(mean, variance))
      for column in 0..<columns {
        let x = Self.column(test.x.matrix, column)
        #expect(Fixture.isNear(mean.matrix[0, column], Self.mean(x), scale: 3))
        #expect(Fixture.isNear(variance.matrix[0, column], Self.variance(x)), "\(copy.instructionSet) \(column)")
      }
      let whole = (mean.row(0).bits, variance.row(0).bits)
      for split in Set([1, columns / 3, columns / 2 + 1]) where split <= columns {
        for part in [0..<split, split..<columns] {
          copy.columnStatistics(
            test.x.matrix.columns(part), mean: mean.matrix.columns(part), variance: variance.matrix.columns(part))
        }
        #expect((mean.row(0).bits, variance.row(0).bits) == whole)
      }
    }
  }

  /// Float sums of so many would have lost three digits of the mean, and all of the variance beside it.
  @Test func manyRowsFarFromZero() {
    for copy in VectorMath.supported {
      let test = Case(rows: 20_000, columns: 3, offset: 1000)
      let (mean, variance) = (test.vector(3), test.vector(3))
      copy.columnStatistics(test.x.matrix, mean: mean.matrix, variance: variance.matrix)
      for column in 0..<3 {
        let x = Self.column(test.x.matrix, column)
        #expect(Fixture.isNear(mean.matrix[0, column], Self.mean(x)))
        #expect(Fixture.isNear(variance.matrix[0, column], Self.variance(x)), "\(copy.instructionSet)")
      }
    }
  }

  @Test(arguments: [0] + LoopFixture.columns, rowCounts)
  func batchNorm(columns: Int, rows: Int) {
    for copy in VectorMath.supported {
      let test = Case(rows: rows, columns: columns)
      let mean = GuardedMatrix(rows: 1, columns: columns, Fixture.numbers(-1, 1, seed: 36))
      let r = GuardedMatrix(rows: 1, columns: columns, Fixture.numbers(0.5, 2, seed: 37))
      let dScale = GuardedMatrix(rows: 1, columns: columns, Fixture.numbers(-9, 9, seed: 38))
      let dShift = GuardedMatrix(rows: 1, columns: columns, Fixture.numbers(-9, 9, seed: 39))
      let (y, dX) = (test.room(), test.room(gap: 2))
      copy.normalizeColumns(
        test.x.matrix, mean: mean.matrix, inverseDeviation: r.matrix, scale: test.scale.matrix,
        shift: test.shift.matrix, into: y.matrix)
      for batchSize in [nil, 17] {
        copy.batchNormGradient(
          test.dY.matrix, x: test.x.matrix, mean: mean.matrix, inverseDeviation: r.matrix, scale: test.scale.matrix,
          dScale: dScale.matrix, dShift: dShift.matrix, batchSize: batchSize, into: dX.matrix)
        #expect(test.isIntact(mean, r, dScale, dShift, y, dX))
        let count = Double(batchSize ?? rows)
        for (row, column) in test.places {
          let numbers = [test.x.matrix[row, column], test.dY.matrix[row, column]].map(Double.init)
          let (x, dY) = (numbers[0], numbers[1])
          let parameters = [mean, r, test.scale, test.shift, dScale, dShift].map { Double($0.matrix[0, column]) }
          let (m, r, gamma, beta) = (parameters[0], parameters[1], parameters[2], parameters[3])
          let (meanProduct, meanD) = (parameters[4] / count, parameters[5] / count)
          let size = (abs(x) + abs(m)) * r
          #expect(
            Fixture.isNear(y.matrix[row, column], gamma * (x - m) * r + beta, scale: gamma * size + abs(beta)),
            "\(copy.instructionSet) row \(row), column \(column)")
          #expect(
            Fixture.isNear(
              dX.matrix[row, column], gamma * r * (dY - meanD - (x - m) * r * meanProduct),
              scale: gamma * r * (abs(dY) + abs(meanD) + size * abs(meanProduct))),
            "\(copy.instructionSet) row \(row), column \(column)")
        }
      }
      let before = ((0..<rows).map { y.row($0).bits }, (0..<rows).map { dX.row($0).bits })
      copy.batchNormGradient(
        test.dY.matrix, x: test.x.matrix, mean: mean.matrix, inverseDeviation: r.matrix, scale: test.scale.matrix,
        dScale: dScale.matrix, dShift: dShift.matrix, batchSize: 17, into: test.dY.matrix)
      copy.normalizeColumns(
        test.x.matrix, mean: mean.matrix, inverseDeviation: r.matrix, scale: test.scale.matrix,
        shift: test.shift.matrix, into: test.x.matrix)
      #expect((0..<rows).map { test.x.row($0).bits } == before.0)
      #expect((0..<rows).map { test.dY.row($0).bits } == before.1)
    }
  }

  /// One NaN spoils its row of a layer normalisation, its column of a batch normalisation, and nothing else.
  @Test func nanSpoilsWhatDependsOnIt() {
    let (rows, columns) = (3, 19)
    for copy in VectorMath.supported {
      let test = Case(rows: rows, columns: columns)
      test.x.matrix[1, 17] = .nan
      let (y, dX) = (test.room(), test.room())
      let (mean, r) = (test.vector(rows), test.vector(rows))
      copy.layerNorm(
        test.x.matrix, scale: test.scale.matrix, shift: test.shift.matrix, epsilon: Self.epsilon, into: y.matrix,
        mean: mean.matrix, inverseDeviation: r.matrix)
      copy.layerNormGradient(
        test.dY.matrix, x: test.x.matrix, scale: test.scale.matrix, mean: mean.matrix, inverseDeviation: r.matrix,
        into: dX.matrix)
      for (row, column) in test.places {
        #expect(y.matrix[row, column].isNaN == (row == 1) && dX.matrix[row, column].isNaN == (row == 1))
      }
      let (dScale, dShift) = (test.vector(columns), test.vector(columns))
      copy.layerNormParameterGradient(
        test.dY.matrix, x: test.x.matrix, mean: mean.matrix, inverseDeviation: r.matrix, dScale: dScale.matrix,
        dShift: dShift.matrix)
      #expect(dScale.row(0).allSatisfy(\.isNaN) && dShift.row(0).allSatisfy(\.isFinite))

      let (columnMean, variance) = (test.vector(columns), test.vector(columns))
      copy.columnStatistics(test.x.matrix, mean: columnMean.matrix, variance: variance.matrix)
      #expect(columnMean.row(0).map(\.isNaN) == (0..<columns).map { $0 == 17 })
      #expect(variance.row(0).map(\.isNaN) == (0..<columns).map { $0 == 17 })
      copy.batchNormParameterGradient(
        test.dY.matrix, x: test.x.matrix, mean: columnMean.matrix, inverseDeviation: variance.matrix,
        dScale: dScale.matrix, dShift: dShift.matrix)
      #expect(dScale.row(0).map(\.isNaN) == (0..<columns).map { $0 == 17 })
      copy.normalizeColumns(
        test.x.matrix, mean: columnMean.matrix, inverseDeviation: variance.matrix, scale: test.scale.matrix,
        shift: test.shift.matrix, into: y.matrix)
      copy.batchNormGradient(
        test.dY.matrix, x: test.x.matrix, mean: columnMean.matrix, inverseDeviation: variance.matrix,
        scale: test.scale.matrix, dScale: dScale.matrix, dShift: dShift.matrix, into: dX.matrix)
      for (row, column) in test.places {
        #expect(y.matrix[row, column].isNaN == (column == 17) && dX.matrix[row, column].isNaN == (column == 17))
      }
    }
  }
}
