import CStandardLibrary
import VAEData
import VAEKernels

/// Draws latents of one row after another, decodes them, and weighs them by how well they explain what is known of the row.
///
///     z_k ~ q_c(z),   w_k = p(x_known|z_k) p(z_k) / q(z_k),   q = 1/C Σ over c of q_c
///
/// The average of the w is p(x_known), as it is for any q. Where the encoder has seen gaps there is one q_c, what it says of
/// the row. Where it has not, there is one for each of C chains of `PseudoGibbs`: what it says of the row with draws in its
/// gaps, which is surer than anybody can be who does not know what was there. Together they are as wide as they should be,
/// and so each latent is weighed by the mixture of all, which is the less variable way (Veach and Guibas 1995, the balance
/// heuristic). A posterior other than a Gaussian without correlations is weighed by itself.
final class RowSampler {
  /// The row once for each chain, with its share of the samples: latents and outputs are [C · samples].
  let workspace: Workspace
  /// The latents of a pass, a few more than were asked for where chains cannot share them evenly.
  var sampleCount: Int { workspace.capacity * workspace.samples }

  private let model: VariationalAutoencoder
  private let dataset: Dataset
  private let gaps: PseudoGibbs?
  private let seed: UInt64

  /// The chains of so many samples.
  private static func chains(_ samples: Int) -> Int { min(max(samples / 8, 1), 32) }

  init(_ model: VariationalAutoencoder, _ dataset: Dataset, samples: Int, rounds: Int = 10, seed: UInt64) {
    (self.model, self.dataset, self.seed) = (model, dataset, seed)
    gaps = PseudoGibbs(model, dataset, rounds: rounds, seed: seed)
    let chains = gaps == nil ? 1 : Self.chains(samples)
    workspace = Workspace(
      for: model, capacity: chains, samples: (samples + chains - 1) / chains, gradients: false,
      side: dataset.sideInputs.union([.mask]))
  }

  /// Leaves the latents of a row and what they decode to in the workspace, and returns log w of each. Other passes have other
  /// chains, and other latents.
  func run(_ row: Int, pass number: Int = 0) -> [Double] {
    let copies = 0..<workspace.capacity
    let minibatch = workspace.minibatch(copies)
    let pass = Pass(workspace, model.weights, examples: copies)
    copies.map { _ in UInt32(row) }.withUnsafeBufferPointer { examples in
      dataset.gather(examples, .none, RandomStream(seed: seed, purpose: .user), into: minibatch)
      gaps?.fill(examples, into: minibatch) { number * copies.count + $0 }
      for sample in 0..<sampleCount {
        let (copy, place) = (sample / workspace.samples, sample % workspace.samples)
        VectorMath.active.fillNormal(
          workspace.noise(ofSample: place).rows(copy..<copy + 1),
          RandomStream(seed: seed, purpose: .evaluationNoise, sample: UInt32(number * sampleCount + sample)),
          examples: UnsafeBufferPointer(rebasing: examples[..<1]))
      }
    }
    model.encode(pass)
    model.sample(pass)
    model.decode(pass)
    model.reconstructionLoss(pass)
    model.logDensityRatio(pass)
    let mixing = mixing()
    return (0..<sampleCount).map {
      Double(workspace.logDensityRatio.base[$0]) - Double(workspace.reconstructionLoss.base[$0]) + mixing[$0]
    }
  }

  /// Whether what a latent decodes to are numbers.
  func isFinite(_ sample: Int) -> Bool {
    let output = workspace.output
    return VectorMath.active.firstNonFinite(output.base + sample * output.stride, count: output.columns) == nil
  }

  /// Takes latents from the prior in their place, and decodes these: for a row so far out that what the encoder says of it is no
  /// number.
  func decodePrior(_ row: Int) {
    let latents = model.priorDraws(sampleCount, RandomStream(seed: seed, purpose: .priorSample, epoch: UInt32(row)))
    let columns = workspace.latent.columns
    for sample in 0..<sampleCount {
      for dimension in 0..<columns { workspace.latent[sample, dimension] = latents[sample * columns + dimension] }
    }
    model.decode(Pass(workspace, model.weights, examples: 0..<workspace.capacity))
  }

  /// log q_c(z_k) − log q(z_k), c the chain that z_k is of.
  private func mixing() -> [Double] {
    let chains = workspace.capacity
    guard chains > 1, model.plan.posterior.logVariance != nil else {
      return [Double](repeating: 0, count: sampleCount)
    }
    let (means, logVariances) = (workspace.posteriorMean, workspace.posteriorLogVariance)
    let dimensions = 0..<means.columns
    let precisions = (0..<chains).map { chain in dimensions.map { exp(-Double(logVariances[chain, $0])) } }
    let volumes = (0..<chains).map { chain in dimensions.reduce(0) { $0 + Double(logVariances[chain, $1]) } }
    return (0..<sampleCount).map { sample in
      var sum = LogSum()
      var own = 0.0
      for chain in 0..<chains {
        var distance = 0.0
        for dimension in dimensions {
          let deviation = Double(workspace.latent[sample, dimension]) - Double(means[chain, dimension])
          distance += deviation * deviation * precisions[chain][dimension]
        }
        // But for Σ log 2π, which all have.
        let logDensity = -0.5 * (distance + volumes[chain])
        if chain == sample / workspace.samples { own = logDensity }
        sum.add(logDensity)
      }
      return own - sum.log + log(Double(chains))
    }
  }
}
