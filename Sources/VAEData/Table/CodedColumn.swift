/// What a column of a table is to a model, and how its numbers become features and features numbers again.
public struct CodedColumn: Sendable, Hashable, Codable {
  /// What its values are.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Any numbers: one feature, `transform` of the number, under a Gaussian with a learned variance.
    case number
    /// Any numbers of which one, `levels[0]`, is in so many rows that it has a probability of its own, as 0 has where most
    /// have nothing: a feature that is 1 there and else 0, under a Bernoulli likelihood, and one that is `transform` of the
    /// number where it is another, under a Gaussian one. A hurdle model (Mullahy 1986).
    case inflated
    /// How many of something: the likelihood is Poisson's, of the count itself; the encoder sees `transform` of
    /// log (1 + count).
    case count
    /// One of two values: a feature that is 0 or 1, under a Bernoulli likelihood.
    case yesNo = "yes-no"
    /// One of several values: a feature for each, one of which is 1, under a softmax.
    case category
    /// One value in every row: no feature.
    case constant
  }

  /// What the model does with it.
  public enum Role: String, Sendable, Codable {
    /// It is modelled.
    case feature
    /// Encoder and decoder are told it, and it is not modelled: one may ask for rows with a value of one's own.
    case condition
  }

  /// Its name.
  public var name: String
  /// What its values are.
  public var kind: Kind
  /// What is done with it.
  public var role = Role.feature
  /// The texts that its numbers stand for, where the file has text.
  public var texts: [String]?
  /// The values that a yes-no, a category or a constant may have, rising; the one that an inflated column has so often.
  public var levels: [Float] = []
  /// Of a number; of log (1 + count).
  public var transform = NumberTransform.identity
  /// Whether there were rows without it.
  public var mayBeMissing = false
  /// The share of them.
  public var missingShare: Float = 0
  /// The most digits behind the point.
  public var decimals = 0
  /// The least number that there was.
  public var lowest: Float = 0
  /// The greatest.
  public var highest: Float = 0

  /// A column.
  public init(name: String, kind: Kind, texts: [String]? = nil, levels: [Float] = []) {
    (self.name, self.kind, self.texts, self.levels) = (name, kind, texts, levels)
  }

  /// A column to be found again, of which no more is known than what a file says.
  init(ofSource source: Table.Column) {
    self.init(name: source.name, kind: .constant, texts: source.texts)
  }

  /// The features that it becomes.
  public var width: Int {
    switch kind {
    case .constant: 0
    case .category: levels.count
    case .inflated: 2
    case .number, .count, .yesNo: 1
    }
  }

  /// As the file has it: for a reader that is to find the same column again.
  public var source: Table.Column { Table.Column(name: name, texts: texts, decimals: decimals) }

  /// "Private", "3": a value as it stands in the file.
  public func text(of value: Float) -> String {
    if let texts {
      return value >= 0 && value < Float(texts.count) ? texts[Int(value)] : ""
    }
    return DecimalText.of(value, decimals: decimals)
  }

  /// The texts of its levels.
  public var levelTexts: [String] { levels.map(text(of:)) }

  private enum CodingKeys: String, CodingKey {
    case name, kind, role, texts, levels, transform, mayBeMissing, missingShare, decimals, lowest, highest
  }

  /// Reads a column; throws where no column can be so.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    kind = try values.decode(Kind.self, forKey: .kind)
    role = try values.decodeIfPresent(Role.self, forKey: .role) ?? .feature
    texts = try values.decodeIfPresent([String].self, forKey: .texts)
    levels = try values.decodeIfPresent([Float].self, forKey: .levels) ?? []
    transform = try values.decodeIfPresent(NumberTransform.self, forKey: .transform) ?? .identity
    mayBeMissing = try values.decodeIfPresent(Bool.self, forKey: .mayBeMissing) ?? false
    missingShare = try values.decodeIfPresent(Float.self, forKey: .missingShare) ?? 0
    decimals = try values.decodeIfPresent(Int.self, forKey: .decimals) ?? 0
    lowest = try values.decodeIfPresent(Float.self, forKey: .lowest) ?? 0
    highest = try values.decodeIfPresent(Float.self, forKey: .highest) ?? 0
    let needed: ClosedRange<Int> =
      switch kind {
      case .number, .count: 0...0
      case .inflated: 1...1
      case .yesNo: 2...2
      case .category: 2...Int.max
      case .constant: 0...1
      }
    guard needed.contains(levels.count), zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 }),
      transform.isValid, levels.allSatisfy({ $0.isFinite }), lowest <= highest, (0...20).contains(decimals),
      texts == nil || levels.allSatisfy({ $0 >= 0 && Int(exactly: $0).map { $0 < texts!.count } ?? false })
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no column \"\(name)\" can be so"))
    }
  }

  /// Writes what differs from the usual.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encode(kind, forKey: .kind)
    if role != .feature { try values.encode(role, forKey: .role) }
    try values.encodeIfPresent(texts, forKey: .texts)
    if !levels.isEmpty { try values.encode(levels, forKey: .levels) }
    if !transform.isIdentity { try values.encode(transform, forKey: .transform) }
    if mayBeMissing { try values.encode(mayBeMissing, forKey: .mayBeMissing) }
    if missingShare != 0 { try values.encode(missingShare, forKey: .missingShare) }
    if decimals != 0 { try values.encode(decimals, forKey: .decimals) }
    if texts == nil {
      try values.encode(lowest, forKey: .lowest)
      try values.encode(highest, forKey: .highest)
    }
  }
}
