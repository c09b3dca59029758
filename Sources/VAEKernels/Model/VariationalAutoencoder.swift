/// A variational autoencoder: an encoder, a posterior, a prior, a decoder, a likelihood; and its weights.
///
///     head = encoder(x),   z = posterior(head, ε),   output = decoder(z)
///     negative ELBO = −log p(x|z) + KL(q(z|x) ‖ p(z))               nats an example
///
/// Source: Kingma and Welling 2014. With a posterior that is a `Point` it is an autoencoder: z is the code, and there is no
/// divergence.
///
/// The passes below are straight code, forward and then backward, over the parts that `Plan` laid out. They work on some
/// examples of a `Workspace`, allocate nothing, and may be entered anywhere: fill `workspace.input` and begin with
/// `encode`, or write a posterior of your own into `posteriorMean` and the like and begin with `sample`, or write a
/// `latent` and begin with `decode`. `Inference` has the same for plain arrays.
public final class VariationalAutoencoder: Sendable {
  /// The model laid out.
  public let plan: Plan
  /// The weights, biases and running averages.
  public let weights: ParameterArena

  /// The model's shape.
  public var architecture: Architecture { plan.architecture }
  /// Where each parameter lies in `weights`, and in buffers like it.
  public var layout: ParameterLayout { plan.layout }

  /// A model with all its weights zero, to be filled from a file. Throws `ArchitectureError` for a shape that no
  /// model can have.
  public init(_ architecture: Architecture) throws {
    plan = try Plan(architecture)
    weights = ParameterArena(plan.layout)
  }

  /// A model with random initial weights.
  public convenience init(
    _ architecture: Architecture, initialization: Initialization = .glorotUniform, seed: UInt64
  ) throws {
    try self.init(architecture)
    initialization.fill(weights, ofLikelihood: plan.likelihood.parameters, seed: seed)
  }

  /// The values of what the likelihood learns beside the decoder [1, P].
  public var likelihoodParameterValues: Matrix { plan.likelihood.values(weights) }

  // All workers of a team enter a pass together, with the same examples; each does its share, and all is done when it
  // returns. `Worker.alone` does everything.

  // MARK: Forward

  /// x → what the posterior is made of.
  public func encode(_ pass: Pass) {
    collectEntries(pass)
    plan.batches?.forward(pass)
    for index in 0..<plan.encoder.count { plan.encoder[index].forward(pass) }
    plan.exposure?.encode(pass)
    pass.barrier()
  }

  /// x → what a learned exposure is made of, alone.
  func encodeExposure(_ pass: Pass) {
    guard let exposure = plan.exposure else { return }
    collectEntries(pass)
    plan.batches?.forward(pass)
    exposure.encode(pass)
    pass.barrier()
  }

  /// That and ε → z, and a learned exposure; or the code, as it is.
  public func sample(_ pass: Pass) {
    plan.posterior.forward(pass)
    plan.exposure?.sample(pass)
    pass.barrier()
  }

  /// What the encoder says → the posterior's mean in the place of z, and a learned exposure at its own.
  public func takeMean(_ pass: Pass) {
    let (mean, latent) = (pass[plan.posterior.mean], pass[plan.posterior.latent])
    pass.forEachGroup { latent.rows($0.samples).copy($0.repeating(mean)) }
    plan.exposure?.takeMean(pass)
    pass.barrier()
  }

  /// z → output.
  public func decode(_ pass: Pass) {
    tellDecoder(pass)
    plan.batches?.forward(pass)
    for index in 0..<plan.decoder.count { plan.decoder[index].forward(pass) }
    pass.barrier()
  }

  /// output, x → −log p(x|z) of each sample.
  public func reconstructionLoss(_ pass: Pass) {
    plan.likelihood.forward(pass, observation(pass))
    pass.barrier()
  }

  /// output → E[x|z] of each sample, of the exposure that it has, in the first D columns of the output.
  public func reconstructionMean(_ pass: Pass) {
    let output = pass[plan.likelihood.output]
    pass.forEachGroup { group in
      architecture.likelihood.mean(
        inPlace: output.rows(group.samples), parameters: likelihoodParameterValues, exposure: exposures(pass, group))
    }
    pass.barrier()
  }

  /// → KL of each example: the integral where there is one, else the average of log q(z|x) − log p(z) over its samples; 0
  /// where nothing is drawn.
  public func klDivergence(_ pass: Pass) {
    ownDivergences(pass)
    pass.barrier()
  }

  /// → log p(z) − log q(z|x) of each sample.
  public func logDensityRatio(_ pass: Pass) {
    ownDensityRatios(pass)
    pass.barrier()
  }

  /// x, ε → both parts of the negative ELBO of each example.
  public func forward(_ pass: Pass) {
    encode(pass)
    sample(pass)
    decode(pass)
    reconstructionLoss(pass)
    klDivergence(pass)
  }

  // MARK: Backward, in the reverse order

