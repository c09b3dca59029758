import VAEKernels

/// Wx + b.
extension Dense: ReferenceLayer {
  /// A weight [out, in] and a bias.
  public func referenceTensors(inputs: Int) -> [(name: String, shape: [Int])] {
    [("weight", [width, inputs]), ("bias", [width])]
  }

  /// It is.
  public var isToldAgain: Bool { true }

  /// The width.
  public func referenceOutputs(inputs: Int) -> Int { width }

  /// Row by row, as it is written.
  public func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    rows.map { Reference.dense($0, weight: layer.tensors["weight"]!, bias: layer.tensors["bias"]!) }
  }
}
