import CStandardLibrary

/// Independent Bernoulli pixels, from logits: the binary cross-entropy.
///
///     −log p(x|z) = Σ over j of (max(a, 0) − a x + log1p(exp(−|a|)))            nats an example;  a, x [B, D]
///
/// where a is the logit and sigmoid(a) the probability. The derivative of that sum is
///
///     da = sigmoid(a) − x
///
/// times `scale`, which carries the 1/B of the average. The sigmoid and the logarithm are never taken apart: log of a
/// sigmoid that rounded to 0 or 1 would be infinite where the sum above is exact. Pixels may be grey, x in [0, 1]:
/// then this is a cross-entropy but no longer the probability of anything.
public struct Bernoulli: Likelihood {
  /// "bernoulli".
  public static let name = "bernoulli"

  /// The one member of the family.
  public init() {}
  /// No words.
  public init(_ settings: inout Settings) {}

  /// 0 to 1.
  public var domain: ClosedRange<Float> { 0...1 }
  /// A probability, where pixels are black or white.
  public var isDiscrete: Bool { true }

  /// The loss of each example.
  public func forward(output logits: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix) {
    VectorMath.active.bernoulli(logits: logits, observed.target, scale: 0, lossInto: loss, gradientInto: nil)
  }

  /// Loss and gradient in one pass: da ← scale (sigmoid(a) − x).
  public func forwardAndBackward(
    output logits: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dLogits: Matrix, _ dParameters: Matrix
  ) {
    VectorMath.active.bernoulli(logits: logits, observed.target, scale: scale, lossInto: loss, gradientInto: dLogits)
  }

  /// sigmoid(a).
  public var meanLink: MeanLink? { .sigmoid }

  /// sigmoid(a).
  public func mean(inPlace logits: Matrix, parameters: Matrix) {
    VectorMath.active.addBiasAndActivate(logits, bias: nil, .sigmoid)
  }

  /// 1 with probability sigmoid(a), else 0.
  public func draw(
    inPlace logits: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>
  ) {
    mean(inPlace: logits, parameters: parameters)
    for row in 0..<logits.rows {
      let probabilities = logits.base + row * logits.stride
      VectorMath.active.drawBernoulli(
        probabilities, count: logits.columns, stream, example: examples[row], into: probabilities)
    }
  }

  /// The logit of the mean, which is kept within [0.001, 0.999] first: a pixel that is always 0 has no finite logit.
  public func initialOutput(mean: [Float], variance: [Float]) -> [Float] {
    mean.map {
      let probability = min(max($0, 0.001), 0.999)
      return log(probability / (1 - probability))
    }
  }
}

extension Likelihood where Self == Bernoulli {
  /// Independent Bernoulli pixels; the decoder's outputs are logits.
  public static var bernoulli: Bernoulli { Bernoulli() }
}
