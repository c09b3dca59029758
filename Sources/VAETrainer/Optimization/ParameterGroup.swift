import VAEKernels

/// The parameters that weight decay acts on, by what they are.
public enum DecayedParameters: String, Sendable, Codable, CaseIterable {
  /// Every parameter.
  case all
  /// The factors of products alone: no bias, and no number that a likelihood learns.
  case weights

  /// Whether a parameter of this tensor decays.
  func contains(_ tensor: ParameterLayout.Tensor) -> Bool {
    switch self {
    case .all: true
    case .weights: tensor.isWeight
    }
  }
}

/// Floats beside each other in an arena that are updated alike.
struct ParameterGroup: Sendable, Equatable {
  /// Their places, with what lies between blocks for alignment.
  var floats: Range<Int>
  /// Whether weight decay acts on them.
  let decays: Bool

  /// All floats of an arena, in order, in as few groups as there can be.
  static func groups(of layout: ParameterLayout, decayed: DecayedParameters) -> [ParameterGroup] {
    var groups: [ParameterGroup] = []
    for (index, block) in layout.blocks.enumerated() {
      let end = index + 1 < layout.blocks.count ? layout.blocks[index + 1].offset : layout.count
      // The tensors of one block are all of one kind.
      let decays = layout.tensors.first { $0.block == block }.map(decayed.contains) ?? false
      if groups.last?.decays == decays {
        groups[groups.count - 1].floats = groups[groups.count - 1].floats.lowerBound..<end
      } else {
        groups.append(ParameterGroup(floats: block.offset..<end, decays: decays))
      }
    }
    return groups
  }
}
