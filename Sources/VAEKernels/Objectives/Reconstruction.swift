/// The reconstruction loss of an autoencoder, and a `Sparsity` of its code.
///
///     rec + sparsity(z)          nats an example
public struct Reconstruction: Objective {
  /// "reconstruction".
  public static let name = "reconstruction"

  /// What keeps the code small.
  public let sparsity: Sparsity

  /// With a penalty, or none.
  public init(_ sparsity: Sparsity = .none) {
    self.sparsity = sparsity
  }

  /// "reconstruction", "reconstruction l1 0.001", "reconstruction kl 0.001 0.05".
  public init(_ settings: inout Settings) throws {
    self.init(try Sparsity(&settings))
  }

  /// As `init(_:)` reads them.
  public var settings: [String] { sparsity.words }
  /// One: nothing is drawn.
  public var samples: Int { 1 }
  /// The penalty.
  public var latentTerm: LatentTerm { .penalty(sparsity) }
  /// There is one.
  public var weighsSamplesAlike: Bool { true }

  /// ℓ₁.
  public func bound(
    _ logWeights: UnsafeBufferPointer<Double>, slopes: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    slopes[0] = 1
    return logWeights[0]
  }
}

extension Objective where Self == Reconstruction {
  /// The reconstruction loss alone.
  public static var reconstruction: Reconstruction { Reconstruction() }
}
