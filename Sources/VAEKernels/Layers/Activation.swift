/// The function a hidden layer applies to each of its outputs.
///
/// Each has a derivative that is a function of its own value y = f(x), so the backward pass needs y alone, which
/// the next layer keeps anyway as its input:
///
/// | case       | f(x)             | f′ in terms of y |
/// |------------|------------------|------------------|
/// | `identity` | x                | 1                |
/// | `relu`     | max(x, 0)        | 1 if y > 0 else 0 |
/// | `tanh`     | tanh x           | 1 − y²           |
/// | `sigmoid`  | 1 / (1 + e⁻ˣ)    | y (1 − y)        |
/// | `softplus` | log(1 + eˣ)      | 1 − e⁻ʸ          |
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
}
