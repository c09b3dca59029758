import VAEKernels

/// γ (x − m) / √(v + ε) + β, with the mean and variance of each row.
extension LayerNorm: ReferenceLayer {
  /// γ and β.
  public func referenceTensors(inputs: Int) -> [(name: String, shape: [Int])] {
    [("weight", [inputs]), ("bias", [inputs])]
  }

  /// Row by row, as it is written.
  public func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    let (scale, shift) = (layer.tensors["weight"]!, layer.tensors["bias"]!)
    return rows.map { row in
      let mean = row.reduce(0, +) / Double(row.count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
      let deviation = (variance + Double(epsilon)).squareRoot()
      return row.indices.map { scale[$0] * (row[$0] - mean) / deviation + shift[$0] }
    }
  }
}
