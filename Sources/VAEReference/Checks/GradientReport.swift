/// What a comparison of one gradient with finite differences found.
public struct GradientReport: Sendable, CustomStringConvertible {
  /// The place where the two gradients differ most.
  public struct Worst: Sendable, Equatable {
    /// The coordinate, or the number of the direction.
    public let index: Int
    /// The slope according to the gradient under test.
    public let analytic: Double
    /// The slope according to finite differences.
    public let numeric: Double
    /// Their difference relative to scale; infinite where either is not a finite number.
    public let error: Double
  }

  /// What was compared, such as a tensor's name.
  public let name: String
  /// The number of coordinates or directions looked at.
  public internal(set) var count = 0
  /// How many of them had no numeric slope to compare with, for the function has a kink there.
  public internal(set) var undefinedCount = 0
  /// The worst place, or nil if nothing could be compared.
  public internal(set) var worst: Worst?
  /// The largest `error` that passes.
  public let tolerance: Double

  init(name: String, tolerance: Double) {
    self.name = name
    self.tolerance = tolerance
  }

  /// The error at the worst place; 0 if nothing was compared.
  public var maximumError: Double { worst?.error ?? 0 }

  /// Whether too many slopes were undefined for the rest to mean anything.
  public var hasTooManyUndefined: Bool {
    Double(undefinedCount) > GradientTolerance.undefinedShare * Double(count)
  }

  /// Whether the gradient is right, as far as this can tell. A comparison of nothing does not pass.
  public var passed: Bool { worst != nil && maximumError <= tolerance && !hasTooManyUndefined }

  /// One line: the verdict, and the worst place with both slopes.
  public var description: String {
    var text = "\(name): \(passed ? "passed" : "FAILED"), \(count) compared"
    if undefinedCount > 0 { text += ", \(undefinedCount) undefined (kinks)" }
    if let worst {
      text += ", worst at \(worst.index): analytic \(worst.analytic), numeric \(worst.numeric), "
      text += "relative error \(Float(worst.error)), tolerance \(Float(tolerance))"
    }
    return text
  }

  /// Counts one place where there is no numeric slope.
  mutating func addUndefined() {
    count += 1
    undefinedCount += 1
  }

  /// Counts one comparison at `index`; `scale` is what the difference is relative to.
  mutating func add(index: Int, analytic: Double, numeric: Double, scale: Double) {
    count += 1
    let difference = abs(analytic - numeric)
    let error = difference == 0 ? 0 : difference / scale
    let comparable = error.isFinite ? error : .infinity
    if worst == nil || comparable > maximumError {
      worst = Worst(index: index, analytic: analytic, numeric: numeric, error: comparable)
    }
  }
}
