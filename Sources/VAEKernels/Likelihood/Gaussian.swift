#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Independent Gaussian pixels of one fixed variance σ².
///
///     −log p(x|z) = Σ over j of (x − m)² / (2σ²) + ½ D log(2πσ²)                nats an example;  m, x [B, D]
///     dm = (m − x) / σ²
///
/// the gradient times `scale`, which carries the 1/B of the average.
///
/// σ² = ½ is the plain sum of squared errors: the loss is Σ (x − m)² + ½ D log π, a constant apart from it, and the
/// gradient is exactly its gradient, 2 (m − x).
public enum Gaussian {
  /// The loss of each example, into `loss` [1, B].
  public static func forward(mean: Matrix, _ x: Matrix, variance: Float, lossInto loss: Matrix) {
    VectorMath.active.squaredError(
      mean: mean, x, weight: 1 / variance, scale: 0, lossInto: loss, gradientInto: nil)
    addNormalizer(to: loss, count: x.columns, variance)
  }

  /// Loss and gradient in one pass: dm ← scale (m − x) / σ², which may take the place of the means.
  public static func forwardAndBackward(
    mean: Matrix, _ x: Matrix, variance: Float, scale: Float, lossInto loss: Matrix, gradientInto dMean: Matrix
  ) {
    VectorMath.active.squaredError(
      mean: mean, x, weight: 1 / variance, scale: scale, lossInto: loss, gradientInto: dMean)
    addNormalizer(to: loss, count: x.columns, variance)
  }

  private static func addNormalizer(to loss: Matrix, count: Int, _ variance: Float) {
    let normalizer = Float(0.5 * Double(count) * log(2 * Double.pi * Double(variance)))
    for column in 0..<loss.columns { loss.base[column] += normalizer }
  }
}
