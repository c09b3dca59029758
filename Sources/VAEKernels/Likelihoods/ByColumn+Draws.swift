import CStandardLibrary

/// Means and draws, both a feature each: a categorical column's are its levels' probabilities, and a one among zeros.
extension ByColumn {
  /// Means, probabilities and rates.
  public func mean(inPlace output: Matrix, parameters: Matrix) {
    for run in runs {
      let a = output.columns(run.features)
      switch run.family {
      case .gaussian: break
      case .bernoulli: VectorMath.active.addBiasAndActivate(a, bias: nil, .sigmoid)
      case .poisson:
        for row in 0..<a.rows {
          let rates = a.base + row * a.stride
          for column in 0..<a.columns { rates[column] = exp(rates[column]) }
        }
      case .categorical(let levels):
        for row in 0..<a.rows {
          for first in stride(from: 0, to: a.columns, by: levels) {
            let weights = a.base + row * a.stride + first
            let total = Self.exponentiate(weights, count: levels)
            for level in 0..<levels { weights[level] /= total }
          }
        }
      }
    }
  }

  /// The families, which say what `mean` does to each column.
  public var meanLink: MeanLink? { .byColumn(families) }

  /// A number of each column, independent of the others.
  ///
  /// One after the other from an example's numbers: how many of them a count takes depends on its rate.
  public func draw(
    inPlace output: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>
  ) {
    let deviations = logVariances(parameters).map { exp($0 / 2) }
    for row in 0..<output.rows {
      var numbers = RandomSequence(stream, example: examples[row])
      let values = output.base + row * output.stride
      for run in runs {
        switch run.family {
        case .gaussian:
          for (feature, column) in zip(run.features, run.gaussians) {
            values[feature] += Float(deviations[column] * numbers.normal())
          }
        case .bernoulli:
          for feature in run.features {
            values[feature] = numbers.uniform() < 1 / (1 + exp(-values[feature])) ? 1 : 0
          }
        case .poisson:
          for feature in run.features { values[feature] = Float(numbers.poisson(rate: exp(Double(values[feature])))) }
        case .categorical(let levels):
          for first in stride(from: run.features.lowerBound, to: run.features.upperBound, by: levels) {
            let weights = values + first
            let total = Self.exponentiate(weights, count: levels)
            Self.drawLevel(weights, count: levels, at: numbers.uniform() * total)
          }
        }
      }
    }
  }

  /// v of each Gaussian column.
  func logVariances(_ parameters: Matrix) -> [Double] {
    let floor = Double(Self.logVarianceFloor)
    return (0..<gaussianCount).map { column in
      let above = Double(parameters.base[column]) - floor
      return floor + max(above, 0) + log1p(exp(-abs(above)))
    }
  }

  /// Replaces logits by exp(a − max a), and returns their sum.
  private static func exponentiate(_ logits: UnsafeMutablePointer<Float>, count: Int) -> Float {
    var largest = -Float.infinity
    for level in 0..<count { largest = max(largest, logits[level]) }
    var total: Float = 0
    for level in 0..<count {
      logits[level] = exp(logits[level] - largest)
      total += logits[level]
    }
    return total
  }

  /// A one where the running sum of the weights passes `place`, and zeros.
  private static func drawLevel(_ weights: UnsafeMutablePointer<Float>, count: Int, at place: Float) {
    var left = place
    var chosen = 0
    while chosen < count - 1, left >= weights[chosen] {
      left -= weights[chosen]
      chosen += 1
    }
    weights.update(repeating: 0, count: count)
    weights[chosen] = 1
  }
}
