/// The gradient of an objective, back to every layer.
extension VariationalAutoencoder {
  /// The parts of a forward and backward pass, in order.
  public enum Pass: Sendable {
    case encode, sample, decode, loss, backwardDecoder, backwardSample, backwardEncoder
  }

  /// x, ε → the losses of each example, and the gradient of
  ///
  ///     1/batchSize Σ over the minibatch of `objective`, with weight `klWeight` of the KL term or density ratio
  ///
  /// with respect to every layer's pre-activation, those of `parts` alone; `batchSize` is the number of rows unless it is
  /// given, and must be where the objective has averages over the minibatch in it. The number of samples is the
  /// workspace's. Then `backwardParameters` makes the parameter gradients. `completed` is called after
  /// each part, to time it.
  public func forwardAndBackward(
    _ workspace: Workspace, rows: Range<Int>, batchSize: Int? = nil, klWeight: Float = 1,
    objective: Objective? = nil, parts: ModelParts = .all, worker: Worker = .alone, completed: (Pass) -> Void = { _ in }
  ) {
    let objective = objective ?? Objective(samples: workspace.samples)
    precondition(workspace.hasGradients, "a backward pass needs a workspace with gradients")
    precondition(
      objective.samples == workspace.samples,
      "an objective of \(objective.samples) samples in a workspace for \(workspace.samples)")
    precondition(
      !objective.hasBatchAverages || batchSize ?? rows.count == rows.count,
      "an objective with averages over the minibatch, of \(batchSize ?? 0) examples, for \(rows.count) of them")
    let scale = 1 / Float(batchSize ?? rows.count)
    encode(workspace, rows: rows, worker: worker)
    completed(.encode)
    sample(workspace, rows: rows, worker: worker)
    completed(.sample)
    decode(workspace, rows: rows, worker: worker)
    completed(.decode)
    lossAndGradient(workspace, rows: rows, objective, scale: scale, klWeight: klWeight, worker: worker)
    completed(.loss)
    backwardDecoder(workspace, rows: rows, worker: worker)
    completed(.backwardDecoder)
    if objective.hasDensityRatio {
      backwardDensityRatio(workspace, rows: rows, objective, scale: scale, klWeight: klWeight, worker: worker)
    }
    backwardSample(workspace, rows: rows, worker: worker)
    completed(.backwardSample)
    if parts.contains(.encoder) { backwardEncoder(workspace, rows: rows, worker: worker) }
    completed(.backwardEncoder)
  }

  /// The losses, objective and sample weights of each example; dOutput, and what of dμ and ds does not come from z.
  private func lossAndGradient(
    _ workspace: Workspace, rows: Range<Int>, _ objective: Objective, scale: Float, klWeight: Float, worker: Worker
  ) {
    let own = worker.share(of: rows)
    let perSample = objective.bound == .vae ? scale / Float(objective.samples) : scale
    forEachGroup(of: own, workspace) { group in
      architecture.likelihood.family.forwardAndBackward(
        output: workspace.output.rows(group.latents), parameters: likelihoodParameterValues,
        group.repeating(workspace.target), scale: perSample,
        lossInto: workspace.reconstructionLoss.columns(group.latents),
        gradientInto: workspace.dOutput.rows(group.latents), workspace.dLikelihoodParameters.rows(group.latents))
    }
    klDivergence(workspace, of: own)
    if objective.hasBatchAverages { averageDimensions(workspace, rows: rows, worker: worker) }
    if !isVariational {
      objective.sparsity.backward(
        code: workspace.posteriorMean.rows(own), means: workspace.dimensionMeans, scale: scale,
        into: workspace.dPosteriorMean.rows(own))
    } else if objective.hasDensityRatio {
      workspace.dPosteriorMean.rows(own).fill(0)
      // Of the standard estimator: −½ w, and the weights of an example add up to 1.
      workspace.dPosteriorLogVariance.rows(own)
        .fill(objective.estimator == .standard ? -0.5 * klWeight * scale : 0)
      forEachGroup(of: own, workspace) { group in
        LogDensityRatio.forward(
          latent: workspace.latent.rows(group.latents), logVariance: group.repeating(workspace.posteriorLogVariance),
          noise: workspace.noise.rows(group.latents), into: workspace.logDensityRatio.columns(group.latents))
      }
    } else {
      let (dMean, dLogVariance) = (workspace.dPosteriorMean.rows(own), workspace.dPosteriorLogVariance.rows(own))
      KLDivergence.backward(
        mean: workspace.posteriorMean.rows(own), logVariance: workspace.posteriorLogVariance.rows(own),
        scale: klWeight * scale, into: dMean, dLogVariance)
      if objective.klConstraint.kind != .none {
        objective.klConstraint.backward(workspace.dimensionMeans, inPlace: dMean, dLogVariance)
      }
    }
    for example in own { weighSamples(of: example, workspace, objective, klWeight: klWeight) }
    worker.barrier()
  }

