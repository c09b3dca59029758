import VAEKernels

/// What is done to examples before the encoder sees them, while the example itself is what is to be reconstructed: the
/// training of a denoising autoencoder (Vincent, Larochelle, Bengio and Manzagol 2008, section 2.3).
public struct Corruption: Sendable, Hashable, Codable {
  /// What is done.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Nothing.
    case none
    /// A normal number of deviation `amount` is added to every feature.
    case gaussian
    /// A feature becomes 0 with probability `amount`.
    case masking
  }

  /// What is done.
  public var kind: Kind
  /// How much of it.
  public var amount: Float

  /// A corruption.
  public init(_ kind: Kind, amount: Float) {
    self.kind = kind
    self.amount = amount
  }

  /// Nothing is done.
  public static let none = Corruption(.none, amount: 0)

  /// Writes corrupted rows of `clean` to `batch`; row i by the numbers of `examples[i]` in `stream`. Allocates nothing.
  public func apply(
    to clean: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>, into batch: Matrix
  ) {
    let math = VectorMath.active
    switch kind {
    case .none:
      batch.copy(clean)
    case .gaussian:
      math.fillNormal(batch, stream, examples: examples)
      math.addScaled(batch, scale: amount, to: clean)
    case .masking:
      math.fillUniform(batch, stream, examples: examples)
      math.keep(clean, where: batch, isAtLeast: amount)
    }
  }
}
