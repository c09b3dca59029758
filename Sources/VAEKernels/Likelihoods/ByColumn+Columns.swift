import CStandardLibrary

/// One column at a time: what makes a row strange, and what no column of its family can have.
extension ByColumn {
  /// −log p of every column of each row in nats, into `losses` [B, `columnCount`]; 0 where x is missing. A row's sum is its
  /// loss.
  ///
  /// In double precision and plain loops: for explanations, not for training.
  public func columnLosses(output: Matrix, parameters: Matrix, _ observed: Observation, into losses: Matrix) {
    precondition(
      output.columns == featureCount && losses.rows == output.rows && losses.columns == columnCount,
      "outputs \(output.shapeDescription), losses \(losses.shapeDescription) of \(columnCount) columns")
    let logVariances = logVariances(parameters)
    for row in 0..<output.rows {
      let a = output.base + row * output.stride
      let x = observed.target.base + row * observed.target.stride
      let mask = observed.mask.map { $0.base + row * $0.stride }
      for run in runs {
        let width = run.family.width
        for column in run.columns {
          let place = column - run.columns.lowerBound
          let feature = run.features.lowerBound + place * width
          let isKnown = mask.map { $0[feature] != 0 } ?? true
          losses.base[row * losses.stride + column] =
            isKnown
            ? Float(
              run.family.loss(
                a + feature, x + feature,
                logVariance: run.family == .gaussian ? logVariances[run.firstGaussian + place] : 0))
            : 0
        }
      }
    }
  }

  /// For each feature the standard deviation of its column, where that is a Gaussian one; 0 for others.
  public func deviations(_ parameters: Matrix) -> [Float] {
    let logVariances = logVariances(parameters)
    var deviations = [Float](repeating: 0, count: featureCount)
    for run in runs where run.family == .gaussian {
      for (place, feature) in run.features.enumerated() {
        deviations[feature] = Float(exp(logVariances[run.firstGaussian + place] / 2))
      }
    }
    return deviations
  }

  /// The first column of a row [D] that has, where `mask` is not 0, what no column of its family can have, with its first
  /// feature and what was expected there; nil where there is none.
  ///
  /// A row with one has no finite loss, or one that is no −log p of anything.
  public func misfit(
    in row: UnsafeBufferPointer<Float>, mask: UnsafeBufferPointer<Float>? = nil
  ) -> (column: Int, feature: Int, expected: String)? {
    precondition(row.count == featureCount, "\(row.count) numbers for \(featureCount) features")
    for run in runs {
      let width = run.family.width
      for column in run.columns {
        let feature = run.features.lowerBound + (column - run.columns.lowerBound) * width
        if let mask, mask[feature] == 0 { continue }
        if !run.family.isPossible(UnsafeBufferPointer(rebasing: row[feature..<feature + width])) {
          return (column, feature, run.family.valuesInWords)
        }
      }
    }
    return nil
  }
}

extension ColumnFamily {
  /// −log p(x) of one column of one row.
  fileprivate func loss(
    _ a: UnsafePointer<Float>, _ x: UnsafePointer<Float>, logVariance: Double
  ) -> Double {
    let (output, value) = (Double(a[0]), Double(x[0]))
    switch self {
    case .gaussian:
      let deviation = value - output
      return 0.5 * (log(2 * .pi) + logVariance + deviation * deviation * exp(-logVariance))
    case .bernoulli:
      return max(output, 0) - output * value + log1p(exp(-abs(output)))
    case .poisson:
      guard value >= 0, value == value.rounded() else { return .nan }
      return exp(output) - value * output + lgamma(value + 1).0
    case .categorical(let levels):
      var largest = -Double.infinity
      for level in 0..<levels { largest = max(largest, Double(a[level])) }
      var total = 0.0
      for level in 0..<levels { total += exp(Double(a[level]) - largest) }
      var sum = 0.0
      for level in 0..<levels where x[level] != 0 {
        sum += Double(x[level]) * (largest - Double(a[level]) + log(total))
      }
      return sum
    }
  }
}
