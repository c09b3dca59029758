/// Everything a forward and backward pass writes, for up to `capacity` examples, allocated once.
///
/// Row i of every matrix up to the posterior belongs to example i of the minibatch; from the noise on each example has
/// `samples` rows, K, one after the other: row i·K + k is sample k of example i. A short minibatch uses the first rows.
/// The passes are functions of `VariationalAutoencoder` that take a range of examples.
public final class Workspace: Sendable {
  /// The largest minibatch.
  public let capacity: Int
  /// K, the number of latents drawn for each example.
  public let samples: Int
  /// Whether it has room for gradients.
  public let hasGradients: Bool

  /// The two factors of each layer's parameter gradient, encoder first.
  public let gradientTerms: [GradientTerm]

  private let matrices: Matrices
  private let buffer: AlignedBuffer
  private let inputCount: Int
  private let latentCount: Int
  private let labelCount: Int
  private let hasLogVariance: Bool

  /// Room for `capacity` examples of `model`'s shape, with `samples` latents each; without `gradients`, for forward
  /// passes only. With a `target` of its own the model is to reconstruct something else than it sees.
  public init(
    for model: VariationalAutoencoder, capacity: Int, samples: Int = 1, gradients: Bool = true, target: Bool = false
  ) {
    precondition(capacity > 0 && samples > 0, "a workspace for \(samples) samples of \(capacity) examples")
    self.capacity = capacity
    self.samples = samples
    hasGradients = gradients
    inputCount = model.architecture.inputCount
    latentCount = model.architecture.latentCount
    labelCount = model.architecture.labelCount
    hasLogVariance = model.architecture.model == .vae
    var measure = WorkspaceStorage()
    _ = Matrices(&measure, for: model, capacity: capacity, samples: samples, gradients: gradients, target: target)
    buffer = AlignedBuffer(count: measure.count)
    var storage = WorkspaceStorage(buffer)
    matrices = Matrices(
      &storage, for: model, capacity: capacity, samples: samples, gradients: gradients, target: target)
    gradientTerms =
      gradients
      ? model.encoder.gradientTerms(.encoder, matrices.encoderInput, matrices.encoder, rowsPerExample: 1)
        + model.decoder.gradientTerms(.decoder, matrices.decoderInput, matrices.decoder, rowsPerExample: samples)
      : []
  }

  /// All there is, in the order in which it is cut from one buffer.
  private struct Matrices {
    let encoderInput: Matrix
    let target: Matrix?
    let noise: Matrix
    let decoderInput: Matrix
    let dDecoderInput: Matrix
    let reconstructionLoss: Matrix
    let klDivergence: Matrix
    let logDensityRatio: Matrix
    let sampleWeights: Matrix
    let objective: Matrix
    let dimensionMeans: Matrix
    let dLikelihoodParameters: Matrix
    let encoder: DenseNetwork.Activations
    let decoder: DenseNetwork.Activations

    init(
      _ storage: inout WorkspaceStorage, for model: VariationalAutoencoder, capacity: Int, samples: Int,
      gradients: Bool,
      target hasTarget: Bool
    ) {
      let architecture = model.architecture
      let latents = capacity * samples
      let decoderInputCount = architecture.latentCount + architecture.labelCount
      encoderInput = storage.matrix(rows: capacity, columns: architecture.inputCount + architecture.labelCount)
      target = hasTarget ? storage.matrix(rows: capacity, columns: architecture.inputCount) : nil
      noise = storage.matrix(rows: latents, columns: architecture.latentCount)
      decoderInput = storage.matrix(rows: latents, columns: decoderInputCount)
      dDecoderInput = storage.matrix(rows: gradients ? latents : 0, columns: decoderInputCount)
      reconstructionLoss = storage.matrix(rows: 1, columns: latents)
      klDivergence = storage.matrix(rows: 1, columns: capacity)
      logDensityRatio = storage.matrix(rows: 1, columns: latents)
      sampleWeights = storage.matrix(rows: 1, columns: latents)
      objective = storage.matrix(rows: 1, columns: capacity)
      dimensionMeans = storage.matrix(rows: 1, columns: architecture.latentCount)
      dLikelihoodParameters = storage.matrix(
        rows: gradients ? latents : 0, columns: architecture.likelihood.family.parameterNames.count)
      encoder = model.encoder.makeActivations(&storage, capacity: capacity, training: gradients)
      decoder = model.decoder.makeActivations(&storage, capacity: latents, training: gradients)
    }
  }

  /// What the encoder sees, [capacity, D]: the caller fills it.
  public var input: Matrix { matrices.encoderInput.columns(0..<inputCount) }
  /// x, what is to be reconstructed, [capacity, D]: `input` itself, or where it has its own the caller fills it too.
  public var target: Matrix { matrices.target ?? input }
  /// The encoder's whole input [capacity, D + C]: `input`, and the class as a one-hot row; see `setLabels`.
  var encoderInput: Matrix { matrices.encoderInput }
  /// ε [capacity·K, L]: the caller fills it.
  public var noise: Matrix { matrices.noise }
  /// ε of sample `index` of every example, [capacity, L].
  public func noise(ofSample index: Int) -> Matrix {
    precondition((0..<samples).contains(index), "sample \(index) of \(samples)")
    let noise = matrices.noise
    return Matrix(
      noise.base + index * noise.stride, rows: capacity, columns: latentCount, stride: samples * noise.stride)
  }
  /// z [capacity·K, L].
  public var latent: Matrix { matrices.decoderInput.columns(0..<latentCount) }
  /// dz [capacity·K, L].
  public var dLatent: Matrix { matrices.dDecoderInput.columns(0..<latentCount) }
  /// The decoder's whole input [capacity·K, L + C]: `latent`, and the class as a one-hot row.
  var decoderInput: Matrix { matrices.decoderInput }
  /// The gradient with respect to it.
  var dDecoderInput: Matrix { matrices.dDecoderInput }

