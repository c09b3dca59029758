/// Layer and batch normalisation, forward and backward.
///
/// Both take the numbers x of a unit to x̂ = (x − m) r, with their mean m and r = 1/√(v + ε), v their biased variance, and
/// on to y = γ x̂ + β. Layer normalisation (Ba, Kiros and Hinton 2016) has m and v of each row, batch normalisation (Ioffe
/// and Szegedy 2015) of each column. Sums are in lanes of `Double`, so that thousands of rows cost no digits, and down a
/// column in the order of the rows: any split of the columns between threads gives the same bits.
extension VectorMath {
  // MARK: Layer normalisation

  /// Y ← γ (x − m) r + β, with the mean and deviation of each row of `x` [B, C].
  ///
  /// - Parameters:
  ///   - x: what is normalised, [B, C].
  ///   - scale: γ, [1, C].
  ///   - shift: β, [1, C].
  ///   - epsilon: ε, in the square of the unit of `x`.
  ///   - y: [B, C]; may be `x` itself.
  ///   - mean: m of each row, [1, B].
  ///   - inverseDeviation: r of each row, [1, B].
  public func layerNorm(
    _ x: Matrix, scale: Matrix, shift: Matrix, epsilon: Float, into y: Matrix, mean: Matrix, inverseDeviation: Matrix
  ) {
    checkSameShape(y, x)
    checkVector(scale, "scale", count: x.columns)
    checkVector(shift, "shift", count: x.columns)
    checkVector(mean, "mean", count: x.rows)
    checkVector(inverseDeviation, "inverse deviation", count: x.rows)
    table.pointee.layer_norm(
      x.base, x.stride, scale.base, shift.base, epsilon, y.base, y.stride, x.rows, x.columns, mean.base,
      inverseDeviation.base)
  }

  /// dX ← r (g − mean(g) − x̂ mean(g x̂)), where g = γ dY and the means are over the row.
  ///
  /// `dY`, `x` and `dX` [B, C], where `dX` may be `dY` itself; γ in `scale` [1, C]; `mean` and `inverseDeviation` [1, B]
  /// as `layerNorm` left them.
  public func layerNormGradient(
    _ dY: Matrix, x: Matrix, scale: Matrix, mean: Matrix, inverseDeviation: Matrix, into dX: Matrix
  ) {
    checkSameShape(dY, x)
    checkSameShape(dX, x)
    checkVector(scale, "scale", count: x.columns)
    checkVector(mean, "mean", count: x.rows)
    checkVector(inverseDeviation, "inverse deviation", count: x.rows)
    table.pointee.layer_norm_gradient(
      dY.base, dY.stride, x.base, x.stride, scale.base, mean.base, inverseDeviation.base, dX.base, dX.stride, x.rows,
      x.columns)
  }

  /// dγ ← Σ dY x̂ and dβ ← Σ dY over the rows, or added to what is there where `accumulating`.
  ///
  /// `dY` and `x` [B, C]; `mean` and `inverseDeviation` [1, B], of the rows; `dScale` and `dShift` [1, C].
  public func layerNormParameterGradient(
    _ dY: Matrix, x: Matrix, mean: Matrix, inverseDeviation: Matrix, dScale: Matrix, dShift: Matrix,
    accumulating: Bool = false
  ) {
    checkSameShape(dY, x)
    checkVector(mean, "mean", count: x.rows)
    checkVector(inverseDeviation, "inverse deviation", count: x.rows)
    checkVector(dScale, "dScale", count: x.columns)
    checkVector(dShift, "dShift", count: x.columns)
    table.pointee.layer_norm_parameter_gradient(
      dY.base, dY.stride, x.base, x.stride, mean.base, inverseDeviation.base, x.rows, x.columns, dScale.base,
      dShift.base, accumulating)
  }

  // MARK: Batch normalisation

  /// The mean of each column of `x` [B, C] and its biased variance, Σ (x − m)² / B, both [1, C].
  ///
  /// Two passes: the mean, then the deviations from it. With no rows both are 0.
  public func columnStatistics(_ x: Matrix, mean: Matrix, variance: Matrix) {
    checkVector(mean, "mean", count: x.columns)
    checkVector(variance, "variance", count: x.columns)
    table.pointee.column_statistics(x.base, x.stride, x.rows, x.columns, mean.base, variance.base)
  }

  /// Y ← γ (x − m) r + β, with a mean and an inverse deviation of each column.
  ///
  /// `x` and `y` [B, C], where `y` may be `x` itself; `mean`, `inverseDeviation`, γ in `scale` and β in `shift` [1, C].
  public func normalizeColumns(
    _ x: Matrix, mean: Matrix, inverseDeviation: Matrix, scale: Matrix, shift: Matrix, into y: Matrix
  ) {
    checkSameShape(y, x)
    checkVector(mean, "mean", count: x.columns)
    checkVector(inverseDeviation, "inverse deviation", count: x.columns)
    checkVector(scale, "scale", count: x.columns)
    checkVector(shift, "shift", count: x.columns)
    table.pointee.normalize_columns(
      x.base, x.stride, mean.base, inverseDeviation.base, scale.base, shift.base, y.base, y.stride, x.rows, x.columns)
  }

  /// dγ ← Σ dY x̂ and dβ ← Σ dY over the rows, or added to what is there where `accumulating`.
  ///
  /// `dY` and `x` [B, C]; `mean`, `inverseDeviation`, `dScale` and `dShift` [1, C].
  public func batchNormParameterGradient(
    _ dY: Matrix, x: Matrix, mean: Matrix, inverseDeviation: Matrix, dScale: Matrix, dShift: Matrix,
    accumulating: Bool = false
  ) {
    checkSameShape(dY, x)
    checkVector(mean, "mean", count: x.columns)
    checkVector(inverseDeviation, "inverse deviation", count: x.columns)
    checkVector(dScale, "dScale", count: x.columns)
    checkVector(dShift, "dShift", count: x.columns)
    table.pointee.batch_norm_parameter_gradient(
      dY.base, dY.stride, x.base, x.stride, mean.base, inverseDeviation.base, x.rows, x.columns, dScale.base,
      dShift.base, accumulating)
  }

  /// dX ← γ r (dY − dβ/N − x̂ dγ/N), for a mean and deviation that are those of the batch's own columns.
  ///
  /// `dY`, `x` and `dX` [rows, C], where `dX` may be `dY` itself; the others [1, C]. `dScale` and `dShift` are the sums over
  /// the whole batch of N = `batchSize` rows, of which these may be some; they are all of them where it is nil.
  public func batchNormGradient(
    _ dY: Matrix, x: Matrix, mean: Matrix, inverseDeviation: Matrix, scale: Matrix, dScale: Matrix, dShift: Matrix,
    batchSize: Int? = nil, into dX: Matrix
  ) {
    checkSameShape(dY, x)
    checkSameShape(dX, x)
    checkVector(mean, "mean", count: x.columns)
    checkVector(inverseDeviation, "inverse deviation", count: x.columns)
    checkVector(scale, "scale", count: x.columns)
    checkVector(dScale, "dScale", count: x.columns)
    checkVector(dShift, "dShift", count: x.columns)
    table.pointee.batch_norm_gradient(
      dY.base, dY.stride, x.base, x.stride, mean.base, inverseDeviation.base, scale.base, dScale.base, dShift.base,
      batchSize ?? x.rows, dX.base, dX.stride, x.rows, x.columns)
  }
}
