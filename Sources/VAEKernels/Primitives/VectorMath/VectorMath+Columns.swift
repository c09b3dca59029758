/// Losses of columns of one family, windows of a table's rows, each with its gradient; what `mask` [rows, columns] has as 0
/// is passed over.
extension VectorMath {
  /// Adds the Gaussian loss of each row in nats, and sets `scale` times its gradient with respect to the means and to `a`,
  /// where a column's log-variance is floor + softplus(a − floor), `a` [1, columns].
  package func gaussianColumns(
    mean: Matrix, a: Matrix, _ x: Matrix, mask: Matrix?, floor: Float, scale: Float,
    lossAccumulatingInto loss: Matrix, gradientInto gradient: (dMean: Matrix, dA: Matrix)?
  ) {
    checkSameShape(mean, x)
    checkVector(a, "log-variances", count: x.columns)
    checkLosses(loss, rows: x.rows)
    if let mask { checkSameShape(mask, x) }
    if let gradient {
      checkSameShape(gradient.dMean, x)
      checkSameShape(gradient.dA, x)
    }
    table.pointee.gaussian_columns(
      mean.base, mean.stride, a.base, x.base, x.stride, mask?.base, mask?.stride ?? 0, x.rows, x.columns, floor, scale,
      loss.base, gradient?.dMean.base, gradient?.dMean.stride ?? 0, gradient?.dA.base, gradient?.dA.stride ?? 0)
  }

  /// Adds the Bernoulli loss of each row in nats, and sets `scale` times its gradient with respect to the logits.
  package func bernoulliColumns(
    logits: Matrix, _ x: Matrix, mask: Matrix?, scale: Float, lossAccumulatingInto loss: Matrix,
    gradientInto dLogits: Matrix?
  ) {
    checkColumns(logits, x, mask, loss, dLogits)
    table.pointee.bernoulli_columns(
      logits.base, logits.stride, x.base, x.stride, mask?.base, mask?.stride ?? 0, x.rows, x.columns, scale, loss.base,
      dLogits?.base, dLogits?.stride ?? 0)
  }

  /// Adds the Poisson loss of each row in nats, and sets `scale` times its gradient with respect to the log-rates.
  package func poissonColumns(
    logRates: Matrix, _ x: Matrix, mask: Matrix?, scale: Float, lossAccumulatingInto loss: Matrix,
    gradientInto dLogRates: Matrix?
  ) {
    checkColumns(logRates, x, mask, loss, dLogRates)
    table.pointee.poisson_columns(
      logRates.base, logRates.stride, x.base, x.stride, mask?.base, mask?.stride ?? 0, x.rows, x.columns, scale,
      loss.base, dLogRates?.base, dLogRates?.stride ?? 0)
  }

  /// Adds the cross-entropy of each row in nats, and sets `scale` times its gradient with respect to the logits: of every
  /// `levels` features that make a column.
  package func softmaxColumns(
    logits: Matrix, _ x: Matrix, mask: Matrix?, levels: Int, scale: Float, lossAccumulatingInto loss: Matrix,
    gradientInto dLogits: Matrix?
  ) {
    checkColumns(logits, x, mask, loss, dLogits)
    precondition(x.columns % levels == 0, "columns of \(levels) levels in \(x.shapeDescription)")
    table.pointee.softmax_columns(
      logits.base, logits.stride, x.base, x.stride, mask?.base, mask?.stride ?? 0, x.rows, x.columns / levels, levels,
      scale, loss.base, dLogits?.base, dLogits?.stride ?? 0)
  }

  private func checkColumns(_ output: Matrix, _ x: Matrix, _ mask: Matrix?, _ loss: Matrix, _ dOutput: Matrix?) {
    checkSameShape(output, x)
    checkLosses(loss, rows: x.rows)
    if let mask { checkSameShape(mask, x) }
    if let dOutput { checkSameShape(dOutput, x) }
  }
}
