import TestSupport
import Testing
import VAEKernels

/// Decompositions, by what they are decompositions of.
@Suite struct LAPACKTests {
  /// A matrix with eigenvalues well above zero: B·Bᵀ + I.
  private func positiveDefinite(_ order: Int) -> [Double] {
    let b = normalNumbers(order * order, seed: 1).map(Double.init)
    return (0..<order * order).map { place in
      let (row, column) = (place / order, place % order)
      return (0..<order).reduce(row == column ? 1 : 0) { $0 + b[row * order + $1] * b[column * order + $1] }
    }
  }

  @Test(arguments: [1, 2, 5, 33]) func cholesky(order: Int) throws {
    let matrix = positiveDefinite(order)
    let factor = try LAPACK.cholesky(matrix, order: order)
    for row in 0..<order {
      for column in 0..<order {
        let product = (0..<order).reduce(0) { $0 + factor[row * order + $1] * factor[column * order + $1] }
        #expect(abs(product - matrix[row * order + column]) < 1e-10)
        if column > row { #expect(factor[row * order + column] == 0) }
      }
    }
    let b = normalNumbers(order, seed: 2).map(Double.init)
    let x = LAPACK.solve(cholesky: factor, order: order, b)
    for row in 0..<order {
      let product = (0..<order).reduce(0) { $0 + matrix[row * order + $1] * x[$1] }
      #expect(abs(product - b[row]) < 1e-10)
    }
  }

  @Test(arguments: [1, 2, 5, 33]) func eigenvectors(order: Int) throws {
    let matrix = positiveDefinite(order)
    let (values, vectors) = try LAPACK.eigen(ofSymmetric: matrix, order: order)
    #expect(values == values.sorted(by: >))
    for (index, value) in values.enumerated() {
      let vector = Array(vectors[index * order..<(index + 1) * order])
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
      for row in 0..<order {
        let product = (0..<order).reduce(0) { $0 + matrix[row * order + $1] * vector[$1] }
        #expect(abs(product - value * vector[row]) < 1e-10)
      }
    }
  }

  @Test func matricesWithoutThem() {
    #expect(throws: LAPACKError.notPositiveDefinite(leadingMinor: 2)) {
      try LAPACK.cholesky([1, 2, 2, 1], order: 2)
    }
    #expect(throws: LAPACKError.noConvergence) { try LAPACK.eigen(ofSymmetric: [1, .nan, .nan, 1], order: 2) }
  }
}
