/// Some parts of a model, for what works on one alone: pretraining, and holding a part as it is.
public struct ModelParts: OptionSet, Sendable, Hashable, Codable, CustomStringConvertible {
  /// The set's bits.
  public let rawValue: Int
  /// A set of parts.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// x → posterior.
  public static let encoder = ModelParts(rawValue: 1)
  /// Latent → output, and what the likelihood learns beside it.
  public static let decoder = ModelParts(rawValue: 2)
  /// The whole model.
  public static let all: ModelParts = [.encoder, .decoder]

  private static let names: [(name: String, parts: ModelParts)] = [("encoder", .encoder), ("decoder", .decoder)]

  /// "encoder", "decoder", "encoder and decoder", or "none".
  public var description: String {
    isEmpty ? "none" : Self.names.filter { contains($0.parts) }.map(\.name).joined(separator: " and ")
  }

  /// Reads an array of names.
  public init(from decoder: any Decoder) throws {
    let names = try decoder.singleValueContainer().decode([String].self)
    self.init(names.compactMap { name in Self.names.first { $0.name == name }?.parts })
  }

  /// Writes an array of names.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(Self.names.filter { contains($0.parts) }.map(\.name))
  }
}
