import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Batch normalisation in models, by finite differences, and its running averages; its loops are tested with `VectorMath`.
@Suite struct BatchNormTests {
  static let models: [(encoder: String, decoder: String, objective: any Objective)] = [
    ("dense 9, batch-norm, tanh", "dense 7, tanh", .elbo),
    ("batch-norm, dense 70, silu", "batch-norm epsilon 0.01, dense 6, softplus", .elbo),
    ("dense 5, tanh", "dense 33, batch-norm momentum 0.5, gelu, batch-norm", IWAE(samples: 3)),
  ]

  @Test(arguments: models) func gradients(encoder: String, decoder: String, objective: any Objective) throws {
    try expectRightGradients(encoder: encoder, decoder: decoder, objective)
  }

  private func tensor(_ name: String, of network: Network) -> [Float] {
    network.weights.elements(of: network.weights.layout.tensors.first { $0.name == "layers.layers.0.\(name)" }!)
  }

  @Test func columnsHaveMeanZeroAndVarianceOneInTrainingAlone() throws {
    let network = try Network("batch-norm", inputs: 3, capacity: 40)
    let x = normalNumbers(120, seed: 1).map { 3 * $0 + 7 }
    let columns = { (y: [Float]) in (0..<3).map { column in stride(from: column, to: 120, by: 3).map { y[$0] } } }
    for column in columns(network.forward(x, isTraining: true)) {
      let mean = column.reduce(0, +) / 40
      #expect(abs(mean) < 1e-5)
      #expect(abs(column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40 - 1) < 1e-4)
    }
    // Nothing has been learned yet: the running averages are 0 and 1.
    #expect(relativeError(of: network.forward(x), from: x.map { Double($0) / (1 + 1e-5).squareRoot() }) < 1e-6)
  }

  @Test(arguments: [1, 3]) func averagesMoveOnWithEveryStep(threads: Int) throws {
    let network = try Network("batch-norm momentum 0.25", inputs: 20, capacity: 8, threads: threads)
    var expected = (mean: [Double](repeating: 0, count: 20), variance: [Double](repeating: 1, count: 20))
    for step in 0..<3 {
      let x = normalNumbers(160, seed: UInt64(step)).map { 2 * $0 + 1 }
      _ = network.forward(x, isTraining: true)
      _ = network.backward(normalNumbers(160, seed: 9))
      for column in 0..<20 {
        let values = stride(from: column, to: 160, by: 20).map { Double(x[$0]) }
        let mean = values.reduce(0, +) / 8
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 7
        expected.mean[column] = 0.75 * expected.mean[column] + 0.25 * mean
        expected.variance[column] = 0.75 * expected.variance[column] + 0.25 * variance
      }
    }
    #expect(relativeError(of: tensor("running_mean", of: network), from: expected.mean) < 1e-6)
    #expect(relativeError(of: tensor("running_var", of: network), from: expected.variance) < 1e-6)
    // One row says nothing of a variance.
    _ = network.forward(normalNumbers(20, seed: 5), isTraining: true)
    _ = network.backward(normalNumbers(20, seed: 6))
    #expect(relativeError(of: tensor("running_var", of: network), from: expected.variance) < 1e-6)
  }

  /// The reference with the running averages.
  @Test func evaluation() throws {
    let architecture = Architecture(
      inputCount: 6, encoder: [Dense(5), BatchNorm(), Activate(.tanh)], latentCount: 2, decoder: [BatchNorm()])
    let model = try VariationalAutoencoder(architecture, seed: 3)
    for (index, tensor) in model.layout.tensors.enumerated() where tensor.block.kind == .statistic {
      model.weights.setElements(uniformNumbers(tensor.count, seed: UInt64(index)).map { $0 + 0.5 }, of: tensor)
    }
    let reference = ReferenceModel(architecture, model.weights)
    let example = uniformNumbers(6, seed: 4)
    let posterior = model.encode(example)
    let expected = reference.encode(example.map(Double.init))
    #expect(relativeError(of: posterior.mean, from: expected.mean) < 1e-5)
    #expect(
      relativeError(of: model.decode([0.5, -1]), from: reference.decode([0.5, -1]).map(Reference.sigmoid)) < 1e-5)
  }

  @Test func words() throws {
    for words in ["batch-norm", "batch-norm momentum 0.01 epsilon 0.001", "batch-norm epsilon 0.001"] {
      #expect(try "\(LayerList(Vocabulary.standard.layers(words)))" == words)
    }
    for wrong in ["batch-norm 3", "batch-norm momentum 0", "batch-norm epsilon 1 momentum 0.1"] {
      #expect(throws: DescriptionError.self) { try Vocabulary.standard.layers(wrong) }
    }
  }
}
