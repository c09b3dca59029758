/// An objective at one step of training: with the weights that schedules have come to, and the average over a minibatch.
public struct Loss: Sendable {
  /// What is minimised.
  public let objective: any Objective
  /// β, the weight of what is about the latent; of a learned exposure it is 1.
  public let klWeight: Float
  /// The fraction of its capacity that a `KLConstraint` has come to.
  public let capacity: Float
  /// The number of examples that the average is over.
  public let batchSize: Int

  /// `objective`, averaged over `batchSize` examples.
  public init(_ objective: any Objective, batchSize: Int, klWeight: Float = 1, capacity: Float = 1) {
    self.objective = objective
    self.klWeight = klWeight
    self.capacity = capacity
    self.batchSize = batchSize
  }

  /// 1/B, which enters here and nowhere else.
  var scale: Float { 1 / Float(batchSize) }

  /// Whether the value of an example is rec + β KL with the figures that are reported, and so the negative ELBO at β = 1.
  public func isPlain(with plan: Plan) -> Bool {
    switch objective.latentTerm {
    case .closedForm(let constraint):
      // The divergence of an exposure has a weight of its own.
      objective.weighsSamplesAlike && constraint.kind == .none && plan.divergence != nil
        && (plan.exposure == nil || klWeight == 1)
    case .sampled: false
    case .penalty(let sparsity): sparsity.penalty == .none
    }
  }
}

/// The objective's value, and its gradient with respect to what it is a function of: the decoder's output, here, and
/// what the encoder puts out, on the way back.
extension VariationalAutoencoder {
  /// output, x → the losses of each example, the weights of its samples, and d(output).
  public func loss(_ pass: Pass, _ loss: Loss) {
    let workspace = pass.workspace
    let objective = loss.objective
    precondition(workspace.hasGradients, "a backward pass needs a workspace with gradients")
    precondition(
      objective.samples == workspace.samples,
      "an objective of \(objective.samples) samples in a workspace for \(workspace.samples)")
    let samplesAlike = objective.weighsSamplesAlike
    let scale = samplesAlike ? loss.scale / Float(objective.samples) : loss.scale
    plan.likelihood.forwardAndBackward(pass, observation(pass), scale: scale)
    ownDivergences(pass)
    switch objective.latentTerm {
    case .closedForm(let constraint):
      if constraint.kind != .none { averageDivergences(pass, loss) }
    case .sampled:
      // Without a closed form the divergences have been of these ratios already.
      if plan.divergence != nil { ownDensityRatios(pass) }
    case .penalty(let sparsity):
      if sparsity.penalty == .kl { averageCode(pass, loss) }
    }
    weighSamples(pass, loss)
    if !samplesAlike { plan.likelihood.scaleGradients(pass, by: pass[plan.slots.sampleWeights]) }
    pass.barrier()
  }

  /// Sets d(head) to what it gets from the latent term directly; adds to dz what it gets through z. For this worker's
  /// examples, after `loss`.
  func backwardLatentTerm(_ pass: Pass, _ loss: Loss) {
    let own = pass.ownExamples
    switch loss.objective.latentTerm {
    case .closedForm(let constraint):
      guard let divergence = plan.divergence else { return backwardDensityRatio(pass, loss, .standard) }
      divergence.backward(pass, scale: loss.klWeight * loss.scale)
      if constraint.kind != .none {
        constraint.risen(to: loss.capacity).backward(pass, divergence, means: pass[plan.slots.dimensionMeans])
      }
      plan.exposure?.backwardDivergence(pass, scale: loss.scale)
    case .sampled(let estimator):
      backwardDensityRatio(pass, loss, estimator)
    case .penalty(let sparsity):
      sparsity.backward(
        code: pass[plan.posterior.head].rows(own), means: pass[plan.slots.dimensionMeans], scale: loss.scale,
        into: pass.d(plan.posterior.head).rows(own))
    }
  }

  private func backwardDensityRatio(_ pass: Pass, _ loss: Loss, _ estimator: GradientEstimator) {
    let weights = pass[plan.slots.sampleWeights]
    plan.densityRatio.backward(
      pass, weights: weights, scale: loss.klWeight * loss.scale, withScore: estimator == .standard)
    plan.exposure?.backwardDensityRatio(
      pass, weights: weights, scale: loss.scale, withScore: estimator == .standard)
    guard estimator == .doublyReparameterized else { return }
    func scale(_ gradient: Matrix, ratioWeight: Float) {
      pass.forEachGroup { group in
        VectorMath.active.scaleRows(
          gradient.rows(group.samples), by: weights.columns(group.samples), slope: ratioWeight,
          offset: 1 - ratioWeight)
      }
    }
    scale(pass.d(plan.posterior.latent), ratioWeight: loss.klWeight)
    if let exposure = plan.exposure { scale(pass.d(exposure.logExposure), ratioWeight: 1) }
  }

