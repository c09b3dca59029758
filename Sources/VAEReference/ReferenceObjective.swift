import VAEKernels

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Objectives of several samples, and functions whose gradients the estimators of their gradients are.
extension ReferenceModel {
  /// The objective of a batch: for each example the noise ε [K][L] of its samples, for a conditional model its class, and
  /// where it is not the example itself what is to be reconstructed; averaged over the examples.
  public func objective(
    _ objective: Objective, _ examples: [[Double]], labels: [Int]? = nil, targets: [[Double]]? = nil,
    noise: [[[Double]]], klWeight: Double = 1
  ) -> Double {
    var sum = 0.0
    for (index, example) in examples.enumerated() {
      let (label, target, noise) = (labels?[index], targets?[index] ?? example, noise[index])
      if architecture.model == .autoencoder {
        sum += reconstructionLoss(of: target, latent: code(example, label: label), label: label)
        continue
      }
      let samples = logWeights(example, label: label, target: target, noise: noise, klWeight: klWeight)
      switch objective.bound {
      case .iwae:
        // As it is written: fit for the small numbers of tests.
        sum -= log(samples.map { exp($0.weight) }.reduce(0, +) / Double(noise.count))
      case .vae where objective.klEstimate == .monteCarlo:
        sum -= samples.map(\.weight).reduce(0, +) / Double(noise.count)
      case .vae:
        sum += samples.map(\.reconstructionLoss).reduce(0, +) / Double(noise.count)
      }
    }
    return sum / Double(examples.count) + batchTerm(objective, examples, labels: labels, klWeight: klWeight)
  }

  /// What is a function of averages over the batch: the KL term in closed form, or a sparsity penalty.
  private func batchTerm(_ objective: Objective, _ examples: [[Double]], labels: [Int]?, klWeight: Double) -> Double {
    let count = Double(examples.count)
    let dimensions = 0..<architecture.latentCount
    if architecture.model == .autoencoder {
      let codes = examples.enumerated().map { code($1, label: labels?[$0]) }
      let weight = Double(objective.sparsity.weight)
      switch objective.sparsity.penalty {
      case .none: return 0
      case .l1: return weight * codes.reduce(0) { $0 + $1.reduce(0) { $0 + abs($1) } } / count
      case .kl:
        let target = Double(objective.sparsity.target)
        return weight
          * dimensions.reduce(0) { sum, dimension in
            let mean = codes.reduce(0) { $0 + $1[dimension] } / count
            return sum + target * log(target / mean) + (1 - target) * log((1 - target) / (1 - mean))
          }
      }
    }
    if objective.hasDensityRatio { return 0 }
    let posteriors = examples.enumerated().map { encode($1, label: labels?[$0]) }
    let perDimension = dimensions.map { dimension in
      posteriors.reduce(0) {
        $0 + Reference.klDivergence(mean: [$1.mean[dimension]], logVariance: [$1.logVariance[dimension]])
      } / count
    }
    let nats = Double(objective.klConstraint.nats)
    switch objective.klConstraint.kind {
    case .none: return klWeight * perDimension.reduce(0, +)
    case .freeBits: return klWeight * perDimension.reduce(0) { $0 + max($1, nats) }
    case .capacity: return klWeight * abs(perDimension.reduce(0, +) - nats)
    }
  }

  /// A function of this model's parameters whose gradient at those of `point` is what an estimator computes there, with
  /// respect to the parameters of one part, "encoder" or "decoder".
  ///
  /// The posterior's density is that of `point` wherever the estimator holds it fixed, and the samples' weights are
  /// constants: w for the decoder and for sticking the landing, w (1 − β + β w) for the encoder where doubly
  /// reparameterised.
  public func surrogate(
    of objective: Objective, part: String, at point: ReferenceModel, _ examples: [[Double]],
    noise: [[[Double]]], klWeight: Double = 1
  ) -> Double {
    var sum = 0.0
    for (example, noise) in zip(examples, noise) {
      let atPoint = point.logWeights(example, noise: noise, klWeight: klWeight).map(\.weight)
      let total = atPoint.map(exp).reduce(0, +)
      let posterior = point.encode(example)
      for (k, sample) in logWeights(example, noise: noise, posterior: posterior, klWeight: klWeight).enumerated() {
        let weight = objective.bound == .iwae ? exp(atPoint[k]) / total : 1 / Double(noise.count)
        let isSquared = objective.estimator == .doublyReparameterized && part == "encoder"
        sum -= (isSquared ? weight * (1 - klWeight + klWeight * weight) : weight) * sample.weight
      }
    }
    return sum / Double(examples.count)
  }

  /// log p(x|z) + β (log p(z) − log q(z|x)) of each sample, with `posterior` in place of its own in the density.
  private func logWeights(
    _ example: [Double], label: Int? = nil, target: [Double]? = nil, noise: [[Double]],
    posterior: (mean: [Double], logVariance: [Double])? = nil, klWeight: Double
  ) -> [(weight: Double, reconstructionLoss: Double)] {
    let own = encode(example, label: label)
    let density = posterior ?? own
    return noise.map { noise in
      let latent = Reference.sample(mean: own.mean, logVariance: own.logVariance, noise: noise)
      let loss = reconstructionLoss(of: target ?? example, latent: latent, label: label)
      let zeros = latent.map { _ in 0.0 }
      let prior = Reference.logNormal(latent, mean: zeros, logVariance: zeros)
      let posterior = Reference.logNormal(latent, mean: density.mean, logVariance: density.logVariance)
      return (klWeight * (prior - posterior) - loss, loss)
    }
  }
}

extension Reference {
  /// log N(z; μ, diag exp s) = −½ Σ (log 2π + s + (z − μ)² / exp s).
  public static func logNormal(_ z: [Double], mean: [Double], logVariance: [Double]) -> Double {
    z.indices.reduce(0) {
      let deviation = z[$1] - mean[$1]
      return $0 - 0.5 * (log(2 * .pi) + logVariance[$1] + deviation * deviation / exp(logVariance[$1]))
    }
  }
}