  /// Averages over the minibatch, by dimension, of the KL divergence or of an autoencoder's code; each worker its share of
  /// the dimensions.
  private func averageDimensions(_ workspace: Workspace, rows: Range<Int>, worker: Worker) {
    let dimensions = worker.share(of: architecture.latentCount, grain: AlignedBuffer.alignedCount)
    let means = workspace.dimensionMeans.columns(dimensions)
    let first = workspace.posteriorMean.rows(rows).columns(dimensions)
    if isVariational {
      VectorMath.active.klColumns(
        mean: first, logVariance: workspace.posteriorLogVariance.rows(rows).columns(dimensions), into: means)
    } else {
      VectorMath.active.sumColumns(first, into: means, accumulating: false)
    }
    for dimension in 0..<means.columns { means.base[dimension] /= Float(rows.count) }
    worker.barrier()
  }

  /// The objective of one example and the weights of its samples, which dOutput is multiplied by.
  private func weighSamples(of example: Int, _ workspace: Workspace, _ objective: Objective, klWeight: Float) {
    let samples = workspace.latents(of: example..<example + 1)
    let losses = workspace.reconstructionLoss.columns(samples)
    let ratios = workspace.logDensityRatio.columns(samples)
    let weights = workspace.sampleWeights.columns(samples)
    switch objective.bound {
    case .iwae:
      let bound = ImportanceWeights.forward(
        reconstructionLoss: losses, logDensityRatio: ratios, klWeight: klWeight, into: weights)
      VectorMath.active.scaleRows(workspace.dOutput.rows(samples), by: weights)
      VectorMath.active.scaleRows(workspace.dLikelihoodParameters.rows(samples), by: weights)
      workspace.objective.base[example] = Float(-bound)
    case .vae:
      weights.fill(1 / Float(samples.count))
      var sum = 0.0
      for k in 0..<samples.count {
        sum += Double(losses.base[k])
        if objective.klEstimate == .monteCarlo { sum -= Double(klWeight) * Double(ratios.base[k]) }
      }
      sum /= Double(samples.count)
      if !isVariational {
        sum += objective.sparsity.penalty(
          of: workspace.posteriorMean, row: example, means: workspace.dimensionMeans)
      } else if objective.klConstraint.kind != .none {
        sum += Double(klWeight) * objective.klConstraint.term(workspace.dimensionMeans)
      } else if objective.klEstimate == .closedForm {
        sum += Double(klWeight) * Double(workspace.klDivergence.base[example])
      }
      workspace.objective.base[example] = Float(sum)
    }
  }

  /// dOutput → dz, and dA of the decoder's layers.
  public func backwardDecoder(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    decoder.backward(
      weights, workspace.decoder, rows: workspace.latents(of: rows), into: workspace.dDecoderInput, worker: worker)
  }

  /// Adds to dz, and weighs it as the estimator wants. Leaves without a barrier: `backwardSample` has the same rows.
  private func backwardDensityRatio(
    _ workspace: Workspace, rows: Range<Int>, _ objective: Objective, scale: Float, klWeight: Float,
    worker: Worker
  ) {
    forEachGroup(of: worker.share(of: rows), workspace) { group in
      let dLatent = workspace.dLatent.rows(group.latents)
      let weights = workspace.sampleWeights.columns(group.latents)
      LogDensityRatio.backward(
        latent: workspace.latent.rows(group.latents), logVariance: group.repeating(workspace.posteriorLogVariance),
        noise: workspace.noise.rows(group.latents), weights: weights, scale: klWeight * scale,
        hasPosterior: objective.estimator != .standard, accumulatingInto: dLatent)
      if objective.estimator == .doublyReparameterized {
        VectorMath.active.scaleRows(dLatent, by: weights, slope: klWeight, offset: 1 - klWeight)
      }
    }
  }

  /// dz → dμ and ds, added to what is there: write the gradient of the KL term, or zero, first. For an autoencoder, dz →
  /// dA of the code.
  public func backwardSample(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    guard isVariational else {
      let own = worker.share(of: rows)
      let dCode = workspace.dPosteriorMean.rows(own)
      VectorMath.active.addScaled(dCode, scale: 1, to: workspace.dLatent.rows(own))
      VectorMath.active.multiplyByGradient(
        of: architecture.codeActivation, at: workspace.posteriorMean.rows(own), dCode)
      return worker.barrier()
    }
    forEachGroup(of: worker.share(of: rows), workspace) { group in
      Reparameterization.backward(
        dLatent: workspace.dLatent.rows(group.latents), logVariance: group.repeating(workspace.posteriorLogVariance),
        noise: workspace.noise.rows(group.latents), accumulatingInto: group.repeating(workspace.dPosteriorMean),
        group.repeating(workspace.dPosteriorLogVariance))
    }
    worker.barrier()
  }

  /// dμ, ds → dA of the encoder's layers.
  public func backwardEncoder(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    encoder.backward(weights, workspace.encoder, rows: rows, worker: worker)
  }
}
