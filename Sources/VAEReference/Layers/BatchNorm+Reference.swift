import VAEKernels

/// γ (x − m) / √(v + ε) + β, with the mean and variance of each column over the batch, or the running ones.
extension BatchNorm: ReferenceLayer {
  /// γ, β and the running averages.
  public func referenceTensors(inputs: Int) -> [(name: String, shape: [Int])] {
    ["weight", "bias", "running_mean", "running_var"].map { ($0, [inputs]) }
  }

  /// Column by column, as it is written.
  public func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    let (scale, shift) = (layer.tensors["weight"]!, layer.tensors["bias"]!)
    let count = Double(rows.count)
    var result = rows
    for column in scale.indices {
      var mean = layer.tensors["running_mean"]![column]
      var variance = layer.tensors["running_var"]![column]
      if layer.isTraining {
        mean = rows.reduce(0) { $0 + $1[column] } / count
        variance = rows.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / count
      }
      let deviation = (variance + Double(epsilon)).squareRoot()
      for row in rows.indices {
        result[row][column] = scale[column] * (rows[row][column] - mean) / deviation + shift[column]
      }
    }
    return result
  }
}