  /// Tells encoder and decoder the classes of the examples in `rows`; for a model that is told.
  public func setLabels(_ labels: UnsafeBufferPointer<UInt8>, rows: Range<Int>) {
    precondition(labels.count == rows.count, "\(labels.count) labels for \(rows.count) examples")
    for index in 0..<labels.count { setLabel(labels[index], row: rows.lowerBound + index) }
  }

  /// Tells them the class of one example.
  public func setLabel(_ label: UInt8, row: Int) {
    precondition(Int(label) < labelCount, "class \(label) of \(labelCount)")
    let encoderRow = encoderInput.rows(row..<row + 1)
    encoderRow.columns(inputCount..<inputCount + labelCount).fill(0)
    encoderRow.base[inputCount + Int(label)] = 1
    let decoderRows = decoderInput.rows(latents(of: row..<row + 1)).columns(latentCount..<latentCount + labelCount)
    decoderRows.fill(0)
    for sample in 0..<samples { decoderRows.base[sample * decoderRows.stride + Int(label)] = 1 }
  }

  /// −log p(x|z) of each sample, [1, capacity·K], nats.
  public var reconstructionLoss: Matrix { matrices.reconstructionLoss }
  /// log p(z) − log q(z|x) of each sample, [1, capacity·K], nats, where the objective has it.
  public var logDensityRatio: Matrix { matrices.logDensityRatio }
  /// The weight of each sample in the gradient of its example, [1, capacity·K]; those of an example add up to 1.
  public var sampleWeights: Matrix { matrices.sampleWeights }
  /// What is minimised, of each example, [1, capacity], nats.
  public var objective: Matrix { matrices.objective }
  /// KL(q(z|x) ‖ p(z)) of each example, [1, capacity], nats.
  public var klDivergence: Matrix { matrices.klDivergence }
  /// The encoder's layers; the last one's output is the head, μ and s side by side.
  public var encoder: DenseNetwork.Activations { matrices.encoder }
  /// The decoder's layers; the last one's output is logits or means.
  public var decoder: DenseNetwork.Activations { matrices.decoder }
  /// μ [capacity, L]; an autoencoder's code.
  public var posteriorMean: Matrix { encoder.output.columns(0..<latentCount) }
  /// s = log σ² [capacity, L]; an autoencoder has none.
  public var posteriorLogVariance: Matrix { encoder.output.columns(logVariances) }
  /// dμ [capacity, L].
  public var dPosteriorMean: Matrix { encoder.dOutput.columns(0..<latentCount) }
  /// ds [capacity, L].
  public var dPosteriorLogVariance: Matrix { encoder.dOutput.columns(logVariances) }
  private var logVariances: Range<Int> {
    precondition(hasLogVariance, "an autoencoder has no log-variance")
    return latentCount..<2 * latentCount
  }
  /// The rows of the latents of some examples.
  public func latents(of examples: Range<Int>) -> Range<Int> {
    examples.lowerBound * samples..<examples.upperBound * samples
  }

  /// Averages over the minibatch by latent dimension [1, L]: of the KL divergence, or of the code, where the objective
  /// needs them.
  public var dimensionMeans: Matrix { matrices.dimensionMeans }
  /// The gradient with respect to what the likelihood learns beside the decoder, for each sample [capacity·K, P].
  public var dLikelihoodParameters: Matrix { matrices.dLikelihoodParameters }
  /// The decoder's output [capacity·K, `outputCount`], such as logits or means.
  public var output: Matrix { decoder.output }
  /// The gradient of the loss with respect to `output`.
  public var dOutput: Matrix { decoder.dOutput }
}

/// Cuts matrices from one buffer, each starting on a cache line; without a buffer it only measures.
struct WorkspaceStorage {
  private let buffer: AlignedBuffer?
  private(set) var count = 0

  init(_ buffer: AlignedBuffer? = nil) {
    self.buffer = buffer
  }

  mutating func matrix(rows: Int, columns: Int) -> Matrix {
    let start = count
    // Rows a multiple of 1 KiB apart would all fall into a few sets of the cache.
    let stride = columns % 256 == 0 ? columns + AlignedBuffer.alignedCount : columns
    count += AlignedBuffer.roundedUp(rows * stride)
    // While measuring, the window is on nothing and is thrown away.
    let base = buffer.map { $0.base + start } ?? UnsafeMutablePointer(bitPattern: AlignedBuffer.alignment)!
    return Matrix(base, rows: rows, columns: columns, stride: stride)
  }
}
