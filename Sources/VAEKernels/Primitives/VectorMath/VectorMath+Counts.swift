import CVectorMath

/// Losses of rows of counts.
extension VectorMath {
  /// What a count's distribution is made of, beside x: see `vm_counts`.
  struct CountTerms {
    /// Whether the mean is the exposure times a softmax, and not times exp.
    var isSoftmax: Bool
    /// a [B, D].
    var output: Matrix
    /// log θ [B, D], or [1, D] of all rows; nil for a Poisson distribution.
    var logTheta: Matrix?
    /// b [B, D], of the same stride as a; nil where there are no zeros beside those that are counted.
    var inflation: Matrix?
  }

  /// The loss of each row in nats; and `scale` times its gradient with respect to each of the terms, and to the logarithm of
  /// the exposure [B, 1].
  func counts(
    _ terms: CountTerms, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto gradient: (output: Matrix, logTheta: Matrix?, inflation: Matrix?)?,
    logExposure dLogExposure: Matrix? = nil
  ) {
    let a = terms.output
    checkLosses(loss, rows: a.rows)
    // One after the other, and not in an array, which would be allocated.
    if let inflation = terms.inflation { checkSameShape(a, inflation) }
    if let gradient {
      checkSameShape(a, gradient.output)
      if let dTheta = gradient.logTheta { checkSameShape(a, dTheta) }
      if let dInflation = gradient.inflation { checkSameShape(a, dInflation) }
    }
    if let theta = terms.logTheta {
      precondition(
        theta.columns == a.columns && (theta.rows == a.rows || theta.rows == 1),
        "inverse dispersions \(theta.shapeDescription) for \(a.shapeDescription)")
    }
    if let inflation = terms.inflation {
      precondition(inflation.stride == a.stride, "strides \(inflation.stride) and \(a.stride)")
    }
    if let gradient, let dInflation = gradient.inflation {
      precondition(dInflation.stride == gradient.output.stride, "strides of gradients differ")
    }
    var counts = vm_counts()
    (counts.rows, counts.columns, counts.is_softmax) = (a.rows, a.columns, terms.isSoftmax)
    (counts.output, counts.output_stride) = (UnsafePointer(a.base), a.stride)
    if let theta = terms.logTheta {
      (counts.log_theta, counts.theta_stride) = (UnsafePointer(theta.base), theta.rows == 1 ? 0 : theta.stride)
    }
    if let inflation = terms.inflation { counts.inflation = UnsafePointer(inflation.base) }
    if let exposure = observed.exposure {
      precondition(exposure.rows == a.rows, "\(exposure.rows) exposures for \(a.rows) rows")
      (counts.exposure, counts.exposure_stride) = (UnsafePointer(exposure.base), exposure.stride)
    }
    if let entries = observed.entries {
      precondition(
        entries.rows == a.rows && entries.columns == a.columns,
        "\(entries.rows) × \(entries.columns) counts for \(a.shapeDescription)")
      (counts.at, counts.entries) = (UnsafePointer(entries.places), UnsafePointer(entries.values))
      (counts.starts, counts.ends, counts.step) = (
        UnsafePointer(entries.starts), UnsafePointer(entries.ends), entries.step
      )
    } else {
      checkSameShape(a, observed.target)
      (counts.x, counts.x_stride) = (UnsafePointer(observed.target.base), observed.target.stride)
    }
    counts.scale = scale
    counts.loss = loss.base
    if let gradient {
      (counts.d_output, counts.d_output_stride) = (gradient.output.base, gradient.output.stride)
      if let dTheta = gradient.logTheta {
        (counts.d_log_theta, counts.d_theta_stride) = (dTheta.base, dTheta.stride)
      }
      counts.d_inflation = gradient.inflation?.base
    }
    if let dLogExposure {
      precondition(dLogExposure.rows == a.rows, "\(dLogExposure.rows) gradients of exposures for \(a.rows) rows")
      (counts.d_log_exposure, counts.d_exposure_stride) = (dLogExposure.base, dLogExposure.stride)
    }
    withUnsafePointer(to: &counts) { table.pointee.count_losses($0) }
  }
}
