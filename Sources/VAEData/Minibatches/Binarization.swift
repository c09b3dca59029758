import VAEKernels

/// Whether, and how, grey pixels become black and white before the model sees them.
public enum Binarization: String, Sendable, Codable, CaseIterable {
  /// Pixels stay grey.
  case none
  /// White from one half up.
  case threshold
  /// White with the pixel as probability, drawn once: an example looks the same in every epoch.
  case `static`
  /// White with the pixel as probability, drawn afresh in every epoch (Salakhutdinov and Murray 2008).
  case dynamic

  /// Where the draws come from: the one place that says what "once" and "afresh" mean.
  ///
  /// A draw depends on the stream and on the example's index. So `static` has epoch 0 always, and `dynamic` the
  /// epoch at hand; the other two draw nothing. A held-out set that is to look the same at every evaluation is given
  /// epoch 0 by its caller.
  public func stream(seed: UInt64, purpose: RandomStream.Purpose, epoch: UInt32) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, epoch: self == .dynamic ? epoch : 0)
  }
}
