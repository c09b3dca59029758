/// Compares a gradient derived by hand, in `Float`, with finite differences of the same function in `Double`.
///
/// It works for any scalar function of a vector: the objective of a model as a function of one parameter tensor,
/// or, for one layer, Σ wᵢ·yᵢ of its outputs y with fixed weights w, whose gradient is what the layer's backward
/// pass gives for dY = w.
///
/// Errors are relative to the larger of the two slopes, but no less than the root mean square of the tensor's
/// numeric gradient: an element that came out small because large terms cancelled carries the rounding of the
/// large ones. Nor are they finer than the rounding of the differences themselves. A gradient that is zero as far as
/// differences can tell, such as that of a bias which a normalisation takes out again, has no scale of its own: of a
/// model, it is compared with the largest of the other tensors' root mean squares.
public enum GradientCheck {
  /// Compares along each coordinate, or along those of `coordinates` where a tensor is too large for all.
  ///
  /// - Parameters:
  ///   - name: what the report calls it.
  ///   - analytic: the gradient under test, at `point`.
  ///   - point: where; exactly the `Float` values that `analytic` was computed from.
  ///   - coordinates: which to look at; all by default.
  ///   - tolerance: see `GradientTolerance`.
  ///   - scaleOfZero: what a gradient that is zero is compared with; by default nothing, so that it must be 0 itself.
  ///   - loss: the function.
  public static func compare(
    name: String, analytic: [Float], point: [Double], coordinates: [Int]? = nil, tolerance: Double,
    scaleOfZero: Double = 0, loss: ([Double]) -> Double
  ) -> GradientReport {
    checkCounts(name, analytic, point)
    let coordinates = coordinates ?? Array(point.indices)
    let value = loss(point)
    func slope(_ coordinate: Int, _ step: Double) -> FiniteDifferences.Slope {
      FiniteDifferences.slope(of: loss, at: point, value: value, coordinate: coordinate, relativeStep: step)
    }
    let slopes = coordinates.map { slope($0, FiniteDifferences.relativeStep) }
    let numeric = rootMeanSquare(slopes.map(\.central))
    let isZero = numeric <= rootMeanSquare(slopes.map(\.rounding))
    let typical = isZero ? max(numeric, scaleOfZero) : numeric
    var report = GradientReport(name: name, tolerance: tolerance)
    for (coordinate, first) in zip(coordinates, slopes) {
      report.add(index: coordinate, analytic: Double(analytic[coordinate]), typical: typical, first: first) {
        slope(coordinate, $0)
      }
    }
    return report
  }

  /// Compares along random directions whose coordinates are all +1 or −1, so that each takes every element of the
  /// gradient with full weight: for tensors too large to go through.
  ///
  /// The slope along such a direction is typically as large as the gradient's norm, so errors are relative to the
  /// largest of the two slopes and that norm. A wrong element shows if it is more than `tolerance` of the norm.
  public static func compareAlongDirections(
    name: String, analytic: [Float], point: [Double], directions: Int = 4, seed: UInt64 = 1, tolerance: Double,
    loss: ([Double]) -> Double
  ) -> GradientReport {
    checkCounts(name, analytic, point)
    let value = loss(point)
    let norm = rootMeanSquare(analytic.map(Double.init)) * Double(analytic.count).squareRoot()
    var generator = SplitMix64(seed: seed)
    var report = GradientReport(name: name, tolerance: tolerance)
    for index in 0..<directions {
      let direction = point.map { _ in generator.next() >> 63 == 0 ? 1.0 : -1.0 }
      func slope(_ step: Double) -> FiniteDifferences.Slope {
        FiniteDifferences.slope(of: loss, at: point, value: value, direction: direction, relativeStep: step)
      }
      let alongDirection = zip(analytic, direction).reduce(0) { $0 + Double($1.0) * $1.1 }
      report.add(
        index: index, analytic: alongDirection, typical: norm, first: slope(FiniteDifferences.relativeStep),
        again: slope)
    }
    return report
  }

  private static func checkCounts(_ name: String, _ analytic: [Float], _ point: [Double]) {
    precondition(
      analytic.count == point.count, "\(name): \(analytic.count) slopes at a point of \(point.count) coordinates")
  }

  static func rootMeanSquare(_ values: [Double]) -> Double {
    let finite = values.filter(\.isFinite)
    return finite.isEmpty ? 0 : (finite.reduce(0) { $0 + $1 * $1 } / Double(finite.count)).squareRoot()
  }
}

extension GradientReport {
  /// Counts the comparison of one slope with `first`, or, should a kink spoil that, with what `again` gives for a
  /// smaller step.
  ///
  /// Half of left and right's disagreement is the error that a kink may have put in the central difference; the
  /// rest of the tolerance is for the gradient under test. Where the disagreement is the function's curvature there
  /// is no such error. A smaller step is taken only as far as its rounding remains within the tolerance too. What is
  /// not finite is no kink: it is compared, and fails.
  fileprivate mutating func add(
    index: Int, analytic: Double, typical: Double, first: FiniteDifferences.Slope,
    again: (Double) -> FiniteDifferences.Slope
  ) {
    var slope = first
    var scale = max(abs(analytic), abs(first.central), typical, first.rounding / tolerance)
    if first.disagreement > tolerance * scale, isCurvature(first, within: tolerance * scale, again: again) {
      return add(index: index, analytic: analytic, numeric: first.central, scale: scale)
    }
    var smallerSteps = FiniteDifferences.smallerRelativeSteps[...]
    while slope.disagreement > tolerance * scale, slope.disagreement.isFinite, analytic.isFinite {
      guard let step = smallerSteps.popFirst() else { return addUndefined() }
      slope = again(step)
      scale = max(abs(analytic), abs(slope.central), typical)
      if slope.rounding > tolerance * scale { return addUndefined() }
    }
    add(index: index, analytic: analytic, numeric: slope.central, scale: scale)
  }

  /// Whether left and right disagree in proportion to the step, at twice the step and at half of it, as h |f″| does,
  /// while the slope across stays the same.
  ///
  /// A kink of K at a distance d < h makes them disagree by K (1 − d/h). That is half of what it is at twice the step
  /// only for d = 2h/3, and there a half of the step meets no kink at all. A jump in f″ alone, as in max(x, 0)², makes
  /// the disagreement proportional to the step, but the slope across with it.
  private func isCurvature(
    _ first: FiniteDifferences.Slope, within allowance: Double, again: (Double) -> FiniteDifferences.Slope
  ) -> Bool {
    [0.5, 2].allSatisfy { factor in
      let other = again(factor * FiniteDifferences.relativeStep)
      return abs(other.disagreement - factor * first.disagreement) <= allowance
        && abs(other.central - first.central) <= allowance
    }
  }
}

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014): enough
/// for signs, and not the one whose use is under test.
private struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
