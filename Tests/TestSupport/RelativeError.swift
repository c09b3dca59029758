import VAEKernels

/// How far numbers in `Float` lie from what they should be, at worst.
///
/// Relative to the number expected, but to no less than the root mean square of all of them: one that came out small
/// because large terms cancelled carries the rounding of the large ones. Infinite where one is not finite.
public func relativeError(of found: [Float], from expected: [Double]) -> Double {
  precondition(found.count == expected.count, "\(found.count) numbers for \(expected.count)")
  guard !expected.isEmpty else { return 0 }
  let typical = (expected.reduce(0) { $0 + $1 * $1 } / Double(expected.count)).squareRoot()
  return zip(found, expected).reduce(0) { worst, pair in
    let difference = abs(Double(pair.0) - pair.1)
    let error = difference == 0 ? 0 : difference / max(abs(pair.1), typical)
    return max(worst, error.isFinite ? error : .infinity)
  }
}

extension [Float] {
  /// Rows of `columns` numbers each, in `Double`.
  public func rows(of columns: Int) -> [[Double]] {
    stride(from: 0, to: count, by: columns).map { self[$0..<$0 + columns].map(Double.init) }
  }

  /// The bits of each number, for comparisons in which −0 and NaN count.
  public var bits: [UInt32] { map(\.bitPattern) }
}
