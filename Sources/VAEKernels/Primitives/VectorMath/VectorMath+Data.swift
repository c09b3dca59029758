import CVectorMath

/// Pixels, and rows of a minibatch.
extension VectorMath {
  /// Each row times offset + slope · its weight, in place; `weights` [1, rows].
  package func scaleRows(_ x: Matrix, by weights: Matrix, slope: Float = 1, offset: Float = 0) {
    checkLosses(weights, rows: x.rows)
    table.pointee.scale_rows(x.base, x.stride, weights.base, slope, offset, x.rows, x.columns)
  }

  /// Asks for memory that will be read soon, so that it comes while something else is done.
  public func prefetch<Number>(_ numbers: UnsafePointer<Number>, count: Int) {
    vm_prefetch(numbers, count * MemoryLayout<Number>.stride)
  }

  /// x ← y + scale x.
  package func addScaled(_ x: Matrix, scale: Float, to y: Matrix) {
    checkSameShape(x, y)
    table.pointee.add_scaled(x.base, x.stride, y.base, y.stride, scale, x.rows, x.columns)
  }

  /// x ← y where x ≥ threshold, else 0.
  package func keep(_ y: Matrix, where x: Matrix, isAtLeast threshold: Float) {
    checkSameShape(x, y)
    table.pointee.keep_above(x.base, x.stride, y.base, y.stride, threshold, x.rows, x.columns)
  }

  /// out = byte / 255, correctly rounded.
  public func floats(from bytes: UnsafePointer<UInt8>, count: Int, into out: UnsafeMutablePointer<Float>) {
    table.pointee.bytes_to_floats(bytes, out, count)
  }

  /// out = 1 where byte ≥ threshold, else 0.
  public func threshold(
    _ bytes: UnsafePointer<UInt8>, at threshold: UInt8, count: Int, into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.threshold_bytes(bytes, threshold, out, count)
  }

  /// out = 1 where x ≥ threshold, else 0.
  public func threshold(
    _ x: UnsafePointer<Float>, at threshold: Float, count: Int, into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.threshold_floats(x, threshold, out, count)
  }
}
