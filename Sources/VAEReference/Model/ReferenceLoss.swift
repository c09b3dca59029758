/// The parts of a model's loss, in nats per example, averaged over a batch.
public struct ReferenceLoss: Sendable, Equatable {
  /// −log p(x | z).
  public var reconstructionLoss: Double
  /// KL(q(z | x) ‖ p(z)).
  public var klDivergence: Double
  /// β, the weight of the KL divergence in the objective.
  public var klWeight: Double

  /// A loss of the given parts.
  public init(reconstructionLoss: Double, klDivergence: Double, klWeight: Double) {
    self.reconstructionLoss = reconstructionLoss
    self.klDivergence = klDivergence
    self.klWeight = klWeight
  }

  /// The bound on −log p(x): reconstruction + KL, whatever β is.
  public var negativeELBO: Double { reconstructionLoss + klDivergence }

  /// What is minimised: reconstruction + β KL.
  public var objective: Double { reconstructionLoss + klWeight * klDivergence }
}
