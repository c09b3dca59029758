/// Everything a forward and backward pass writes, for up to `capacity` examples, allocated once.
///
/// Row i of every matrix belongs to example i of the minibatch; a short minibatch uses the first rows. The passes are
/// functions of `VariationalAutoencoder` that take a range of rows, so that several threads can work in one
/// workspace, each on its own rows.
public final class Workspace: Sendable {
  /// The largest minibatch.
  public let capacity: Int
  /// Whether it has room for gradients.
  public let hasGradients: Bool

  /// The two factors of each layer's parameter gradient, encoder first.
  public let gradientTerms: [GradientTerm]

  private let matrices: Matrices
  private let buffer: AlignedBuffer
  private let latentCount: Int

  /// Room for `capacity` examples of `model`'s shape; without `gradients`, for forward passes only.
  public init(for model: VariationalAutoencoder, capacity: Int, gradients: Bool = true) {
    precondition(capacity > 0, "a workspace for \(capacity) examples")
    self.capacity = capacity
    hasGradients = gradients
    latentCount = model.architecture.latentCount
    var measure = WorkspaceStorage()
    _ = Matrices(&measure, for: model, capacity: capacity, gradients: gradients)
    buffer = AlignedBuffer(count: measure.count)
    var storage = WorkspaceStorage(buffer)
    matrices = Matrices(&storage, for: model, capacity: capacity, gradients: gradients)
    gradientTerms =
      gradients
      ? model.encoder.gradientTerms(matrices.input, matrices.encoder)
        + model.decoder.gradientTerms(matrices.latent, matrices.decoder) : []
  }

  /// All there is, in the order in which it is cut from one buffer.
  private struct Matrices {
    let input: Matrix
    let noise: Matrix
    let latent: Matrix
    let dLatent: Matrix
    let reconstructionLoss: Matrix
    let klDivergence: Matrix
    let encoder: DenseNetwork.Activations
    let decoder: DenseNetwork.Activations

    init(_ storage: inout WorkspaceStorage, for model: VariationalAutoencoder, capacity: Int, gradients: Bool) {
      let architecture = model.architecture
      input = storage.matrix(rows: capacity, columns: architecture.inputCount)
      noise = storage.matrix(rows: capacity, columns: architecture.latentCount)
      latent = storage.matrix(rows: capacity, columns: architecture.latentCount)
      dLatent = storage.matrix(rows: gradients ? capacity : 0, columns: architecture.latentCount)
      reconstructionLoss = storage.matrix(rows: 1, columns: capacity)
      klDivergence = storage.matrix(rows: 1, columns: capacity)
      encoder = model.encoder.makeActivations(&storage, capacity: capacity, training: gradients)
      decoder = model.decoder.makeActivations(&storage, capacity: capacity, training: gradients)
    }
  }

  /// x [capacity, D]: the caller fills it.
  public var input: Matrix { matrices.input }
  /// ε [capacity, L]: the caller fills it.
  public var noise: Matrix { matrices.noise }
  /// z [capacity, L].
  public var latent: Matrix { matrices.latent }
  /// dz [capacity, L].
  public var dLatent: Matrix { matrices.dLatent }
  /// −log p(x|z) of each example, [1, capacity], nats.
  public var reconstructionLoss: Matrix { matrices.reconstructionLoss }
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
  /// The decoder's output [capacity, D]: logits under a Bernoulli likelihood, means under a Gaussian one.
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
