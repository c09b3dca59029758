/// The forces between the points of an embedding in two dimensions, pairs x, y, and the convolution that makes those of all
/// points quick. Unchecked pointers: what they point to is laid out once by who calls. The formulas are in `loops.inc`.
extension VectorMath {
  /// Σ p_ij w_ij (y_i − y_j) of the points `rows`, w = 1/(1 + |y_i − y_j|²), by the rows of a sparse matrix p.
  package func attraction(
    _ points: UnsafePointer<Float>, starts: UnsafePointer<UInt32>, columns: UnsafePointer<UInt32>,
    _ p: UnsafePointer<Float>, rows: Range<Int>, into forces: UnsafeMutablePointer<Float>
  ) {
    table.pointee.attraction(points, starts, columns, p, rows.lowerBound, rows.upperBound, forces)
  }

  /// Σ w_ij² (y_i − y_j) of the points `rows`, over all points; returns Σ w_ij. Coordinates apart, [count] each.
  package func repulsion(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int, rows: Range<Int>,
    into forces: UnsafeMutablePointer<Float>
  ) -> Double {
    table.pointee.repulsion(x, y, count, rows.lowerBound, rows.upperBound, forces)
  }

  /// Adds points of weight 1 to the nodes around them, as far as those are in `rows`.
  package func spread(
    _ places: UnsafePointer<Float>, order: UnsafeBufferPointer<UInt32>, rows: Range<Int>,
    onto grid: UnsafeMutablePointer<Float>, stride: Int
  ) {
    guard let first = order.baseAddress else { return }
    table.pointee.spread(places, first, order.count, rows.lowerBound, rows.upperBound, grid, stride)
  }

  /// The slopes of a grid's function at some points, times `scale`; returns the sum of its values.
  package func interpolate(
    _ grid: UnsafePointer<Float>, stride: Int, _ places: UnsafePointer<Float>, order: UnsafeBufferPointer<UInt32>,
    scale: Float, slopesInto slopes: UnsafeMutablePointer<Float>
  ) -> Double {
    guard let first = order.baseAddress else { return 0 }
    return table.pointee.interpolate(grid, stride, places, first, order.count, scale, slopes)
  }

  /// A vector's width of columns of a grid, `rows` long and zero beyond, transformed.
  package func transformColumns(
    _ grid: UnsafePointer<Float>, stride: Int, rows: Int, length: Int, twiddles: UnsafePointer<Float>,
    into spectrum: UnsafeMutablePointer<Float>, stride spectrumStride: Int, work: UnsafeMutablePointer<Float>
  ) {
    table.pointee.fourier_columns(grid, stride, rows, length, twiddles, spectrum, spectrumStride, work)
  }

  /// A vector's width of rows of a spectrum convolved with a kernel whose transform is given.
  package func convolveRows(
    _ spectrum: UnsafeMutablePointer<Float>, stride: Int, columns: Int, length: Int, twiddles: UnsafePointer<Float>,
    kernel: UnsafePointer<Float>, work: UnsafeMutablePointer<Float>
  ) {
    table.pointee.convolve_rows(spectrum, stride, columns, length, twiddles, kernel, work)
  }

  /// The inverse of `transformColumns`, times the length.
  package func transformColumnsBack(
    _ spectrum: UnsafePointer<Float>, stride spectrumStride: Int, length: Int, twiddles: UnsafePointer<Float>,
    into grid: UnsafeMutablePointer<Float>, stride: Int, rows: Int, work: UnsafeMutablePointer<Float>
  ) {
    table.pointee.fourier_columns_back(spectrum, spectrumStride, length, twiddles, grid, stride, rows, work)
  }

  /// The transform of a vector's width of rows of an even kernel's spectrum, [length, width].
  package func transformKernelRows(
    _ spectrum: UnsafePointer<Float>, stride: Int, length: Int, twiddles: UnsafePointer<Float>,
    into kernel: UnsafeMutablePointer<Float>, work: UnsafeMutablePointer<Float>
  ) {
    table.pointee.kernel_rows(spectrum, stride, length, twiddles, kernel, work)
  }
}
