/// The matrices by name, for whoever fills them or reads a result.
///
/// "Capacity" is the largest minibatch, K the number of samples, D, L and C those of features, latent dimensions and
/// classes.
extension Workspace {
  private var plan: Plan {
    guard let modelPlan else { preconditionFailure("a workspace of layers alone has no matrices of a model") }
    return modelPlan
  }
  private var slots: ModelSlots { plan.slots }
  private var features: Int { plan.architecture.inputCount }

  // MARK: What the caller fills

  /// What the encoder sees, [capacity, D].
  public var input: Matrix { self[slots.input].columns(0..<features) }
  /// x, what is to be reconstructed, [capacity, D]: `input` itself, or where it has its own the caller fills it too.
  public var target: Matrix { form.side.contains(.target) ? self[slots.target] : input }
  /// What the encoder alone is told of each example, [capacity, M]: see `Minibatch`.
  public var indicators: Matrix {
    self[slots.input].columns(features..<features + plan.architecture.indicatorCount)
  }
  /// What encoder and decoder, or the decoder alone, are told of each example, [capacity, C + N]: see `Minibatch`.
  public var covariates: Matrix { self[slots.covariates] }
  /// ε [capacity·K, L], and where the exposure is learned [capacity·K, L + 1], of which the last is its own.
  public var noise: Matrix { self[slots.noise] }
  /// ε of sample `index` of every example, [capacity, L], or [capacity, L + 1].
  public func noise(ofSample index: Int) -> Matrix {
    precondition((0..<samples).contains(index), "sample \(index) of \(samples)")
    let noise = noise
    return Matrix(
      noise.base + index * noise.stride, rows: capacity, columns: noise.columns, stride: samples * noise.stride)
  }

  /// The rows of some examples, for whoever reads data.
  public func minibatch(_ examples: Range<Int>) -> Minibatch {
    Minibatch(
      input: input.rows(examples), target: target.rows(examples),
      mask: form.side.contains(.mask) ? self[slots.mask].rows(examples) : nil,
      exposure: form.side.contains(.exposure) ? self[slots.exposure].rows(examples) : nil,
      offset: form.side.contains(.offset) ? self[slots.offset].rows(examples) : nil,
      indicators: plan.architecture.indicatorCount > 0 ? indicators.rows(examples) : nil,
      covariates: plan.architecture.covariateCount > 0 ? covariates.rows(examples) : nil,
      classCount: plan.architecture.labelCount,
      entries: form.hasEntries ? slots.input.sparse.flatMap { entries($0) }?.rows(examples) : nil,
      hasZeros: form.hasZeros)
  }

  /// Tells encoder and decoder the classes of the examples in `rows`; for a model that is told.
  public func setLabels(_ labels: UnsafeBufferPointer<UInt8>, rows: Range<Int>) {
    minibatch(rows).setLabels(labels)
  }

  /// What is not zero in x, of a workspace that has it, [capacity, D].
  public var entries: SparseRows? { slots.input.sparse.flatMap { entries($0) } }

  // MARK: Results

  /// z [capacity·K, L].
  public var latent: Matrix { self[plan.posterior.latent] }
  /// dz [capacity·K, L].
  public var dLatent: Matrix { gradient(plan.posterior.latent) }
  /// μ [capacity, L]; an autoencoder's code.
  public var posteriorMean: Matrix { self[plan.posterior.mean] }
  /// s = log σ² [capacity, L], of a posterior that has it.
  public var posteriorLogVariance: Matrix { self[logVariance] }
  /// The gradient of the loss with respect to μ.
  public var dPosteriorMean: Matrix { gradient(plan.posterior.mean) }
  /// The gradient of the loss with respect to s.
  public var dPosteriorLogVariance: Matrix { gradient(logVariance) }
  /// The decoder's output [capacity·K, D], or some times D: logits or means.
  public var output: Matrix { self[plan.likelihood.output] }
  /// The gradient of the loss with respect to `output`.
  public var dOutput: Matrix { gradient(plan.likelihood.output) }
  /// The gradient with respect to what the likelihood learns beside the decoder, of each sample [capacity·K, P].
  public var dLikelihoodParameters: Matrix { self[plan.likelihood.dParameters] }

  /// −log p(x|z) of each sample, [1, capacity·K], nats.
  public var reconstructionLoss: Matrix { self[plan.likelihood.loss] }
  /// KL(q(z|x) ‖ p(z)) of each example, [1, capacity], nats.
  public var klDivergence: Matrix { self[slots.klDivergence] }
  /// log p(z) − log q(z|x) of each sample, [1, capacity·K], nats, where the objective has it.
  public var logDensityRatio: Matrix { self[slots.logDensityRatio] }
  /// The weight of each sample in the gradient of its example, [1, capacity·K]; those of an example add up to 1.
  public var sampleWeights: Matrix { self[slots.sampleWeights] }
  /// What is minimised, of each example, [1, capacity], nats.
  public var objective: Matrix { self[slots.objective] }
  /// Averages over the minibatch by latent dimension [1, L]: of the KL divergence, or of the code, where the objective
  /// needs them.
  public var dimensionMeans: Matrix { self[slots.dimensionMeans] }

  /// The rows of the latents of some examples.
  public func latents(of examples: Range<Int>) -> Range<Int> {
    examples.lowerBound * samples..<examples.upperBound * samples
  }

  private var logVariance: Slot {
    guard let slot = plan.posterior.logVariance else {
      preconditionFailure("\(plan.architecture.posterior) has no log-variance")
    }
    return slot
  }
}
