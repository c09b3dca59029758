/// A bend in the KL term of the evidence lower bound, so that the latent is used as much as one wants.
///
/// With K_l the KL divergence of latent dimension l, averaged over the minibatch, and K = Σ K_l, the term β K becomes
///
///     free bits     β Σ max(λ, K_l)        its gradient that of β K in dimensions with K_l > λ, and 0 in the others
///     capacity      β |K − C|              its gradient sign(K − C) times that of β K
///
/// Free bits let every dimension carry λ nats at no cost, so that none is switched off in the first epochs (Kingma et al.
/// 2016, section 2.3, with one dimension a group). A capacity C that rises in the course of training lets the latent take
/// up the data's factors one after the other (Burgess et al. 2018, equation 8, whose γ is β here).
public struct KLConstraint: Sendable, Hashable, Codable {
  /// What becomes of the term.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// β K as it is.
    case none
    /// β Σ max(λ, K_l).
    case freeBits = "free-bits"
    /// β |K − C|.
    case capacity
  }

  /// What becomes of the term.
  public var kind: Kind
  /// λ, in nats per dimension, or C, in nats.
  public var nats: Float

  /// A constraint of any kind.
  public init(_ kind: Kind, nats: Float) {
    self.kind = kind
    self.nats = nats
  }

  /// β K as it is.
  public static let none = KLConstraint(.none, nats: 0)
  /// β Σ max(`nats`, K_l).
  public static func freeBits(_ nats: Float) -> KLConstraint { KLConstraint(.freeBits, nats: nats) }
  /// β |K − `nats`|.
  public static func capacity(_ nats: Float) -> KLConstraint { KLConstraint(.capacity, nats: nats) }

  /// The term over β and its slope with respect to K_l, by dimension, given K_l [1, L].
  func term(_ means: Matrix) -> Double {
    var sum = 0.0
    for dimension in 0..<means.columns {
      let mean = Double(means.base[dimension])
      sum += kind == .freeBits ? max(Double(nats), mean) : mean
    }
    return kind == .capacity ? abs(sum - Double(nats)) : sum
  }

  /// The slope of the term over β with respect to each K_l.
  func slope(_ dimension: Int, _ means: Matrix) -> Float {
    switch kind {
    case .none: return 1
    case .freeBits: return means.base[dimension] > nats ? 1 : 0
    case .capacity:
      var sum: Float = 0
      for dimension in 0..<means.columns { sum += means.base[dimension] }
      return sum > nats ? 1 : sum < nats ? -1 : 0
    }
  }

  /// Multiplies the gradient of K, which d(head) has, by the slopes.
  func backward(_ pass: Pass, _ divergence: any Divergence, means: Matrix) {
    for dimension in 0..<means.columns {
      let slope = slope(dimension, means)
      if slope != 1 { divergence.scaleGradient(pass, dimension: dimension, by: slope) }
    }
  }

  /// The constraint at a step at which a rising capacity has come to a `fraction` of C.
  func risen(to fraction: Float) -> KLConstraint {
    kind == .capacity ? .capacity(nats * fraction) : self
  }

  // MARK: Words

  /// "free-bits 0.5", "capacity 20", or nothing.
  init(_ settings: inout Settings) throws {
    guard !settings.isAtEnd else {
      self = .none
      return
    }
    let kinds = Kind.allCases.filter { $0 != .none }.map(\.rawValue)
    let kind = Kind(rawValue: try settings.word(kinds)) ?? .none
    self.init(kind, nats: try settings.number("a number of nats, 0 or more") { $0 >= 0 })
  }

  /// The words that `init` reads.
  var words: [String] { kind == .none ? [] : [kind.rawValue, "\(nats)"] }
}
