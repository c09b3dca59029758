/// How the weight β of the KL term rises from zero at the start of a run.
///
/// β is multiplied by a `Ramp` of the steps of `epochs` and so many `cycles`. Without a warm-up a decoder that learns faster
/// than the encoder may never use some latent dimensions. Sources: Bowman et al. 2016 (linear); Fu et al. 2019, equation 6 with R = ½ (cyclical).
public struct KLWarmUp: Sendable, Hashable, Codable {
  /// The length in epochs, which may be a fraction; 0 for none.
  public var epochs: Double
  /// The length in steps, in place of one in epochs.
  public var steps: Int?
  /// The number of times that β rises.
  public var cycles: Int
  /// Whether β stays as it is during an epoch, and rises between them; else it rises with every step.
  public var isByEpoch: Bool

  /// A warm-up; by default none.
  public init(epochs: Double = 0, steps: Int? = nil, cycles: Int = 1, isByEpoch: Bool = false) {
    self.epochs = epochs
    self.steps = steps
    self.cycles = cycles
    self.isByEpoch = isByEpoch
  }

  /// What is not written is as usual.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    epochs = try values.decode(Double.self, forKey: .epochs)
    steps = try values.decodeIfPresent(Int.self, forKey: .steps)
    cycles = try values.decode(Int.self, forKey: .cycles)
    isByEpoch = try values.decodeIfPresent(Bool.self, forKey: .isByEpoch) ?? false
  }

  private enum CodingKeys: String, CodingKey { case epochs, steps, cycles, isByEpoch }

  /// What is as usual is not written.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(epochs, forKey: .epochs)
    try values.encodeIfPresent(steps, forKey: .steps)
    try values.encode(cycles, forKey: .cycles)
    if isByEpoch { try values.encode(true, forKey: .isByEpoch) }
  }

  /// Whether there is one.
  public var isOn: Bool { epochs > 0 || steps ?? 0 > 0 }

  /// W.
  func length(stepsPerEpoch: Int) -> Double { steps.map { Double($0) } ?? (epochs * Double(stepsPerEpoch)).rounded() }

  /// Throws `TrainingOptionsError` for one that makes no sense in a run of so many epochs, of so many steps where that is
  /// known.
  func validate(epochs total: Int, stepsPerEpoch: Int? = nil) throws {
    let require = TrainingOptionsError.require
    try require(
      epochs >= 0 && epochs <= 1_000_000, "KL warm-up epochs", "0 to 1000000", epochs)
    if let steps {
      try require(epochs == 0, "KL warm-up steps", "none where there are KL warm-up epochs", steps)
      let most = stepsPerEpoch.map { $0 * total } ?? Int.max
      try require((0...most).contains(steps), "KL warm-up steps", "0 to the number of steps (\(most))", steps)
    }
    try require((1...1_000_000).contains(cycles), "KL cycles", "1 to 1000000", cycles)
    try require(cycles == 1 || isOn, "KL cycles", "more than 1 with a warm-up alone", "\(cycles) without it")
  }

  /// What to multiply β by, for the step after `completed` others.
  public func factor(completed: Int, stepsPerEpoch: Int) -> Float {
    let completed = isByEpoch ? completed / stepsPerEpoch * stepsPerEpoch : completed
    return Ramp(length: length(stepsPerEpoch: stepsPerEpoch), cycles: cycles).value(completed: completed)
  }
}
