import CStandardLibrary

/// The exposure E of an example as a latent of its own, l = log E, with an encoder of its own of the same input:
///
///     q(l|x) = N(μ, exp s),   l = μ + exp(s/2) ε,   E = exp l         μ, s [B, 1];  ε, l, E [B·K, 1];  ε ~ N(0, 1)
///     p(l) = N(m, v)                                                   m, v of an example's batch, which are not trained
///
/// To the negative ELBO it adds KL(q(l|x) ‖ p(l)), or where that of the latent is of the samples its ratio. Both have the weight
/// 1 whatever β is, for p(l) is what was counted, and nothing has to be learned before it may hold:
///
///     KL = ½ (log v − s + (exp s + (μ − m)²) / v − 1)                  nats an example
///     ratio = log p(l) − log q(l|x) = ½ (ε² + s − log v − (l − m)² / v)            nats a sample
///
/// With dl = ∂loss/∂l, which a `LearnsExposure` puts out, and ε held fixed,
///
///     dμ += dl;   ds += ½ dl ε exp(s/2)
///     of KL:                                 dμ = (μ − m) / v,   ds = ½ (exp s / v − 1)
///     of −w ratio, standard:                 dl += w (l − m) / v,   ds += −½ w
///     of −w ratio, without the score:        dl += w ((l − m) / v − ε exp(−s/2))
///
/// the last as in `LogDensityRatio`. m and v are the mean and variance of the logarithms of the totals of the training rows,
/// of each batch where the model is told one. Source: Lopez, Regier, Cole, Jordan and Yosef 2018 (scVI), and scvi-tools,
/// where it is `use_observed_lib_size=False`.
public struct LearnedExposure: Sendable {
  /// The least v: rows that all have the same total are no certainty.
  public static let leastVariance: Float = 1e-4

  /// x → μ and s; the layer of these is the last.
  public let stages: [any Stage]
  /// l, a row a sample.
  public let logExposure: Slot
  /// E, a row a sample.
  public let exposure: Slot
  private let noise: Slot
  /// m, of each batch [1, C]; of one for all where there are none.
  public let priorMean: ParameterLayout.Block
  /// v, as m.
  public let priorVariance: ParameterLayout.Block
  private let batches: Batches?

  init(
    _ blueprint: inout Blueprint, _ layers: LayerList, input: Slot, noise: Slot, batches: Batches?
  ) throws {
    var stages = try layers.lay(&blueprint, input, prefix: "exposure")
    try Plan.check(stages, .example, "exposure's encoder")
    stages.append(
      DenseStage(
        &blueprint, stages.last?.output ?? input, [("exposure.mean", 1), ("exposure.log_variance", 1)]))
    self.stages = stages
    self.noise = noise
    self.batches = batches
    logExposure = blueprint.slot(columns: 1, rows: .sample)
    exposure = blueprint.slot(columns: 1, rows: .sample, gradient: false)
    let count = batches?.count ?? 1
    priorMean = blueprint.parameter("exposure.prior_mean", count: count, kind: .statistic)
    priorVariance = blueprint.parameter("exposure.prior_variance", count: count, kind: .statistic, initially: 1)
  }

  private var head: Slot { stages[stages.count - 1].output }

  // Behind the layers a worker does its own examples, all of their samples, as of a `PosteriorStage`.

  // MARK: Forward

  /// x → μ and s. Barriers as of an encoder.
  func encode(_ pass: Pass) {
    for index in 0..<stages.count { stages[index].forward(pass) }
  }

  /// μ, s, ε → l and E.
  func sample(_ pass: Pass) { draw(pass, isMean: false) }

  /// μ → l and E, as they are at the mean.
  func takeMean(_ pass: Pass) { draw(pass, isMean: true) }

  private func draw(_ pass: Pass, isMean: Bool) {
    let (l, e) = (pass[logExposure], pass[exposure])
    forEachSample(pass) { index, sample in
      let value = isMean ? sample.mean : sample.mean + exp(0.5 * sample.logVariance) * sample.noise
      l.base[index * l.stride] = value
      e.base[index * e.stride] = exp(value)
    }
  }

  /// KL of an own example.
  func divergence(_ pass: Pass, example: Int) -> Float {
    let head = pass[head]
    let (mean, s) = (head.base[example * head.stride], head.base[example * head.stride + 1])
    let prior = prior(pass, example)
    let distance = mean - prior.mean
    return 0.5 * (log(prior.variance) - s + (exp(s) + distance * distance) / prior.variance - 1)
  }

  /// KL of each own example, added to what is in its column of `divergences`.
  func addDivergences(_ pass: Pass, to divergences: Matrix) {
    for example in pass.ownExamples { divergences.base[example] += divergence(pass, example: example) }
  }

  /// The ratio at a sample of an own example.
  func densityRatio(_ pass: Pass, example: Int, sample index: Int) -> Float {
    let (sample, l) = (sample(pass, example: example, index: index), pass[logExposure])
    let distance = l.base[index * l.stride] - sample.prior.mean
    return 0.5
      * (sample.noise * sample.noise + sample.logVariance - log(sample.prior.variance)
        - distance * distance / sample.prior.variance)
  }

