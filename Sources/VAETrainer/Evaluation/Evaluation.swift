/// Figures of a model on a data set, in nats per example.
public struct Evaluation: Sendable, Hashable {
  /// −log p(x|z), one draw of z an example.
  public var reconstruction: Double
  /// KL(q(z|x) ‖ p(z)).
  public var kl: Double

  /// Their sum: an upper bound, in expectation, on −log p(x).
  public var negativeELBO: Double { reconstruction + kl }
}
