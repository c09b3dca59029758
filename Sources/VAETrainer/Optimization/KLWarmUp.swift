/// How the weight β of the KL term rises from zero at the start of a run.
///
/// With t the number of steps already made, W the steps of `epochs` and M `cycles`, β is multiplied by
///
///     M = 1     min(1, t / W)                                   linear
///     M > 1     min(1, 2 (M t / W − ⌊M t / W⌋)) while t < W     cyclical: each cycle rises for half its length
///
/// and by 1 from step W on. Without a warm-up a decoder that learns faster than the encoder may never use some latent
/// dimensions. Sources: Bowman et al. 2016 (linear); Fu et al. 2019, equation 6 with R = ½ (cyclical).
public struct KLWarmUp: Sendable, Hashable, Codable {
  /// The length in epochs, which may be a fraction; 0 for none.
  public var epochs: Double
  /// The number of times that β rises.
  public var cycles: Int

  /// A warm-up; by default none.
  public init(epochs: Double = 0, cycles: Int = 1) {
    self.epochs = epochs
    self.cycles = cycles
  }

  /// What to multiply β by, for the step after `completed` others.
  public func factor(completed: Int, stepsPerEpoch: Int) -> Float {
    let length = (epochs * Double(stepsPerEpoch)).rounded()
    guard Double(completed) < length else { return 1 }
    let position = Double(cycles) * Double(completed) / length
    return cycles == 1 ? Float(position) : Float(min(1, 2 * (position - position.rounded(.down))))
  }
}
