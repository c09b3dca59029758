import VAEKernels

/// An objective as `config.json` has it: in words, "iwae 5 doubly-reparameterized".
@propertyWrapper
public struct InWords: Sendable, Hashable, Codable {
  /// The objective.
  public var wrappedValue: any Objective

  /// An objective.
  public init(wrappedValue: any Objective) {
    self.wrappedValue = wrappedValue
  }

  /// Reads words, or what earlier versions wrote.
  public init(from decoder: any Decoder) throws {
    guard let text = try? decoder.singleValueContainer().decode(String.self) else {
      wrappedValue = try EarlierObjective(from: decoder).objective
      return
    }
    wrappedValue = try decoder.read(text, "objective", decoder.vocabulary.objective)
  }

  /// Writes words.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode("\(wrappedValue)")
  }

  /// As the words compare.
  public static func == (a: InWords, b: InWords) -> Bool { "\(a.wrappedValue)" == "\(b.wrappedValue)" }
  /// As `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine("\(wrappedValue)") }
}
