import CStandardLibrary
import VAEKernels

/// Objectives of several samples, and functions whose gradients the estimators of their gradients are.
extension ReferenceModel {
  /// The objective of a batch: for each example the noise ε [K][L] of its samples, for a conditional model its class,
  /// where it is not the example itself what is to be reconstructed, what of that is known, and the exposures of counts where
  /// these are not their sums; averaged over the examples.
  public func objective(
    _ objective: any Objective, _ examples: [[Double]], labels: [Int]? = nil, numbers: [[Double]]? = nil,
    targets: [[Double]]? = nil, masks: [[Double]]? = nil, exposures: [Double]? = nil, noise: [[[Double]]],
    klWeight: Double = 1, training: ReferenceTraining? = nil
  ) -> Double {
    guard let reference = objective as? any ReferenceObjective else {
      preconditionFailure("\(type(of: objective)) has no reference: let it conform to ReferenceObjective")
    }
    let heads = heads(examples, labels: labels, numbers: numbers, training: training)
    let learned = learnedExposures(examples, labels: labels, numbers: numbers, training: training)
    let samples = logWeights(
      heads, learned: learned, labels: labels, numbers: numbers, targets: targets ?? examples, masks: masks,
      exposures: exposures, noise: noise, klWeight: klWeight, training: training)
    let divergences = divergences(heads)
    let hasDensities =
      switch objective.latentTerm {
      case .sampled: true
      case .closedForm: divergences == nil
      case .penalty: false
      }
    let bounds = samples.map { reference.referenceBound($0.map { hasDensities ? $0.weight : -$0.reconstructionLoss }) }
    let ofExposures = hasDensities ? 0 : (learned ?? []).reduce(0) { $0 + $1.divergence }
    return (ofExposures - bounds.reduce(0, +)) / Double(examples.count)
      + latentTerm(objective, heads, divergences, klWeight: klWeight)
  }

  /// KL(q‖p) of each example and latent dimension, where it is an integral.
  private func divergences(_ heads: [[Double]]) -> [[Double]]? {
    guard let prior = architecture.prior as? any ReferencePrior,
      let posterior = architecture.posterior as? any ReferencePosterior
    else { return nil }
    let all = heads.compactMap {
      prior.referenceDivergence(from: posterior, head: $0) ?? posterior.referenceDivergence(to: prior, head: $0)
    }
    return all.count == heads.count ? all : nil
  }

  /// What is a function of averages over the batch: the KL term in closed form, or a sparsity penalty.
  private func latentTerm(
    _ objective: any Objective, _ heads: [[Double]], _ divergences: [[Double]]?, klWeight: Double
  ) -> Double {
    let count = Double(heads.count)
    let dimensions = 0..<architecture.latentCount
    switch objective.latentTerm {
    case .sampled: return 0
    case .penalty(let sparsity):
      let weight = Double(sparsity.weight)
      switch sparsity.penalty {
      case .none: return 0
      case .l1: return weight * heads.reduce(0) { $0 + $1.reduce(0) { $0 + abs($1) } } / count
      case .kl:
        let target = Double(sparsity.target)
        return weight
          * dimensions.reduce(0) { sum, dimension in
            let mean = heads.reduce(0) { $0 + $1[dimension] } / count
            return sum + target * log(target / mean) + (1 - target) * log((1 - target) / (1 - mean))
          }
      }
    case .closedForm(let constraint):
      guard let divergences else { return 0 }
      let perDimension = dimensions.map { dimension in divergences.reduce(0) { $0 + $1[dimension] } / count }
      let nats = Double(constraint.nats)
      switch constraint.kind {
      case .none: return klWeight * perDimension.reduce(0, +)
      case .freeBits: return klWeight * perDimension.reduce(0) { $0 + max($1, nats) }
      case .capacity: return klWeight * abs(perDimension.reduce(0, +) - nats)
      }
    }
  }

  /// A function of this model's parameters whose gradient at those of `point` is what an estimator computes there, with
  /// respect to the parameters of one part, "encoder", "decoder", or "exposure", the encoder of a learned exposure.
  ///
  /// The posterior's density is that of `point` wherever the estimator holds it fixed, and the samples' weights are
  /// constants: w for the decoder and for sticking the landing, and where doubly reparameterised w (1 − β + β w) for the
  /// encoder and w² for that of an exposure, whose β is 1.
  public func surrogate(
    of objective: any Objective, part: String, at point: ReferenceModel, _ examples: [[Double]],
    noise: [[[Double]]], klWeight: Double = 1
  ) -> Double {
    let densities = point.heads(examples)
    let exposures = point.learnedExposures(examples)
    let atPoint = point.logWeights(
      densities, learned: exposures, targets: examples, noise: noise, klWeight: klWeight)
    let here = logWeights(
      heads(examples), densities: densities, learned: learnedExposures(examples), learnedDensities: exposures,
      targets: examples, noise: noise, klWeight: klWeight)
    let isSquared = objective.latentTerm == .sampled(.doublyReparameterized) && part != "decoder"
    let ratioWeight = part == "exposure" ? 1 : klWeight
    var sum = 0.0
    for (atPoint, here) in zip(atPoint, here) {
      let total = atPoint.map { exp($0.weight) }.reduce(0, +)
      for (k, sample) in here.enumerated() {
        let weight = objective is IWAE ? exp(atPoint[k].weight) / total : 1 / Double(here.count)
        sum -= (isSquared ? weight * (1 - ratioWeight + ratioWeight * weight) : weight) * sample.weight
      }
    }
    return sum / Double(examples.count)
  }

  /// log p(x|z) + β (log p(z) − log q(z|x)) of each sample of each example, with `densities` in place of what its own
  /// encoder puts out in the last; and the same of learned exposures, whose β is 1 and whose noise is behind that of z.
  private func logWeights(
    _ heads: [[Double]], densities: [[Double]]? = nil, learned: [ReferenceExposure]?,
    learnedDensities: [ReferenceExposure]? = nil, labels: [Int]? = nil, numbers: [[Double]]? = nil,
    targets: [[Double]], masks: [[Double]]? = nil, exposures: [Double]? = nil, noise: [[[Double]]], klWeight: Double,
    training: ReferenceTraining? = nil
  ) -> [[(weight: Double, reconstructionLoss: Double)]] {
    guard let posterior = architecture.posterior as? any ReferencePosterior,
      let prior = architecture.prior as? any ReferencePrior
    else { preconditionFailure("\(architecture.posterior) and \(architecture.prior) have no reference") }
    let samples = noise[0].count
    let latents = heads.indices.flatMap { example in
      noise[example].map {
        posterior.referenceSample(head: heads[example], noise: Array($0[..<architecture.latentCount]))
      }
    }
    let outputs = outputs(latents, labels: labels, numbers: numbers, training: training, samples: samples)
    return heads.indices.map { example in
      (0..<samples).map { k in
        let (latent, output) = (latents[example * samples + k], outputs[example * samples + k])
        let logExposure = learned?[example].sample(noise[example][k][architecture.latentCount])
        let loss = reconstructionLoss(
          of: targets[example], mask: masks?[example], outputs: output,
          exposure: logExposure.map(exp) ?? exposures?[example], batch: batchShares(numbers?[example]))
        let ratio =
          prior.referenceLogDensity(latent)
          - posterior.referenceLogDensity(latent, head: (densities ?? heads)[example])
        var weight = klWeight * ratio - loss
        if let logExposure, let densities = learnedDensities ?? learned {
          weight += densities[example].ratio(logExposure)
        }
        return (weight, loss)
      }
    }
  }
}
