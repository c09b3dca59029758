/// A model laid out: its parts in their places, where each parameter lies, and every matrix that a pass writes, all before
/// anything is allocated. A `Workspace` and the weights are made after it, and whoever asks for sizes, operations or
/// memory asks it.
public final class Plan: Sendable {
  /// What it was made from.
  public let architecture: Architecture
  /// Where each parameter lies.
  public let layout: ParameterLayout
  /// x, and what the encoder is told beside it → what the posterior is made of; the posterior's own layer is the last.
  public let encoder: [any Stage]
  /// What the encoder puts out → z.
  public let posterior: any PosteriorStage
  /// p(z).
  public let prior: any PriorStage
  /// KL(q‖p) as an integral, where there is one.
  public let divergence: (any Divergence)?
  /// log p(z) − log q(z|x) at the samples.
  public let densityRatio: any DensityRatio
  /// z, and what the decoder is told → what the likelihood is made of; the likelihood's own layer is the last.
  public let decoder: [any Stage]
  /// x → the exposure, where it is learned.
  public let exposure: LearnedExposure?
  /// −log p(x|z).
  public let likelihood: LikelihoodStage
  /// Which of the batches that the model is told an example is of, where something is of each.
  let batches: Batches?
  /// The matrices that the model itself reads and writes.
  public let slots: ModelSlots
  /// The matrices of all parts.
  let shapes: [Blueprint.SlotShape]

  /// Lays out a model. Throws `ArchitectureError` for a shape that no model can have.
  public init(_ architecture: Architecture) throws {
    try architecture.checkWidths()
    self.architecture = architecture
    let (features, latents) = (architecture.inputCount, architecture.latentCount)
    var blueprint = Blueprint()

    var input = blueprint.slot(columns: architecture.encoderInputCount, rows: .example, gradient: false)
    input.sparse = blueprint.sparseSlot(columns: features)
    input.toldCount = input.columns - features
    let covariates =
      architecture.encoderIsTold
      ? input.columns(input.columns - architecture.covariateCount..<input.columns)
      : blueprint.slot(columns: architecture.covariateCount, rows: .example, gradient: false)
    blueprint.part = .encoder
    blueprint.told = architecture.toldAtEveryLayer && architecture.encoderIsTold ? covariates : nil
    var encoder = try architecture.encoder.lay(&blueprint, input, prefix: "encoder")
    blueprint.told = nil
    try Self.check(encoder, .example, "encoder")
    let posterior = architecture.posterior
    // It is part of a dense layer's loop.
    guard !posterior.outputActivation.gradientIsOfInput else {
      throw ArchitectureError.activation(posterior.outputActivation, of: "a code")
    }
    encoder.append(
      DenseStage(
        &blueprint, encoder.last?.output ?? input,
        posterior.outputs(latentCount: latents).map { ("encoder.\($0.name)", $0.count) }, posterior.outputActivation))

    if let stage = posterior.layHead(&blueprint, output: encoder[encoder.count - 1].output) { encoder.append(stage) }

    let noise = blueprint.slot(columns: architecture.noiseCount, rows: .sample, gradient: false)
    let told = blueprint.slot(columns: latents + architecture.covariateCount, rows: .sample)
    self.posterior = try posterior.lay(
      &blueprint, head: encoder[encoder.count - 1].output, noise: noise.columns(0..<latents),
      latent: told.columns(0..<latents))
    blueprint.part = .decoder
    prior = try architecture.prior.lay(&blueprint, latentCount: latents)
    divergence =
      posterior.isRandom
      ? prior.closedForm(from: self.posterior) ?? self.posterior.closedForm(to: prior)
      : NoDivergence(head: self.posterior.head)
    densityRatio =
      prior.densityRatio(from: self.posterior) ?? SampledDensityRatio(&blueprint, self.posterior, prior)

    blueprint.told = architecture.toldAtEveryLayer ? told.columns(latents..<told.columns) : nil
    var decoder = try architecture.decoder.lay(&blueprint, told, prefix: "decoder")
    blueprint.told = nil
    try Self.check(decoder, .sample, "decoder")
    decoder.append(
      DenseStage(
        &blueprint, decoder.last?.output ?? told,
        architecture.likelihood.outputs.map { ("decoder.\($0.name)", $0.perFeature * features) }))
    let batches = architecture.batchColumns.map { Batches(&blueprint, told: covariates.columns($0)) }
    self.batches = batches
    // Behind the others, whose first weights are then the same without it.
    blueprint.part = .encoder
    blueprint.told = architecture.toldAtEveryLayer && architecture.encoderIsTold ? covariates : nil
    let exposure = try architecture.exposureEncoder.map {
      try LearnedExposure(
        &blueprint, $0, input: input, noise: noise.columns(latents..<latents + 1), batches: batches)
    }
    self.exposure = exposure
    blueprint.told = nil
    blueprint.part = .decoder
    likelihood = LikelihoodStage(
      &blueprint, architecture.likelihood, output: decoder[decoder.count - 1].output, features: features,
      batches: batches, exposure: exposure)
    self.encoder = encoder
    self.decoder = decoder
    slots = ModelSlots(
      &blueprint, architecture, input: input, covariates: covariates, noise: noise, decoderInput: told)
    layout = blueprint.layout
    shapes = blueprint.shapes
    guard layout.parameterCount <= Architecture.maximumParameterCount else {
      throw ArchitectureError.tooManyParameters
    }
  }

