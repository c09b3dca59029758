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
public enum Bernoulli {
  /// The loss of each example, into `loss` [1, B].
  public static func forward(logits: Matrix, _ x: Matrix, lossInto loss: Matrix) {
    VectorMath.active.bernoulli(logits: logits, x, scale: 0, lossInto: loss, gradientInto: nil)
  }

  /// Loss and gradient in one pass: da ← scale (sigmoid(a) − x), which may take the place of the logits.
  public static func forwardAndBackward(
    logits: Matrix, _ x: Matrix, scale: Float, lossInto loss: Matrix, gradientInto dLogits: Matrix
  ) {
    VectorMath.active.bernoulli(logits: logits, x, scale: scale, lossInto: loss, gradientInto: dLogits)
  }
}
