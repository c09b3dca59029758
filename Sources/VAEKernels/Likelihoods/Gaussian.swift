import CStandardLibrary

/// Independent Gaussian pixels of one fixed variance σ².
///
///     −log p(x|z) = Σ over j of (x − m)² / (2σ²) + ½ D log(2πσ²)                nats an example;  m, x [B, D]
///     dm = (m − x) / σ²
///
/// the gradient times `scale`, which carries the 1/B of the average.
///
/// σ² = ½ is the plain sum of squared errors: the loss is Σ (x − m)² + ½ D log π, a constant apart from it, and the
/// gradient is exactly its gradient, 2 (m − x).
public struct Gaussian: Likelihood {
  /// "gaussian".
  public static let name = "gaussian"

  /// σ².
  public let variance: Float

  /// The member with this variance.
  public init(variance: Float) {
    self.variance = variance
  }

  /// "gaussian", the plain sum of squared errors, or "gaussian 0.1", of a variance.
  public init(_ settings: inout Settings) throws {
    variance = try settings.number(
      "a variance, \(Self.possibleVariances.lowerBound) to \(Self.possibleVariances.upperBound)", otherwise: 0.5,
      where: Self.isPossible)
  }

  /// The variances for which both σ² and 1/σ² are positive numbers with all their digits.
  public static let possibleVariances = Float.leastNormalMagnitude...1 / Float.leastNormalMagnitude

  /// Whether σ² is one of those.
  public static func isPossible(variance: Float) -> Bool { possibleVariances.contains(variance) }

  /// σ².
  public var settings: [String] { ["\(variance)"] }

  /// The loss of each example.
  public func forward(output mean: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix) {
    VectorMath.active.squaredError(
      mean: mean, observed.target, weight: 1 / variance, scale: 0, lossInto: loss, gradientInto: nil)
    addNormalizer(to: loss, count: observed.target.columns)
  }

  /// Loss and gradient in one pass: dm ← scale (m − x) / σ².
  public func forwardAndBackward(
    output mean: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dMean: Matrix, _ dParameters: Matrix
  ) {
    VectorMath.active.squaredError(
      mean: mean, observed.target, weight: 1 / variance, scale: scale, lossInto: loss, gradientInto: dMean)
    addNormalizer(to: loss, count: observed.target.columns)
  }

  private func addNormalizer(to loss: Matrix, count: Int) {
    let normalizer = Float(0.5 * Double(count) * log(2 * Double.pi * Double(variance)))
    for column in 0..<loss.columns { loss.base[column] += normalizer }
  }

  /// The output itself.
  public var meanLink: MeanLink? { .identity }

  /// The output itself.
  public func mean(inPlace output: Matrix, parameters: Matrix) {}

  /// m + σ ε.
  public func draw(
    inPlace mean: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>
  ) {
    addNoise(to: mean, stream, examples: examples) { _, _ in variance.squareRoot() }
  }

  /// The mean.
  public func initialOutput(mean: [Float], variance: [Float]) -> [Float] { mean }
}

extension Likelihood where Self == Gaussian {
  /// Independent Gaussian pixels of one fixed variance; the decoder's outputs are means.
  public static func gaussian(variance: Float) -> Gaussian { Gaussian(variance: variance) }
}
