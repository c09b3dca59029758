import Foundation
import TestSupport
import Testing

@testable import VAEKernels

/// The three products of every instruction set against sums in `Double`, and their independence of how they are divided.
@Suite struct MatrixProductTests {
  struct Shape: Sendable, CustomStringConvertible {
    let rows: Int
    let columns: Int
    let inner: Int
    var description: String { "\(rows) × \(inner) × \(columns)" }
  }

  enum Form: CaseIterable {
    case plain, rightTransposed, leftTransposed
  }

  /// Every remainder of a tile's rows and columns, few columns, and more than one stretch of the inner index.
  static let shapes: [Shape] =
    (1...17).map { Shape(rows: $0, columns: 3 * $0 + 1, inner: 19 - $0) }
    + [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 95, 97].map {
      Shape(rows: 5, columns: $0, inner: 6)
    }
    + [1, 2, 4, 9, 50].map { Shape(rows: 9, columns: $0, inner: 515) }
    + [Shape(rows: 50, columns: 2, inner: 300), Shape(rows: 3, columns: 20, inner: 1)]

  /// |error| of a sum of n products, relative to the sum of their magnitudes: n roundings at most, and a last one.
  static func tolerance(_ inner: Int) -> Double { Double(inner + 1) * Double(Float.ulpOfOne) }

  /// A, B and C with guards around each row, in the order in memory that `form` wants.
  private struct Operands {
    let a: GuardedMatrix
    let b: GuardedMatrix
    let shape: Shape
    let form: Form

    init(_ shape: Shape, _ form: Form, bad: Float? = nil) {
      self.shape = shape
      self.form = form
      let number = LoopFixture.numbers(-1, 1, seed: 30)
      let other = LoopFixture.numbers(-1, 1, seed: 31)
      let left = { (i: Int, k: Int) in i == 0 && k == shape.inner - 1 ? bad ?? number(i, k) : number(i, k) }
      a =
        form == .leftTransposed
        ? GuardedMatrix(rows: shape.inner, columns: shape.rows) { left($1, $0) }
        : GuardedMatrix(rows: shape.rows, columns: shape.inner) { left($0, $1) }
      b =
        form == .rightTransposed
        ? GuardedMatrix(rows: shape.columns, columns: shape.inner, gap: 2) { other($1, $0) }
        : GuardedMatrix(rows: shape.inner, columns: shape.columns, gap: 2) { other($0, $1) }
    }

    func left(_ i: Int, _ k: Int) -> Double {
      Double(form == .leftTransposed ? a.matrix[k, i] : a.matrix[i, k])
    }

    func right(_ k: Int, _ j: Int) -> Double {
      Double(form == .rightTransposed ? b.matrix[j, k] : b.matrix[k, j])
    }

    /// Rows and columns of the product, into the same rows and columns of `c`.
    func multiply(
      _ copy: VectorMath, rows: Range<Int>, columns: Range<Int>, into c: Matrix, accumulating: Bool = false
    ) {
      let c = c.rows(rows).columns(columns)
      let (a, b) = (a.matrix, b.matrix)
      switch form {
      case .plain: copy.multiply(a.rows(rows), b.columns(columns), into: c, accumulating: accumulating)
      case .rightTransposed:
        copy.multiply(a.rows(rows), transposed: b.rows(columns), into: c, accumulating: accumulating)
      case .leftTransposed:
        copy.multiply(transposed: a.columns(rows), b.columns(columns), into: c, accumulating: accumulating)
      }
    }
  }

  @Test(arguments: Form.allCases, shapes)
  func agreesWithSumsInDouble(form: Form, shape: Shape) {
    let operands = Operands(shape, form)
    for copy in VectorMath.supported {
      for start in [nil, 3] as [Float?] {
        let c = GuardedMatrix(rows: shape.rows, columns: shape.columns, gap: 5) { _, _ in start ?? .nan }
        operands.multiply(
          copy, rows: 0..<shape.rows, columns: 0..<shape.columns, into: c.matrix, accumulating: start != nil)
        #expect(c.isIntactAround)
        for i in 0..<shape.rows {
          for j in 0..<shape.columns {
            let products = (0..<shape.inner).map { operands.left(i, $0) * operands.right($0, j) }
            let exact = products.reduce(Double(start ?? 0), +)
            let scale = products.reduce(Double(start ?? 0)) { $0 + abs($1) }
            let error = abs(Double(c.matrix[i, j]) - exact)
            if !(error <= Self.tolerance(shape.inner) * scale) {
              Issue.record("\(copy.instructionSet) at \(i), \(j): \(c.matrix[i, j]), not \(exact)")
            }
          }
        }
      }
      #expect(operands.a.isIntactAround && operands.b.isIntactAround)
    }
  }

