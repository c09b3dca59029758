import CStandardLibrary

/// Independent Gaussian pixels of one variance exp v, which is learned: v is a parameter of the model.
///
///     −log p(x|z) = ½ exp(−v) Σ over j of (x − m)² + ½ D (v + log 2π)           nats an example;  m, x [B, D]
///     dm = (m − x) exp(−v)
///     dv = ½ D − ½ exp(−v) Σ over j of (x − m)²
///
/// both times `scale`. At its optimum exp v is the mean squared error, so that how much the reconstruction weighs
/// against the KL divergence is found rather than chosen (Lucas, Tucker, Grosse and Norouzi 2019, section 4.2). With
/// linear networks the whole model is probabilistic principal component analysis.
public struct LearnedGaussian: Likelihood {
  /// "gaussian-learned".
  public static let name = "gaussian-learned"

  /// The one member of the family.
  public init() {}
  /// No words.
  public init(_ settings: inout Settings) {}

  /// v.
  public func parameters(features: Int) -> [(name: String, count: Int)] { [("log_variance", 1)] }

  /// It does.
  public var startsFromVariance: Bool { true }

  /// The loss of each example.
  public func forward(output mean: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix) {
    let logVariance = parameters.base[0]
    VectorMath.active.squaredError(
      mean: mean, observed.target, weight: exp(-logVariance), scale: 0, lossInto: loss, gradientInto: nil)
    addNormalizer(to: loss, count: observed.target.columns, logVariance)
  }

  /// Loss and both gradients in one pass.
  public func forwardAndBackward(
    output mean: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dMean: Matrix, _ dParameters: Matrix
  ) {
    let logVariance = parameters.base[0]
    VectorMath.active.squaredError(
      mean: mean, observed.target, weight: exp(-logVariance), scale: scale, lossInto: loss, gradientInto: dMean)
    let x = observed.target
    for row in 0..<x.rows {
      dParameters.base[row * dParameters.stride] = scale * (0.5 * Float(x.columns) - loss.base[row])
    }
    addNormalizer(to: loss, count: x.columns, logVariance)
  }

  private func addNormalizer(to loss: Matrix, count: Int, _ logVariance: Float) {
    let normalizer = Float(0.5 * Double(count) * (Double(logVariance) + log(2 * Double.pi)))
    for column in 0..<loss.columns { loss.base[column] += normalizer }
  }

  /// The output itself.
  public var meanLink: MeanLink? { .identity }

  /// The output itself.
  public func mean(inPlace output: Matrix, parameters: Matrix) {}

  /// m + exp(v/2) ε.
  public func draw(
    inPlace mean: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>
  ) {
    let deviation = exp(parameters.base[0] / 2)
    addNoise(to: mean, stream, examples: examples) { _, _ in deviation }
  }

  /// The mean.
  public func initialOutput(mean: [Float], variance: [Float]) -> [Float] { mean }

  /// The logarithm of the features' mean variance, the optimum of a decoder that knows nothing of the latent.
  public func initialParameters(mean: [Float], variance: [Float]) -> [Float] {
    let average = variance.reduce(0) { $0 + Double($1) } / Double(max(variance.count, 1))
    return [Float(log(max(average, 1e-6)))]
  }
}

extension Likelihood where Self == LearnedGaussian {
  /// Independent Gaussian pixels of one variance, which is learned.
  public static var learnedGaussian: LearnedGaussian { LearnedGaussian() }
}
