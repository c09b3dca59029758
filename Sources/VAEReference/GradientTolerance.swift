/// How far a `Float` gradient may lie from the true one, relative to the scale of its tensor (see `GradientCheck`).
///
/// A `Float` rounds by u = 2⁻²⁴ ≈ 6e-8. An element of a gradient is a sum of n products, and n roundings of either
/// sign leave about √n u of the typical element; the elementary functions add an ulp or two; the worst of some
/// thousands of elements lies four or five times beyond the typical. For n up to a thousand that is 1e-5 a layer
/// passed through, and errors of successive layers at most add up. In practice a model of six layers stays below
/// 1e-6 (PyTorch in float32 against itself in float64, on the models of `Scripts/make-fixtures.py`: 5e-7), so the
/// bound is for wide layers, and far below any mistake in a formula.
public enum GradientTolerance {
  /// For one layer, loss or latent by itself.
  public static let perLayer = 1e-5

  /// For a chain of `layers` of them. A whole model has its hidden layers, the head, the sample, the output and
  /// the loss.
  public static func through(layers: Int) -> Double { perLayer * Double(max(layers, 1)) }

  /// The share of coordinates or directions that may be undefined, for a kink of relu lies too near.
  public static let undefinedShare = 0.02
}