  /// Wherever a product is cut, in rows or in columns, every element has the same bits: what makes training independent
  /// of the number of threads. Narrow products are never cut in columns.
  @Test(arguments: Form.allCases, shapes)
  func partsHaveTheSameBits(form: Form, shape: Shape) {
    let operands = Operands(shape, form)
    for copy in VectorMath.supported {
      let whole = GuardedMatrix(rows: shape.rows, columns: shape.columns) { _, _ in .nan }
      operands.multiply(copy, rows: 0..<shape.rows, columns: 0..<shape.columns, into: whole.matrix)
      for cut in 1..<max(shape.rows, 2) where cut < shape.rows {
        let parts = GuardedMatrix(rows: shape.rows, columns: shape.columns) { _, _ in .nan }
        operands.multiply(copy, rows: 0..<cut, columns: 0..<shape.columns, into: parts.matrix)
        operands.multiply(copy, rows: cut..<shape.rows, columns: 0..<shape.columns, into: parts.matrix)
        #expect(parts.matrix.copyElements() == whole.matrix.copyElements(), "\(copy.instructionSet), row \(cut)")
      }
      for cut in stride(from: 16, to: shape.columns - 8, by: 16) {
        let parts = GuardedMatrix(rows: shape.rows, columns: shape.columns) { _, _ in .nan }
        operands.multiply(copy, rows: 0..<shape.rows, columns: 0..<cut, into: parts.matrix)
        operands.multiply(copy, rows: 0..<shape.rows, columns: cut..<shape.columns, into: parts.matrix)
        #expect(parts.matrix.copyElements() == whole.matrix.copyElements(), "\(copy.instructionSet), column \(cut)")
      }
    }
  }

  /// NaN and infinities go where arithmetic takes them: to one row.
  @Test(arguments: Form.allCases, [Float.nan, .infinity])
  func badNumbersStayInTheirRow(form: Form, bad: Float) {
    for columns in [2, 20] {
      let shape = Shape(rows: 9, columns: columns, inner: 21)
      let operands = Operands(shape, form, bad: bad)
      for copy in VectorMath.supported {
        let c = GuardedMatrix(rows: 9, columns: columns) { _, _ in 0 }
        operands.multiply(copy, rows: 0..<9, columns: 0..<columns, into: c.matrix)
        for i in 0..<9 {
          #expect(c.row(i).allSatisfy { $0.isFinite == (i > 0) }, "\(copy.instructionSet), row \(i)")
        }
      }
    }
  }

  /// Without rows or columns nothing is read or written.
  @Test(arguments: Form.allCases) func nothing(form: Form) {
    for shape in [Shape(rows: 0, columns: 20, inner: 5), Shape(rows: 5, columns: 0, inner: 5)] {
      let operands = Operands(shape, form)
      for copy in VectorMath.supported {
        let c = GuardedMatrix(rows: shape.rows, columns: shape.columns) { _, _ in 7 }
        operands.multiply(copy, rows: 0..<shape.rows, columns: 0..<shape.columns, into: c.matrix)
        #expect(c.isIntactAround)
      }
    }
  }

  /// A sum of no products is 0, or what was there.
  @Test(arguments: Form.allCases) func anEmptyInnerIndex(form: Form) {
    for columns in [1, 20] {
      let operands = Operands(Shape(rows: 3, columns: columns, inner: 0), form)
      for copy in VectorMath.supported {
        let c = GuardedMatrix(rows: 3, columns: columns) { _, _ in 7 }
        operands.multiply(copy, rows: 0..<3, columns: 0..<columns, into: c.matrix, accumulating: true)
        #expect(c.matrix.copyElements().allSatisfy { $0 == 7 })
        operands.multiply(copy, rows: 0..<3, columns: 0..<columns, into: c.matrix)
        #expect(c.matrix.copyElements().allSatisfy { $0 == 0 })
      }
    }
  }
}
