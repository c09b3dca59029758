import Foundation

/// y = c·xᵏ, fitted by least squares to the logarithms.
struct PowerLaw: Encodable {
  /// k.
  let exponent: Double
  /// The standard error of k: √(Σ residual² / (n − 2) / Σ (log x − mean)²); nil for fewer than three points.
  let standardError: Double?

  /// Fits at least two points, all of them positive and not all x the same.
  init(_ points: [(x: Double, y: Double)]) {
    precondition(points.count >= 2 && points.allSatisfy { $0.x > 0 && $0.y > 0 }, "\(points) cannot be fitted")
    let logs = points.map { (x: log($0.x), y: log($0.y)) }
    let count = Double(logs.count)
    let mean = (x: logs.reduce(0) { $0 + $1.x } / count, y: logs.reduce(0) { $0 + $1.y } / count)
    let spread = logs.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) }
    let slope = logs.reduce(0) { $0 + ($1.x - mean.x) * ($1.y - mean.y) } / spread
    let residuals = logs.reduce(0) {
      let residual = $1.y - mean.y - slope * ($1.x - mean.x)
      return $0 + residual * residual
    }
    exponent = slope
    standardError = logs.count > 2 ? (residuals / (count - 2) / spread).squareRoot() : nil
  }
}
