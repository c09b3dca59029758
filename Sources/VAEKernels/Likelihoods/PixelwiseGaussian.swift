import CStandardLibrary

/// Independent Gaussian pixels, the decoder putting out the mean m and, through a, the log-variance v of each.
///
///     v = v₀ + log(1 + exp(a − v₀))
///     −log p(x|z) = ½ Σ over j of (log 2π + v + (x − m)² exp(−v))               nats an example;  m, a, x [B, D]
///     dm = (m − x) exp(−v)
///     da = ½ (1 − (x − m)² exp(−v)) sigmoid(a − v₀)
///
/// both times `scale`. v₀ is a floor: where a pixel is the same in every example its variance would go to zero and the
/// density to infinity. It is 1/255 squared, a step of grey: nothing finer can be told of pixels that were stored as
/// bytes. The decoder's outputs are m, then a.
public struct PixelwiseGaussian: Likelihood {
  /// "gaussian-per-pixel".
  public static let name = "gaussian-per-pixel"
  /// v₀ = −2 log 255.
  public static let logVarianceFloor: Float = -11.0825269

  /// The one member of the family.
  public init() {}
  /// No words.
  public init(_ settings: inout Settings) {}

  /// m and a.
  public var outputs: [(name: String, perFeature: Int)] { [("output", 1), ("output_log_variance", 1)] }

  private func halves(_ output: Matrix) -> (mean: Matrix, a: Matrix) {
    let count = output.columns / 2
    return (output.columns(0..<count), output.columns(count..<2 * count))
  }

  /// It does.
  public var startsFromVariance: Bool { true }

  /// The loss of each example.
  public func forward(output: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix) {
    let (mean, a) = halves(output)
    VectorMath.active.gaussian(
      mean: mean, a: a, observed.target, floor: Self.logVarianceFloor, scale: 0, lossInto: loss, gradientInto: nil)
  }

  /// Loss and gradient in one pass.
  public func forwardAndBackward(
    output: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dOutput: Matrix, _ dParameters: Matrix
  ) {
    let (mean, a) = halves(output)
    let (dMean, dA) = halves(dOutput)
    VectorMath.active.gaussian(
      mean: mean, a: a, observed.target, floor: Self.logVarianceFloor, scale: scale, lossInto: loss,
      gradientInto: (dMean, dA))
  }

  /// The first half of the output itself.
  public var meanLink: MeanLink? { .identity }

  /// The first half of the output itself.
  public func mean(inPlace output: Matrix, parameters: Matrix) {}

  /// m + exp(v/2) ε.
  public func draw(
    inPlace output: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>
  ) {
    let (mean, a) = halves(output)
    let floor = Self.logVarianceFloor
    addNoise(to: mean, stream, examples: examples) { row, column in
      let above = a[row, column] - floor
      return exp((floor + max(above, 0) + log1p(exp(-abs(above)))) / 2)
    }
  }

  /// The mean, and the logarithm of the variance, at least 1e-3: a pixel that never changes should not start sure of it.
  public func initialOutput(mean: [Float], variance: [Float]) -> [Float] {
    mean + variance.map { log(max($0, 1e-3)) }
  }
}

extension Likelihood where Self == PixelwiseGaussian {
  /// Independent Gaussian pixels, the decoder putting out the mean and the log-variance of each.
  public static var pixelwiseGaussian: PixelwiseGaussian { PixelwiseGaussian() }
}
