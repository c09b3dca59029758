/// Products of matrices.
extension VectorMath {
  /// C ← A·B, or C += A·B where `accumulating`.
  public func multiply(_ a: Matrix, _ b: Matrix, into c: Matrix, accumulating: Bool = false) {
    checkProduct(a.rows, a.columns, b.rows, b.columns, c)
    table.pointee.multiply(
      c.rows, c.columns, a.columns, a.base, a.stride, b.base, b.stride, c.base, c.stride, accumulating)
  }

  /// C ← A·Bᵀ, or C += A·Bᵀ where `accumulating`.
  public func multiply(_ a: Matrix, transposed b: Matrix, into c: Matrix, accumulating: Bool = false) {
    checkProduct(a.rows, a.columns, b.columns, b.rows, c)
    table.pointee.multiply_by_transposed(
      c.rows, c.columns, a.columns, a.base, a.stride, b.base, b.stride, c.base, c.stride, accumulating)
  }

  /// C ← Aᵀ·B, or C += Aᵀ·B where `accumulating`.
  public func multiply(transposed a: Matrix, _ b: Matrix, into c: Matrix, accumulating: Bool = false) {
    checkProduct(a.columns, a.rows, b.rows, b.columns, c)
    table.pointee.multiply_transposed(
      c.rows, c.columns, a.rows, a.base, a.stride, b.base, b.stride, c.base, c.stride, accumulating)
  }
}
