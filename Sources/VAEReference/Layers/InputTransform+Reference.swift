import CStandardLibrary
import VAEKernels

extension ReferenceContext {
  /// Rows with something done to their features, and not to what stands behind them.
  func features(of rows: [[Double]], _ body: ([Double]) -> [Double]) -> [[Double]] {
    rows.map { body(Array($0.dropLast(toldCount))) + $0.suffix(toldCount) }
  }
}

extension Log1p: ReferenceLayer {
  /// Row by row, as it is written.
  public func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    layer.features(of: rows) { $0.map { log1p($0) } }
  }
}

extension SquareRoot: ReferenceLayer {
  /// Row by row, as it is written.
  public func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    layer.features(of: rows) { $0.map { $0.squareRoot() } }
  }
}

extension UnitLength: ReferenceLayer {
  /// Row by row, as it is written.
  public func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    layer.features(of: rows) { row in
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return length == 0 ? row : row.map { $0 / length }
    }
  }
}

extension Binarized: ReferenceLayer {
  /// Row by row, as it is written.
  public func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    layer.features(of: rows) { $0.map { $0 == 0 ? 0 : 1 } }
  }
}
