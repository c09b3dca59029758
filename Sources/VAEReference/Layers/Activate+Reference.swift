import VAEKernels

/// f(x).
extension Activate: ReferenceLayer {
  /// Row by row, as it is written.
  public func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    rows.map { $0.map { Reference.activate($0, activation) } }
  }
}
