/// What the minibatches of some data carry, and in which form: what a `Workspace` is made for.
public struct MinibatchForm: Sendable, Hashable {
  /// How the numbers of the examples are there.
  public enum Features: Sendable, Hashable {
    /// All of them.
    case dense
    /// All of them; `encode` collects those that are not zero for the encoder's first layer, which goes over them alone.
    case collected
    /// Those that are not zero, of which an example has at most `most`; and all of them too where `withZeros`.
    case entries(most: Int, withZeros: Bool)
  }

  /// What they carry beside x.
  public var side: SideInputs
  /// How x is there.
  public var features: Features

  /// A form.
  public init(side: SideInputs = [], features: Features = .dense) {
    self.side = side
    self.features = features
  }

  /// The share of an example's numbers that are not zero below which a first layer goes over those alone. Where that begins to
  /// pay has been measured per instruction set by `vae-bench sparse`, collecting included: at 0.42 with AVX-512, 0.38 with
  /// AVX2, 0.19 without either, where OpenBLAS multiplies; these are at a fifth more speed. NEON's is a guess.
  public static var densityThreshold: Double {
    switch VectorMath.active.instructionSet {
    case "avx512": 0.35
    case "avx2": 0.3
    case "neon": 0.25
    default: 0.15
    }
  }

  /// The same with all numbers of x, for who looks at them.
  public var withZeros: MinibatchForm {
    guard case .entries(let most, _) = features else { return self }
    return MinibatchForm(side: side, features: .entries(most: most, withZeros: true))
  }

  /// Whether the matrices of x have all its numbers.
  var hasZeros: Bool { if case .entries(_, let withZeros) = features { withZeros } else { true } }

  /// Whether the entries come with the data.
  var hasEntries: Bool { if case .entries = features { true } else { false } }

  /// The most entries of an example of so many features for which there is room; 0 where there are none.
  func mostEntries(of features: Int) -> Int {
    switch self.features {
    case .dense: 0
    case .collected: features
    // One at least, so that an example without any has a place.
    case .entries(let most, _): max(1, min(most, features))
    }
  }
}
