/// How weights start; biases start at zero, but of `torchLinear` and `scvi`, scales at one.
///
/// Each tensor draws from a row of random numbers of its own, in the order of the file format ([out, in]), so its
/// values depend on the seed, its place in the model and its shape alone.
public enum Initialization: String, Sendable, Codable, CaseIterable {
  /// Uniform in ±√(6 / (in + out)): Glorot and Bengio 2010, equation 16.
  case glorotUniform = "glorot-uniform"
  /// Normal with variance 2 / in: He, Zhang, Ren and Sun 2015, equation 10.
  case heNormal = "he-normal"
  /// Uniform in ±1 / √in, biases too: what `torch.nn.Linear` does unless it is told otherwise.
  case torchLinear = "torch-linear"
  /// That, and what a likelihood learns beside the decoder, such as log θ of counts, from N(0, 1): as scvi-tools begins.
  case scvi = "scvi"

  /// Fills every tensor of `weights`; those of `ofLikelihood` are what a likelihood learns.
  func fill(_ weights: ParameterArena, ofLikelihood: ParameterLayout.Block? = nil, seed: UInt64) {
    let stream = RandomStream(seed: seed, purpose: .initialization)
    for (index, tensor) in weights.layout.tensors.enumerated() {
      var values = [Float](repeating: tensor.block.initialValue, count: tensor.count)
      if tensor.isWeight {
        draw(&values, outputs: tensor.shape[0], inputs: tensor.count / tensor.shape[0], stream, row: UInt32(index))
      } else if self == .scvi, tensor.block == ofLikelihood {
        values.withUnsafeMutableBufferPointer { Self.fillNormal($0, stream, row: UInt32(index)) }
      } else if [.torchLinear, .scvi].contains(self), let weight = Self.weight(of: tensor, in: weights.layout) {
        draw(&values, outputs: tensor.count, inputs: weight.count / weight.shape[0], stream, row: UInt32(index))
      }
      weights.setElements(values, of: tensor)
    }
  }

  /// The weight of the dense layer whose bias a tensor is.
  private static func weight(
    of bias: ParameterLayout.Tensor, in layout: ParameterLayout
  ) -> ParameterLayout.Tensor? {
    guard bias.name.hasSuffix(".bias") else { return nil }
    let name = bias.name.dropLast("bias".count) + "weight"
    return layout.tensors.first { $0.name == name && $0.isWeight }
  }

  private static func fillNormal(_ buffer: UnsafeMutableBufferPointer<Float>, _ stream: RandomStream, row: UInt32) {
    let matrix = Matrix(buffer.baseAddress!, rows: 1, columns: buffer.count)
    withUnsafePointer(to: row) {
      VectorMath.active.fillNormal(matrix, stream, examples: UnsafeBufferPointer(start: $0, count: 1))
    }
  }

  private static func fillUniform(_ buffer: UnsafeMutableBufferPointer<Float>, _ stream: RandomStream, row: UInt32) {
    let matrix = Matrix(buffer.baseAddress!, rows: 1, columns: buffer.count)
    withUnsafePointer(to: row) {
      VectorMath.active.fillUniform(matrix, stream, examples: UnsafeBufferPointer(start: $0, count: 1))
    }
  }

  private func draw(_ values: inout [Float], outputs: Int, inputs: Int, _ stream: RandomStream, row: UInt32) {
    let count = values.count
    values.withUnsafeMutableBufferPointer { buffer in
      switch self {
      case .glorotUniform, .torchLinear, .scvi: Self.fillUniform(buffer, stream, row: row)
      case .heNormal: Self.fillNormal(buffer, stream, row: row)
      }
      switch self {
      case .glorotUniform:
        let limit = (6 / Float(inputs + outputs)).squareRoot()
        for index in 0..<count { buffer[index] = (2 * buffer[index] - 1) * limit }
      case .torchLinear, .scvi:
        let limit = (1 / Float(inputs)).squareRoot()
        for index in 0..<count { buffer[index] = (2 * buffer[index] - 1) * limit }
      case .heNormal:
        let deviation = (2 / Float(inputs)).squareRoot()
        for index in 0..<count { buffer[index] *= deviation }
      }
    }
  }
}

extension VariationalAutoencoder {
  /// Sets the bias of the decoder's output, and what the likelihood learns beside it, so that a model whose last weights
  /// are zero would put out data of this mean and variance, of each feature, as well as it can: see
  /// `Likelihood.initialOutput`.
  public func setOutputBias(mean: [Float], variance: [Float]) {
    let inputCount = architecture.inputCount
    precondition(
      mean.count == inputCount && variance.count == inputCount,
      "\(mean.count) means and \(variance.count) variances for \(inputCount) inputs")
    let likelihood = architecture.likelihood
    // The likelihood's own layer is dense.
    if let bias = plan.decoder[plan.decoder.count - 1].parameters.last {
      weights[bias].setElements(likelihood.initialOutput(mean: mean, variance: variance))
    }
    if let parameters = plan.likelihood.parameters {
      let start = likelihood.initialParameters(mean: mean, variance: variance)
      for batch in 0..<parameters.rows { weights[parameters].rows(batch..<batch + 1).setElements(start) }
    }
  }
}