  /// The ratio at each own sample, added to what is in its column of `ratios`.
  func addDensityRatios(_ pass: Pass, to ratios: Matrix) {
    let samples = pass.workspace.samples
    for example in pass.ownExamples {
      for index in example * samples..<(example + 1) * samples {
        ratios.base[index] += densityRatio(pass, example: example, sample: index)
      }
    }
  }

  // MARK: Backward

  /// dμ ← scale (μ − m) / v;  ds ← ½ scale (exp s / v − 1).
  func backwardDivergence(_ pass: Pass, scale: Float) {
    let (head, dHead) = (pass[head], pass.d(head))
    for example in pass.ownExamples {
      let prior = prior(pass, example)
      let (values, slopes) = (head.base + example * head.stride, dHead.base + example * dHead.stride)
      slopes[0] = scale * (values[0] - prior.mean) / prior.variance
      slopes[1] = 0.5 * scale * (exp(values[1]) / prior.variance - 1)
    }
  }

  /// dμ ← 0;  ds ← −½ scale, or 0 without the score;  dl += scale w ((l − m) / v), without the score less ε exp(−s/2).
  func backwardDensityRatio(_ pass: Pass, weights: Matrix, scale: Float, withScore: Bool) {
    let (l, dL, dHead) = (pass[logExposure], pass.d(logExposure), pass.d(head))
    for example in pass.ownExamples {
      dHead.base[example * dHead.stride] = 0
      dHead.base[example * dHead.stride + 1] = withScore ? -0.5 * scale : 0
    }
    forEachSample(pass) { index, sample in
      var slope = (l.base[index * l.stride] - sample.prior.mean) / sample.prior.variance
      if !withScore { slope -= sample.noise * exp(-0.5 * sample.logVariance) }
      dL.base[index * dL.stride] += scale * weights.base[index] * slope
    }
  }

  /// dμ += dl;  ds += ½ dl ε exp(s/2).
  func backwardSample(_ pass: Pass) {
    let (dL, dHead) = (pass.d(logExposure), pass.d(head))
    let samples = pass.workspace.samples
    forEachSample(pass) { index, sample in
      let slope = dL.base[index * dL.stride]
      let out = dHead.base + index / samples * dHead.stride
      out[0] += slope
      out[1] += 0.5 * slope * sample.noise * exp(0.5 * sample.logVariance)
    }
  }

  /// dμ, ds → the gradient at every layer.
  func backward(_ pass: Pass) {
    for index in stride(from: stages.count - 1, through: 0, by: -1) { stages[index].backward(pass) }
  }

  /// As of a `Stage`.
  func backwardParameters(_ pass: Pass, into sink: any GradientSink) {
    for index in 0..<stages.count { stages[index].backwardParameters(pass, into: sink) }
  }

  // MARK: What several passes need

  private struct Sample {
    let mean: Float
    let logVariance: Float
    let noise: Float
    let prior: (mean: Float, variance: Float)
  }

  /// Calls `body` for each sample of own examples, counted within the pass.
  private func forEachSample(_ pass: Pass, _ body: (_ index: Int, Sample) -> Void) {
    let samples = pass.workspace.samples
    for example in pass.ownExamples {
      for index in example * samples..<(example + 1) * samples {
        body(index, sample(pass, example: example, index: index))
      }
    }
  }

  private func sample(_ pass: Pass, example: Int, index: Int) -> Sample {
    let (head, noise) = (pass[head], pass[noise])
    let values = head.base + example * head.stride
    return Sample(
      mean: values[0], logVariance: values[1], noise: noise.base[index * noise.stride], prior: prior(pass, example))
  }

  /// m and v of an example's batch.
  private func prior(_ pass: Pass, _ example: Int) -> (mean: Float, variance: Float) {
    let (means, variances) = (pass[priorMean].base, pass[priorVariance].base)
    guard let batches else { return (means[0], variances[0]) }
    let shares = pass[batches.shares]
    let share = shares.base + example * pass.workspace.samples * shares.stride
    var (mean, variance): (Float, Float) = (0, 0)
    for batch in 0..<batches.count {
      mean += share[batch] * means[batch]
      variance += share[batch] * variances[batch]
    }
    return (mean, variance)
  }
}

extension VariationalAutoencoder {
  /// Sets what a learned exposure's logarithm is to be expected to be: its mean and variance in each batch [C], or in all of
  /// them where the model is told none; variances of at least `LearnedExposure.leastVariance`. Where it `starts` there, the
  /// encoder of the exposure says so too, before it knows anything of an example.
  public func setExposurePrior(means: [Float], variances: [Float], starts: Bool) {
    guard let exposure = plan.exposure else { preconditionFailure("a prior of an exposure that is not learned") }
    weights[exposure.priorMean].setElements(means)
    weights[exposure.priorVariance].setElements(variances.map { max($0, LearnedExposure.leastVariance) })
    // Its own layer is dense.
    guard starts, let bias = exposure.stages[exposure.stages.count - 1].parameters.last else { return }
    let count = Float(means.count)
    weights[bias].setElements([
      means.reduce(0, +) / count,
      log(max(variances.reduce(0, +) / count, LearnedExposure.leastVariance)),
    ])
  }
}
