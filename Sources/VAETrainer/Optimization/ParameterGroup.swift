import VAEKernels

/// The parameters that weight decay acts on, by what they are.
public enum DecayedParameters: String, Sendable, Codable, CaseIterable {
  /// Every parameter.
  case all
  /// The factors of products alone: no bias, and no number that a likelihood learns.
  case weights

  /// Whether a parameter of this block decays.
  func contains(_ block: ParameterLayout.Block) -> Bool {
    switch self {
    case .all: true
    case .weights: block.kind == .weight
    }
  }
}

/// Floats beside each other in an arena that are updated alike.
struct ParameterGroup: Sendable, Equatable {
  /// Their places, with what lies between blocks for alignment.
  var floats: Range<Int>
  /// Whether weight decay acts on them.
  let decays: Bool

  /// The floats that an optimiser changes where it trains `parts` of a model, in order, in as few groups as there can be.
  static func groups(of layout: ParameterLayout, trained parts: ModelParts, decayed: DecayedParameters)
    -> [ParameterGroup]
  {
    [true, false].flatMap { decays in
      layout.ranges { $0.isTrained(in: parts) && decayed.contains($0) == decays }
        .map { ParameterGroup(floats: $0, decays: decays) }
    }.sorted { $0.floats.lowerBound < $1.floats.lowerBound }
  }
}
