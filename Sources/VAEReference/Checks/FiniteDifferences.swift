/// Slopes of a scalar function of a vector, from its values alone.
///
/// The central difference (f(x + h) − f(x − h)) / 2h has two errors. Cutting off the Taylor series costs
/// h² |f‴| / 6. Rounding costs about u m |f| / h, where u = 2⁻⁵³ and m, some tens, stands for the roundings inside
/// f. Their sum is least near h = ∛u ≈ 5e-6, where it is about 1e-10. The step here is 1e-6 · max(1, |x|), a
/// little smaller, because what spoils a check in practice is a kink of relu within h of x, and those are met in
/// proportion to h; the error remains near 1e-9, a hundredth of the rounding of the `Float` it is compared with.
/// Source of the analysis: Nocedal and Wright, "Numerical optimization", 2nd edition, section 8.1.
public enum FiniteDifferences {
  /// h where |x| ≤ 1, and h / |x| elsewhere.
  public static let relativeStep = 1e-6

  /// Smaller steps to fall back on where a kink lies within the usual one, at the price of more rounding: large
  /// models of relu units have so many kinks that a direction often meets one.
  public static let smallerRelativeSteps = [1e-7, 1e-8]

  /// What three values of a function say about its slope at the middle one.
  public struct Slope: Sendable, Equatable {
    /// The slope on the left, (f(x) − f(x − h)) / h.
    public let backward: Double
    /// The slope on the right, (f(x + h) − f(x)) / h.
    public let forward: Double
    /// The slope across, (f(x + h) − f(x − h)) / 2h.
    public let central: Double
    /// An upper bound, in practice, on what rounding inside f adds to any of the three.
    public let rounding: Double

    /// How far left and right disagree. A smooth function makes it h |f″|; a single kink within h of x makes it
    /// exactly twice the error of `central`, wherever in the interval the kink lies, x itself included. (Two step
    /// sizes compared, the usual test, miss a kink at x: both give the mean of the two slopes.)
    public var disagreement: Double { abs(forward - backward) }
  }

  /// The slope of `f` at `point` along one coordinate, where f(point) = `value`.
  public static func slope(
    of f: ([Double]) -> Double, at point: [Double], value: Double, coordinate: Int,
    relativeStep: Double = relativeStep
  ) -> Slope {
    let x = point[coordinate]
    let step = relativeStep * max(1, abs(x))
    var moved = point
    moved[coordinate] = x + step
    let above = f(moved)
    let right = moved[coordinate] - x  // the step as rounding left it
    moved[coordinate] = x - step
    let below = f(moved)
    let left = x - moved[coordinate]
    return slope(below: below, value: value, above: above, left: left, right: right)
  }

  /// The derivative along a direction: the slope of t ↦ f(point + t · direction) at t = 0, where f(point) =
  /// `value`. The coordinates of the direction should be near 1 in size.
  public static func slope(
    of f: ([Double]) -> Double, at point: [Double], value: Double, direction: [Double],
    relativeStep: Double = relativeStep
  ) -> Slope {
    precondition(
      direction.count == point.count, "a direction of \(direction.count) at a point of \(point.count) coordinates")
    let above = f(zip(point, direction).map { $0 + relativeStep * $1 })
    let below = f(zip(point, direction).map { $0 - relativeStep * $1 })
    return slope(below: below, value: value, above: above, left: relativeStep, right: relativeStep)
  }

  private static func slope(below: Double, value: Double, above: Double, left: Double, right: Double) -> Slope {
    let largest = max(abs(below), abs(value), abs(above))
    return Slope(
      backward: (value - below) / left, forward: (above - value) / right,
      central: (above - below) / (left + right), rounding: 32 * largest.ulp / min(left, right))
  }
}
