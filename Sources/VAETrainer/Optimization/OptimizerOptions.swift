/// How a gradient becomes a step: the rule, and the decay that comes before it.
///
/// In `config.json`
///
///     {"method": "rmsprop", "learning_rate": 0.001, "smoothing": 0.99, "epsilon": 1e-8,
///      "l2_penalty": 0, "decayed": "all"}
///
/// with the rule's own constants by their names. The first version wrote the constants of all its rules beside each
/// other, and no decay but AdamW's own; what the rule has no use for is passed over.
public struct OptimizerOptions: Sendable {
  /// The rule.
  public var rule: any Optimizer
  /// λ of ½ λ Σ θ², a term of what is minimised that no loss reports; 0 for none. PyTorch calls it `weight_decay` in all
  /// its rules but AdamW. It is added to the gradient after clipping.
  public var l2Penalty: Float
  /// What the penalty, and the decay of a rule that has one, act on.
  public var decayed: DecayedParameters

  /// A rule, without a penalty unless said otherwise.
  public init(_ rule: any Optimizer = Adam(), l2Penalty: Float = 0, decayed: DecayedParameters = .all) {
    self.rule = rule
    self.l2Penalty = l2Penalty
    self.decayed = decayed
  }

  /// The rule's α before any schedule.
  public var learningRate: Float {
    get { rule.learningRate }
    set { rule.learningRate = newValue }
  }

  /// The smallest penalty: the gradient is divided by it.
  private static let smallestPenalty: Float = 1e-9

  /// Throws `TrainingOptionsError` for constants that make no sense.
  func validate() throws {
    try rule.validate()
    guard l2Penalty == 0 || (Self.smallestPenalty...1).contains(l2Penalty) else {
      throw TrainingOptionsError("L2 penalty", expected: "0, or \(Self.smallestPenalty) to 1", found: l2Penalty)
    }
  }
}

extension OptimizerOptions: Hashable {
  /// The same rule by name, with the same constants.
  public static func == (a: OptimizerOptions, b: OptimizerOptions) -> Bool {
    a.rule.name == b.rule.name && a.learningRate == b.learningRate && a.rule.values == b.rule.values
      && a.l2Penalty == b.l2Penalty && a.decayed == b.decayed
  }

  /// As `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rule.name)
    hasher.combine(learningRate)
    hasher.combine(rule.values)
    hasher.combine(l2Penalty)
    hasher.combine(decayed)
  }
}

extension CodingUserInfoKey {
  /// Where a decoder finds the rules that a file may name, `[any Optimizer.Type]`; without it, `Optimizers.standard`.
  public static let optimizers = CodingUserInfoKey(rawValue: "optimizers")!
}

extension OptimizerOptions: Codable {
  /// Fixed names and, for a rule's constants, any.
  private struct Key: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init(stringLiteral name: String) { stringValue = name }
    init?(intValue: Int) { nil }

    /// "weight decay" as "weightDecay".
    init(words: String) {
      let parts = words.split(separator: " ")
      stringValue = String(parts[0]) + parts.dropFirst().map(\.capitalized).joined()
    }
  }

  /// Reads a rule by its name, and the constants that it has.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let rules = decoder.userInfo[.optimizers] as? [any Optimizer.Type] ?? Optimizers.standard
    let name = try values.decode(String.self, forKey: "method")
    guard let type = rules.first(where: { $0.name == name }) else {
      throw DecodingError.dataCorruptedError(
        forKey: "method", in: values, debugDescription: "there is no optimiser \"\(name)\"")
    }
    var rule = type.init()
    rule.learningRate = try values.decode(Float.self, forKey: "learningRate")
    for constant in type.constantNames {
      rule.set(constant, to: try values.decode(Float.self, forKey: Key(words: constant)))
    }
    self.init(
      rule, l2Penalty: try values.decodeIfPresent(Float.self, forKey: "l2Penalty") ?? 0,
      decayed: try values.decodeIfPresent(DecayedParameters.self, forKey: "decayed") ?? .all)
  }

  /// Writes the rule's name and the constants that it has.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(rule.name, forKey: "method")
    try values.encode(learningRate, forKey: "learningRate")
    for (constant, value) in rule.values { try values.encode(value, forKey: Key(words: constant)) }
    try values.encode(l2Penalty, forKey: "l2Penalty")
    try values.encode(decayed, forKey: "decayed")
  }
}
