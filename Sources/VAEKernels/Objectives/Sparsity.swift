import CStandardLibrary

/// A penalty on the activity of an autoencoder's code z [B, L], added to the reconstruction loss of each example.
///
///     l1    λ Σ over l of |z_l|                                     dz += λ sign z
///     kl    λ Σ over l of (ρ log ρ/ρ̂_l + (1−ρ) log (1−ρ)/(1−ρ̂_l))    dz += λ ((1−ρ)/(1−ρ̂_l) − ρ/ρ̂_l)
///
/// where ρ̂_l is the average of z_l over the minibatch, so that the second needs a code between 0 and 1: it is the KL
/// divergence of a Bernoulli variable that is on with probability ρ from one that is on as often as unit l. Both
/// gradients times `scale`, which carries the 1/B of the average. Sources: Ng 2011, "Sparse autoencoder", section 3 (kl);
/// Ranzato, Boureau and LeCun 2007 (a code made sparse by a penalty on its size).
public struct Sparsity: Sendable, Hashable, Codable {
  /// Which penalty.
  public enum Penalty: String, Sendable, Codable, CaseIterable {
    /// No penalty.
    case none
    /// On the size of every element.
    case l1
    /// On how often a unit is on.
    case kl
  }

  /// Which penalty.
  public var penalty: Penalty
  /// λ.
  public var weight: Float
  /// ρ, for `kl`.
  public var target: Float

  /// A penalty.
  public init(_ penalty: Penalty, weight: Float = 1e-3, target: Float = 0.05) {
    self.penalty = penalty
    self.weight = weight
    self.target = target
  }

  /// No penalty.
  public static let none = Sparsity(.none, weight: 0)

  /// The penalty of the code in row `row` of `code`; ρ̂ [1, L] for `kl`.
  func penalty(of code: Matrix, row: Int, means: Matrix) -> Double {
    var sum = 0.0
    switch penalty {
    case .none: break
    case .l1:
      for dimension in 0..<code.columns { sum += Double(abs(code.base[row * code.stride + dimension])) }
    case .kl:
      let target = Double(target)
      for dimension in 0..<code.columns {
        let mean = Self.within(Double(means.base[dimension]))
        sum += target * log(target / mean) + (1 - target) * log((1 - target) / (1 - mean))
      }
    }
    return Double(weight) * sum
  }

  /// dz ← the penalty's gradient, for the rows of `code`.
  func backward(code: Matrix, means: Matrix, scale: Float, into dCode: Matrix) {
    for dimension in 0..<code.columns {
      let mean = Float(Self.within(Double(means.base[dimension])))
      let slope = weight * scale * ((1 - target) / (1 - mean) - target / mean)
      for row in 0..<code.rows {
        let place = row * code.stride + dimension
        switch penalty {
        case .none: dCode.base[row * dCode.stride + dimension] = 0
        case .l1:
          let value = code.base[place]
          dCode.base[row * dCode.stride + dimension] = value > 0 ? weight * scale : value < 0 ? -weight * scale : 0
        case .kl: dCode.base[row * dCode.stride + dimension] = slope
        }
      }
    }
  }

  /// A unit that is on, or off, in every example of a minibatch would have an infinite penalty.
  private static func within(_ mean: Double) -> Double { min(max(mean, 1e-6), 1 - 1e-6) }

  func validate(for activation: Activation) throws {
    guard weight.isFinite && weight >= 0 else { throw ObjectiveError.sparsityWeight(weight) }
    guard target > 0 && target < 1 else { throw ObjectiveError.sparsityTarget(target) }
    if penalty == .kl && activation != .sigmoid { throw ObjectiveError.sparsityOfUnboundedCode(activation) }
  }

  // MARK: Words

  /// "l1 0.001", "kl 0.001 0.05", or nothing.
  init(_ settings: inout Settings) throws {
    guard !settings.isAtEnd else {
      self = .none
      return
    }
    let penalties = Penalty.allCases.filter { $0 != .none }.map(\.rawValue)
    let penalty = Penalty(rawValue: try settings.word(penalties)) ?? .none
    let defaults = Sparsity(penalty)
    let weight = try settings.number("a weight, 0 or more", otherwise: defaults.weight) { $0 >= 0 }
    self.init(
      penalty, weight: weight,
      target: penalty == .kl
        ? try settings.number("a number above 0 and below 1", otherwise: defaults.target) { $0 > 0 && $0 < 1 }
        : defaults.target)
  }

  /// The words that `init` reads.
  var words: [String] {
    switch penalty {
    case .none: []
    case .l1: [penalty.rawValue, "\(weight)"]
    case .kl: [penalty.rawValue, "\(weight)", "\(target)"]
    }
  }
}