  /// Throws where layers do not end with a row for each example, or for each of its samples.
  static func check(_ stages: [any Stage], _ rows: Rows, _ part: String) throws {
    guard let last = stages.last, last.output.rows != rows else { return }
    throw ArchitectureError.layer(
      last.name, expected: "a row for each example at the end of the \(part)", found: "\(last.output.rows.count)")
  }

  /// Whether the encoder, and that of a learned exposure, need only what is not zero of an example: the first layer that learns
  /// is a dense one, wide enough for the bits of a dense product, and what stands before that keeps zeros.
  public var readsEntries: Bool {
    for stages in [encoder, exposure?.stages ?? encoder] {
      guard let first = stages.first(where: { !($0 is any EntriesStage) }) as? DenseStage,
        first.input.sparse != nil, first.output.columns > DenseStage.fewestSparseOutputs
      else { return false }
    }
    return true
  }

  /// The matrix products of a forward pass, in order.
  public var products: [Product] { (encoder + decoder + (exposure?.stages ?? [])).flatMap(\.products) }

  /// The floats that a workspace for so many examples, of so many samples each, has.
  public func workspaceCount(
    capacity: Int, samples: Int = 1, gradients: Bool, form: MinibatchForm = MinibatchForm()
  ) -> Int {
    Workspace.floatCount(self, capacity: capacity, samples: samples, gradients: gradients, form: form)
  }
}

/// The matrices that a model itself reads and writes, beside those of its layers.
public struct ModelSlots: Sendable {
  /// What the encoder sees, and what it is told.
  let input: Slot
  /// What encoder and decoder, or the decoder alone, are told: columns of `input`, or a matrix of its own.
  let covariates: Slot
  /// What is to be reconstructed, where it has a matrix of its own.
  let target: Slot
  let mask: Slot
  let exposure: Slot
  let offset: Slot
  let noise: Slot
  /// z, and what the decoder is told.
  let decoderInput: Slot
  let klDivergence: RowSlot
  let logDensityRatio: RowSlot
  let sampleWeights: RowSlot
  let objective: RowSlot
  let dimensionMeans: SharedSlot

  init(
    _ blueprint: inout Blueprint, _ architecture: Architecture, input: Slot, covariates: Slot, noise: Slot,
    decoderInput: Slot
  ) {
    self.input = input
    self.covariates = covariates
    self.noise = noise
    self.decoderInput = decoderInput
    let features = architecture.inputCount
    target = blueprint.slot(columns: features, rows: .example, gradient: false, side: .target)
    mask = blueprint.slot(columns: features, rows: .example, gradient: false, side: .mask)
    exposure = blueprint.slot(columns: 1, rows: .example, gradient: false, side: .exposure)
    offset = blueprint.slot(columns: 1, rows: .example, gradient: false, side: .offset)
    klDivergence = blueprint.rowSlot(.example)
    logDensityRatio = blueprint.rowSlot(.sample)
    sampleWeights = blueprint.rowSlot(.sample)
    objective = blueprint.rowSlot(.example)
    dimensionMeans = blueprint.sharedSlot(columns: architecture.latentCount)
  }
}
