/// The function a hidden layer applies to each of its outputs.
///
/// Most have a derivative that is a function of their own value y = f(x), so the backward pass needs y alone, which
/// the next layer keeps anyway as its input. `gelu` and `silu` fall before they rise and take most negative values twice,
/// with different slopes: their derivative needs x.
///
/// | case        | f(x)                   | f′ in terms of y, or of x |
/// |-------------|------------------------|---------------------------|
/// | `identity`  | x                      | 1                         |
/// | `relu`      | max(x, 0)              | 1 if y > 0 else 0         |
/// | `tanh`      | tanh x                 | 1 − y²                    |
/// | `sigmoid`   | 1 / (1 + e⁻ˣ)          | y (1 − y)                 |
/// | `softplus`  | log(1 + eˣ)            | 1 − e⁻ʸ                   |
/// | `elu`       | x if x > 0 else eˣ − 1 | 1 if y > 0 else y + 1     |
/// | `gelu`      | x Φ(x)                 | Φ(x) + x φ(x)             |
/// | `silu`      | x σ(x)                 | σ(x) (1 + x σ(−x))        |
/// | `leakyReLU` | x if x > 0 else 0.01 x | 1 if y > 0 else 0.01      |
///
/// Φ and φ are the distribution and the density of N(0, 1), σ is `sigmoid`.
public enum Activation: String, Sendable, Codable, CaseIterable {
  /// y = x.
  case identity
  /// y = max(x, 0), with derivative 0 at 0.
  case relu
  /// y = tanh x.
  case tanh
  /// y = 1 / (1 + e⁻ˣ).
  case sigmoid
  /// y = log(1 + eˣ).
  case softplus
  /// y = x above 0, eˣ − 1 below: Clevert, Unterthiner and Hochreiter (2016) with α = 1.
  case elu
  /// y = x Φ(x) = x/2 (1 + erf(x/√2)): Hendrycks and Gimpel (2016), the exact form.
  case gelu
  /// y = x / (1 + e⁻ˣ): Hendrycks and Gimpel (2016); "swish" to Ramachandran, Zoph and Le (2017).
  case silu
  /// y = x above 0, 0.01 x below, with derivative 0.01 at 0: Maas, Hannun and Ng (2013).
  case leakyReLU = "leaky-relu"

  /// Whether f′ is taken at x, not at y: so for `gelu` and `silu` alone.
  public var gradientIsOfInput: Bool { self == .gelu || self == .silu }
}