  /// What `loss` left → the gradient at every stage, those of `parts` alone. `backwardParameters` makes the parameters' of
  /// it.
  public func backward(
    _ pass: Pass, _ loss: Loss, parts: ModelParts = .all, completed: (StepPhase) -> Void = { _ in }
  ) {
    // A part that is not trained is one that is evaluated.
    backwardDecoder(pass.training(pass.isTraining && parts.contains(.decoder)))
    completed(.backwardDecoder)
    backwardSample(pass, loss)
    completed(.backwardSample)
    if parts.contains(.encoder) { backwardEncoder(pass) }
    completed(.backwardEncoder)
  }

  /// d(output) → dz.
  private func backwardDecoder(_ pass: Pass) {
    for index in stride(from: plan.decoder.count - 1, through: 0, by: -1) { plan.decoder[index].backward(pass) }
    pass.barrier()
  }

  /// dz and the latent term → d(head): the term sets it, and dz, by way of the posterior, is added.
  private func backwardSample(_ pass: Pass, _ loss: Loss) {
    backwardLatentTerm(pass, loss)
    plan.posterior.backward(pass)
    plan.exposure?.backwardSample(pass)
    pass.barrier()
  }

  /// d(head) → the gradient at every stage of the encoder.
  private func backwardEncoder(_ pass: Pass) {
    for index in stride(from: plan.encoder.count - 1, through: 0, by: -1) { plan.encoder[index].backward(pass) }
    plan.exposure?.backward(pass)
    pass.barrier()
  }

  /// What `backward` left → the gradient of every parameter of `parts`, over all examples of the pass.
  ///
  /// Each worker makes its own tiles of every gradient, so nothing is reduced between threads, and hands them to its `sink`
  /// one at a time. An optimiser that works there finds the gradient in the core's own cache, where it was made and will
  /// be overwritten by the next: it never goes to memory.
  public func backwardParameters(_ pass: Pass, parts: ModelParts = .all, into sink: any GradientSink) {
    if parts.contains(.encoder) {
      for index in 0..<plan.encoder.count { plan.encoder[index].backwardParameters(pass, into: sink) }
      plan.posterior.backwardParameters(pass, into: sink)
      plan.exposure?.backwardParameters(pass, into: sink)
    }
    if parts.contains(.decoder) {
      for index in 0..<plan.decoder.count { plan.decoder[index].backwardParameters(pass, into: sink) }
      plan.likelihood.backwardParameters(pass, into: sink)
    }
  }

  // MARK: What several passes need

  /// What is not zero in this worker's examples, where the encoder wants that and the data came with their zeros.
  private func collectEntries(_ pass: Pass) {
    let input = plan.slots.input
    guard pass.workspace.form.features == .collected, let entries = pass.entries(of: input) else { return }
    let own = pass.ownExamples
    VectorMath.active.collect(
      pass[input].rows(own).columns(0..<architecture.inputCount), into: entries.rows(own))
  }

  /// Copies what the model is told to each sample's row of the decoder's input.
  private func tellDecoder(_ pass: Pass) {
    let count = architecture.covariateCount
    guard count > 0 else { return }
    let told = pass[plan.slots.covariates]
    let input = pass[plan.slots.decoderInput]
    let columns = architecture.latentCount..<architecture.latentCount + count
    pass.forEachGroup { input.rows($0.samples).columns(columns).copy($0.repeating(told)) }
    pass.barrier()
  }

  /// What the likelihood is shown.
  func observation(_ pass: Pass) -> Observation {
    let minibatch = pass.workspace.minibatch(pass.examples)
    return Observation(
      minibatch.target, mask: minibatch.mask, exposure: minibatch.exposure, offset: minibatch.offset,
      entries: minibatch.entries)
  }

  /// The exposure of each sample of a group, where it is learned, or as the data have it.
  private func exposures(_ pass: Pass, _ group: Pass.Group) -> Matrix? {
    plan.exposure.map { pass[$0.exposure].rows(group.samples) }
      ?? pass.workspace.minibatch(pass.examples).exposure.map { group.repeating($0) }
  }

  /// log p(z) − log q(z|x) of this worker's samples, and that of a learned exposure with it.
  func ownDensityRatios(_ pass: Pass) {
    let ratios = pass[plan.slots.logDensityRatio]
    plan.densityRatio.forward(pass, into: ratios)
    plan.exposure?.addDensityRatios(pass, to: ratios)
  }

  /// KL of this worker's examples, and that of a learned exposure with it.
  func ownDivergences(_ pass: Pass) {
    let divergences = pass[plan.slots.klDivergence]
    if let divergence = plan.divergence {
      divergence.forward(pass, into: divergences)
      plan.exposure?.addDivergences(pass, to: divergences)
      return
    }
    let ratios = pass[plan.slots.logDensityRatio]
    ownDensityRatios(pass)
    let samples = pass.workspace.samples
    for example in pass.ownExamples {
      var sum: Float = 0
      for k in 0..<samples { sum -= ratios.base[example * samples + k] }
      divergences.base[example] = sum / Float(samples)
    }
  }
}
