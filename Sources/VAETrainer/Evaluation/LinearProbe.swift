import VAEKernels

/// A linear read-out: multinomial logistic regression from a representation to the classes, to see what it is worth.
///
///     p(k|x) ∝ exp(w_k · h + b_k),   h = (features − mean) / deviation, those of the training set
///     minimise 1/N Σ −log p(label|x) + ½ λ Σ w²,   λ = 1e-4
///
/// The minimum is unique; `LBFGS` finds it. Loss and gradient are those of `Categorical` with one pixel, whose levels are
/// the classes.
public struct LinearProbe: Sendable {
  /// L.
  public let featureCount: Int
  /// The number of classes.
  public let classCount: Int
  /// W [L, classes], then b [classes].
  let parameters: [Double]
  private let mean: [Float]
  private let scale: [Float]

  /// λ.
  static let penalty = 1e-4

  /// Fitted to `features` [N, L], row after row, of examples with these labels; at least one.
  public init(features: [Float], labels: [UInt8]) {
    precondition(
      !labels.isEmpty && features.count % labels.count == 0, "\(features.count) features for \(labels.count) labels")
    let featureCount = features.count / labels.count
    let classCount = max(2, Int(labels.max()!) + 1)
    let sample = SampleCovariance(rows: features, dimension: featureCount)
    let mean = sample.mean.map { Float($0) }
    // A dimension that is not used is not blown up to the size of the others.
    let scale = (0..<featureCount).map {
      Float(1 / max(sample.covariance[$0 * (featureCount + 1)].squareRoot(), 0.01))
    }
    self.featureCount = featureCount
    self.classCount = classCount
    self.mean = mean
    self.scale = scale
    let loss = ProbeLoss(
      Self.standardized(features, mean, scale), labels: labels, featureCount: featureCount, classCount: classCount)
    parameters = LBFGS.minimum(
      from: [Double](repeating: 0, count: (featureCount + 1) * classCount), loss.valueAndGradient)
  }

  /// The share of examples whose likeliest class is their label.
  public func accuracy(features: [Float], labels: [UInt8]) -> Double {
    precondition(features.count == labels.count * featureCount, "\(features.count) features for \(labels.count) labels")
    let rows = Self.standardized(features, mean, scale)
    var right = 0
    for (example, label) in labels.enumerated() {
      let scores = (0..<classCount).map { k in
        (0..<featureCount).reduce(parameters[featureCount * classCount + k]) {
          $0 + parameters[$1 * classCount + k] * Double(rows[example * featureCount + $1])
        }
      }
      let best = scores.indices.max { scores[$0] < scores[$1] }
      if best == Int(label) { right += 1 }
    }
    return Double(right) / Double(max(labels.count, 1))
  }

  private static func standardized(_ features: [Float], _ mean: [Float], _ scale: [Float]) -> [Float] {
    var rows = features
    let count = mean.count
    for index in rows.indices { rows[index] = (rows[index] - mean[index % count]) * scale[index % count] }
    return rows
  }
}

/// The probe's loss and its gradient, over all examples.
final class ProbeLoss {
  private let features: [Float]
  private let labels: [Float]
  private let featureCount: Int
  private let classCount: Int
  private let count: Int
  private let buffer: AlignedBuffer
  private static let blockRows = 4096

  init(_ features: [Float], labels: [UInt8], featureCount: Int, classCount: Int) {
    self.features = features
    // The level nearest to k / (classes − 1) is k.
    self.labels = labels.map { Float($0) / Float(classCount - 1) }
    self.featureCount = featureCount
    self.classCount = classCount
    count = labels.count
    buffer = AlignedBuffer(
      count: Self.blockRows * (featureCount + classCount + 2) + 2 * (featureCount + 1) * classCount + 64)
  }

  /// The objective and its gradient at `parameters`, W [L, classes] and then b.
  func valueAndGradient(_ parameters: [Double]) -> (value: Double, gradient: [Double]) {
    let weightCount = featureCount * classCount
    var room = buffer.base
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      defer { room += rows * columns }
      return Matrix(room, rows: rows, columns: columns)
    }
    let (weights, bias) = (matrix(featureCount, classCount), matrix(1, classCount))
    let (dWeights, dBias) = (matrix(featureCount, classCount), matrix(1, classCount))
    let x = matrix(Self.blockRows, featureCount)
    let (logits, levels, losses) = (
      matrix(Self.blockRows, classCount), matrix(Self.blockRows, 1), matrix(1, Self.blockRows)
    )
    weights.setElements(parameters[..<weightCount].map { Float($0) })
    bias.setElements(parameters[weightCount...].map { Float($0) })
    var value = 0.0
    var gradient = [Double](repeating: 0, count: parameters.count)
    for start in stride(from: 0, to: count, by: Self.blockRows) {
      let rows = 0..<min(Self.blockRows, count - start)
      let (x, logits, levels) = (x.rows(rows), logits.rows(rows), levels.rows(rows))
      x.setElements(Array(features[start * featureCount..<(start + rows.count) * featureCount]))
      levels.setElements(Array(labels[start..<start + rows.count]))
      MatrixProduct.multiply(x, weights, into: logits)
      VectorMath.active.addBiasAndActivate(logits, bias: bias, .identity)
      VectorMath.active.categorical(
        logits: logits, levels, levels: classCount, scale: 1 / Float(count), lossInto: losses.columns(rows),
        gradientInto: logits)
      MatrixProduct.multiply(transposed: x, logits, into: dWeights, accumulating: false)
      VectorMath.active.sumColumns(logits, into: dBias, accumulating: false)
      for row in rows { value += Double(losses.base[row]) / Double(count) }
      for index in 0..<weightCount { gradient[index] += Double(dWeights.base[index]) }
      for index in 0..<classCount { gradient[weightCount + index] += Double(dBias.base[index]) }
    }
    for index in 0..<weightCount {
      value += 0.5 * LinearProbe.penalty * parameters[index] * parameters[index]
      gradient[index] += LinearProbe.penalty * parameters[index]
    }
    return (value, gradient)
  }
}
