/// Losses of rows, each with its gradient.
extension VectorMath {
  /// Bernoulli loss of each row in nats, and `scale` times its gradient with respect to the logits.
  public func bernoulli(
    logits: Matrix, _ x: Matrix, scale: Float, lossInto loss: Matrix, gradientInto dLogits: Matrix?
  ) {
    checkSameShape(logits, x)
    checkLosses(loss, rows: x.rows)
    if let dLogits { checkSameShape(dLogits, x) }
    table.pointee.bernoulli(
      logits.base, logits.stride, x.base, x.stride, x.rows, x.columns, scale, loss.base, dLogits?.base,
      dLogits?.stride ?? 0)
  }

  /// `weight` times half the squared error of each row, and `scale` times its gradient with respect to the mean.
  public func squaredError(
    mean: Matrix, _ x: Matrix, weight: Float, scale: Float, lossInto loss: Matrix, gradientInto dMean: Matrix?
  ) {
    checkSameShape(mean, x)
    checkLosses(loss, rows: x.rows)
    if let dMean { checkSameShape(dMean, x) }
    table.pointee.squared_error(
      mean.base, mean.stride, x.base, x.stride, x.rows, x.columns, weight, scale, loss.base, dMean?.base,
      dMean?.stride ?? 0)
  }

  /// Gaussian loss of each row in nats, and `scale` times its gradient with respect to the means and to a, where the
  /// log-variance is floor + softplus(a − floor).
  package func gaussian(
    mean: Matrix, a: Matrix, _ x: Matrix, floor: Float, scale: Float, lossInto loss: Matrix,
    gradientInto gradient: (dMean: Matrix, dA: Matrix)?
  ) {
    checkHalves(mean, a)
    checkSameShape(mean, x)
    checkLosses(loss, rows: x.rows)
    if let gradient {
      checkHalves(gradient.dMean, gradient.dA)
      checkSameShape(gradient.dMean, x)
    }
    table.pointee.gaussian(
      mean.base, a.base, mean.stride, x.base, x.stride, x.rows, x.columns, floor, scale, loss.base,
      gradient?.dMean.base, gradient?.dA.base, gradient?.dMean.stride ?? 0)
  }

  /// Categorical loss of each row in nats, and `scale` times its gradient with respect to the logits; the logits of level
  /// k are columns k·D..<(k+1)·D.
  package func categorical(
    logits: Matrix, _ x: Matrix, levels: Int, scale: Float, lossInto loss: Matrix, gradientInto dLogits: Matrix?
  ) {
    precondition(
      logits.rows == x.rows && logits.columns == levels * x.columns,
      "logits \(logits.shapeDescription) of \(levels) levels of pixels \(x.shapeDescription)")
    checkLosses(loss, rows: x.rows)
    if let dLogits { checkSameShape(dLogits, logits) }
    table.pointee.categorical(
      logits.base, logits.stride, x.base, x.stride, x.rows, x.columns, Int32(levels), scale, loss.base, dLogits?.base,
      dLogits?.stride ?? 0)
  }
}
