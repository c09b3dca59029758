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
  private let latentCount: Int

  /// Room for `capacity` examples of `model`'s shape, with `samples` latents each; without `gradients`, for forward
  /// passes only.
  public init(for model: VariationalAutoencoder, capacity: Int, samples: Int = 1, gradients: Bool = true) {
    precondition(capacity > 0 && samples > 0, "a workspace for \(samples) samples of \(capacity) examples")
    self.capacity = capacity
    self.samples = samples
    hasGradients = gradients
    latentCount = model.architecture.latentCount
    var measure = WorkspaceStorage()
    _ = Matrices(&measure, for: model, capacity: capacity, samples: samples, gradients: gradients)
    buffer = AlignedBuffer(count: measure.count)
    var storage = WorkspaceStorage(buffer)
    matrices = Matrices(&storage, for: model, capacity: capacity, samples: samples, gradients: gradients)
    gradientTerms =
      gradients
      ? model.encoder.gradientTerms(matrices.input, matrices.encoder, rowsPerExample: 1)
        + model.decoder.gradientTerms(matrices.latent, matrices.decoder, rowsPerExample: samples) : []
  }

  /// All there is, in the order in which it is cut from one buffer.
  private struct Matrices {
    let input: Matrix
    let noise: Matrix
    let latent: Matrix
    let dLatent: Matrix
    let reconstructionLoss: Matrix
    let klDivergence: Matrix
    let logDensityRatio: Matrix
    let sampleWeights: Matrix
    let objective: Matrix
    let encoder: DenseNetwork.Activations
    let decoder: DenseNetwork.Activations

    init(
      _ storage: inout WorkspaceStorage, for model: VariationalAutoencoder, capacity: Int, samples: Int, gradients: Bool
    ) {
      let architecture = model.architecture
      let latents = capacity * samples
      input = storage.matrix(rows: capacity, columns: architecture.inputCount)
      noise = storage.matrix(rows: latents, columns: architecture.latentCount)
      latent = storage.matrix(rows: latents, columns: architecture.latentCount)
      dLatent = storage.matrix(rows: gradients ? latents : 0, columns: architecture.latentCount)
      reconstructionLoss = storage.matrix(rows: 1, columns: latents)
      klDivergence = storage.matrix(rows: 1, columns: capacity)
      logDensityRatio = storage.matrix(rows: 1, columns: latents)
      sampleWeights = storage.matrix(rows: 1, columns: latents)
      objective = storage.matrix(rows: 1, columns: capacity)
      encoder = model.encoder.makeActivations(&storage, capacity: capacity, training: gradients)
      decoder = model.decoder.makeActivations(&storage, capacity: latents, training: gradients)
    }
  }

  /// x [capacity, D]: the caller fills it.
  public var input: Matrix { matrices.input }
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
  public var latent: Matrix { matrices.latent }
  /// dz [capacity·K, L].
  public var dLatent: Matrix { matrices.dLatent }
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
  /// μ [capacity, L].
  public var posteriorMean: Matrix { encoder.output.columns(0..<latentCount) }
  /// s = log σ² [capacity, L].
  public var posteriorLogVariance: Matrix { encoder.output.columns(latentCount..<2 * latentCount) }
  /// dμ [capacity, L].
  public var dPosteriorMean: Matrix { encoder.dOutput.columns(0..<latentCount) }
  /// ds [capacity, L].
  public var dPosteriorLogVariance: Matrix { encoder.dOutput.columns(latentCount..<2 * latentCount) }
  /// The rows of the latents of some examples.
  public func latents(of examples: Range<Int>) -> Range<Int> {
    examples.lowerBound * samples..<examples.upperBound * samples
  }

  /// The decoder's output [capacity·K, D]: logits under a Bernoulli likelihood, means under a Gaussian one.
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
