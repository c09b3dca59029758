/// How far a `Float` gradient may lie from the true one, relative to the scale of its tensor (see `GradientCheck`).
///
/// A `Float` rounds by u = 2⁻²⁴ ≈ 6e-8. An element of a gradient is a sum of n products, and n roundings of either
/// sign leave about √n u of the typical element; the elementary functions add an ulp or two; the worst of some
/// thousands of elements lies four or five times beyond the typical. For n up to a thousand that is 1e-5 a layer
/// passed through, and errors of successive layers at most add up. Whole models are usually a hundred times better:
/// 6e-7 at worst over the models of `Scripts/make-fixtures.py` and over random directions at 784–512–2–512–784, and
/// PyTorch in float32 against itself in float64 is no different. What is left is room for wider layers and other
/// processors, and lies far below any mistake in a formula.
public enum GradientTolerance {
  /// For one layer, loss or latent by itself.
  public static let perLayer = 1e-5

  /// For a chain of `layers` of them. A whole model has its hidden layers, the head, the sample, the output and
  /// the loss.
  public static func through(layers: Int) -> Double { perLayer * Double(max(layers, 1)) }

  /// The share of coordinates or directions that may be undefined, for a kink of relu lies too near.
  public static let undefinedShare = 0.02
}
