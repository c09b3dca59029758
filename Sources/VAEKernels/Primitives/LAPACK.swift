import COpenBLAS

/// Decompositions of symmetric matrices by LAPACK, in double precision: the one place that sees it.
///
/// A matrix is an array of n × n numbers, row after row. These are for what is done once for a data set; nothing in a
/// training step is here.
public enum LAPACK {
  /// The lower triangular C with C·Cᵀ = A, and zeros above. Source: LAPACK's dpotrf.
  ///
  /// Throws `LAPACKError.notPositiveDefinite`.
  public static func cholesky(_ matrix: [Double], order: Int) throws -> [Double] {
    check(matrix, order)
    var factor = matrix
    // A matrix is column-major to LAPACK: its upper triangle is the lower one here.
    let info = lapack_dpotrf(letter("U"), Int32(order), &factor)
    guard info == 0 else { throw LAPACKError.notPositiveDefinite(leadingMinor: Int(info)) }
    for row in 0..<order {
      for column in row + 1..<max(order, row + 1) { factor[row * order + column] = 0 }
    }
    return factor
  }

  /// x with A·x = b, given the Cholesky factor of A. Source: LAPACK's dpotrs.
  public static func solve(cholesky factor: [Double], order: Int, _ b: [Double]) -> [Double] {
    check(factor, order)
    precondition(b.count == order, "\(b.count) right-hand sides for a matrix of \(order) × \(order)")
    var x = b
    let info = lapack_dpotrs(letter("U"), Int32(order), 1, factor, &x)
    precondition(info == 0, "dpotrs: argument \(-info)")
    return x
  }

  /// The eigenvalues of a symmetric matrix, the largest first, and with them the eigenvectors, one in each row of
  /// `vectors`. Source: LAPACK's dsyevd.
  ///
  /// Throws `LAPACKError.noConvergence`, as for a matrix that has a NaN in it.
  public static func eigen(ofSymmetric matrix: [Double], order: Int) throws -> (values: [Double], vectors: [Double]) {
    check(matrix, order)
    guard matrix.allSatisfy(\.isFinite) else { throw LAPACKError.noConvergence }
    var vectors = matrix
    var values = [Double](repeating: 0, count: order)
    // As much as its documentation asks for. A column of the result is a row here.
    var work = [Double](repeating: 0, count: 1 + 6 * order + 2 * order * order)
    var integers = [Int32](repeating: 0, count: 3 + 5 * order)
    let info = lapack_dsyevd(
      letter("V"), letter("U"), Int32(order), &vectors, &values, &work, Int32(work.count), &integers,
      Int32(integers.count))
    guard info == 0 else { throw LAPACKError.noConvergence }
    let descending = (0..<order).reversed().flatMap { vectors[$0 * order..<($0 + 1) * order] }
    return (values.reversed(), descending)
  }

  private static func letter(_ letter: Unicode.Scalar) -> CChar { CChar(letter.value) }

  private static func check(_ matrix: [Double], _ order: Int) {
    precondition(order > 0 && matrix.count == order * order, "\(matrix.count) numbers for \(order) × \(order)")
  }
}

/// Why a matrix has no such decomposition.
public enum LAPACKError: Error, Equatable, CustomStringConvertible {
  /// A leading minor is not positive.
  case notPositiveDefinite(leadingMinor: Int)
  /// The eigenvalues did not converge.
  case noConvergence

  /// One line, for a person.
  public var description: String {
    switch self {
    case .notPositiveDefinite(let minor):
      "matrix: expected a positive definite one, found one whose leading minor of order \(minor) is not positive"
    case .noConvergence: "matrix: expected one with eigenvalues, found one for which they did not converge"
    }
  }
}