  /// The objective of each own example, and the slopes in its samples, which d(output) is multiplied by.
  private func weighSamples(_ pass: Pass, _ loss: Loss) {
    let (objective, term) = (loss.objective, loss.objective.latentTerm)
    let count = pass.workspace.samples
    let hasRatio = usesDensityRatio(objective)
    let losses = pass[plan.likelihood.loss].base
    let ratios = pass[plan.slots.logDensityRatio].base
    let weights = pass[plan.slots.sampleWeights].base
    let values = pass[plan.slots.objective].base
    let (logWeights, slopes) = pass.doubles
    for example in pass.ownExamples {
      let samples = example * count..<(example + 1) * count
      for k in samples { logWeights[k] = -Double(losses[k]) }
      if hasRatio {
        for k in samples {
          logWeights[k] +=
            Double(loss.klWeight) * Double(ratios[k])
            + remainder(loss) { $0.densityRatio(pass, example: example, sample: k) }
        }
      }
      let bound = objective.bound(
        UnsafeBufferPointer(rebasing: logWeights[samples]),
        slopes: UnsafeMutableBufferPointer(rebasing: slopes[samples]))
      for k in samples { weights[k] = Float(slopes[k]) }
      values[example] = Float(latentValue(of: example, pass, loss, term) - bound)
    }
  }

  /// What the latent term adds to the objective of an example.
  private func latentValue(of example: Int, _ pass: Pass, _ loss: Loss, _ term: LatentTerm) -> Double {
    switch term {
    case .closedForm(let constraint) where constraint.kind != .none:
      // What bends the KL of the latent leaves that of an exposure as it is.
      Double(loss.klWeight) * constraint.risen(to: loss.capacity).term(pass[plan.slots.dimensionMeans])
        + Double(plan.exposure?.divergence(pass, example: example) ?? 0)
    case .closedForm where plan.divergence != nil:
      Double(loss.klWeight) * Double(pass[plan.slots.klDivergence].base[example])
        + remainder(loss) { $0.divergence(pass, example: example) }
    case .closedForm, .sampled: 0
    case .penalty(let sparsity):
      sparsity.penalty(of: pass[plan.posterior.head], row: example, means: pass[plan.slots.dimensionMeans])
    }
  }

  /// What the term of a learned exposure, whose weight is 1, has beside β times the sum of both terms: 1 − β of it.
  private func remainder(_ loss: Loss, _ term: (LearnedExposure) -> Float) -> Double {
    guard loss.klWeight != 1, let exposure = plan.exposure else { return 0 }
    return (1 - Double(loss.klWeight)) * Double(term(exposure))
  }

  /// Whether log p(z) − log q(z|x) is in the log-weights.
  private func usesDensityRatio(_ objective: any Objective) -> Bool {
    switch objective.latentTerm {
    case .closedForm: plan.divergence == nil
    case .sampled: true
    case .penalty: false
    }
  }

  // Averages over the minibatch by dimension, each worker its share of the dimensions.

  private func averageDivergences(_ pass: Pass, _ loss: Loss) {
    average(pass, loss) { dimensions, sums in plan.divergence?.sums(pass, dimensions: dimensions, into: sums) }
  }

  private func averageCode(_ pass: Pass, _ loss: Loss) {
    let code = pass[plan.posterior.head]
    average(pass, loss) { dimensions, sums in
      VectorMath.active.sumColumns(code.columns(dimensions), into: sums, accumulating: false)
    }
  }

  private func average(_ pass: Pass, _ loss: Loss, _ sum: (Range<Int>, Matrix) -> Void) {
    precondition(
      loss.batchSize == pass.examples.count,
      "an objective with averages over the minibatch, of \(loss.batchSize) examples, for \(pass.examples.count) of them"
    )
    let dimensions = pass.worker.share(of: architecture.latentCount, grain: AlignedBuffer.alignedCount)
    let means = pass[plan.slots.dimensionMeans].columns(dimensions)
    sum(dimensions, means)
    for dimension in 0..<means.columns { means.base[dimension] /= Float(pass.examples.count) }
    pass.barrier()
  }
}
