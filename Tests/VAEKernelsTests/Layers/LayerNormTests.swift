import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Layer normalisation in models, by finite differences; its loops are tested with `VectorMath`.
@Suite struct LayerNormTests {
  /// Behind other layers and first of all; in the decoder, where an example has a row for each sample.
  static let models: [(encoder: String, decoder: String, objective: any Objective)] = [
    ("dense 9, layer-norm, tanh", "dense 7, tanh", .elbo),
    ("layer-norm, dense 17, silu", "layer-norm epsilon 0.01, dense 6, softplus", .elbo),
    ("dense 5, tanh", "dense 33, layer-norm, gelu, layer-norm", IWAE(samples: 3)),
  ]

  @Test(arguments: models) func gradients(encoder: String, decoder: String, objective: any Objective) throws {
    try expectRightGradients(encoder: encoder, decoder: decoder, objective)
  }

  @Test func everyRowHasMeanZeroAndVarianceOne() throws {
    let network = try Network("layer-norm", inputs: 50, capacity: 4)
    let y = network.forward(normalNumbers(200, seed: 1).map { 3 * $0 + 7 }).rows(of: 50)
    for row in y {
      let mean = row.reduce(0, +) / 50
      #expect(abs(mean) < 1e-5)
      #expect(abs(row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50 - 1) < 1e-4)
    }
  }

  @Test func words() throws {
    #expect(try "\(LayerList(Vocabulary.standard.layers(" layer-norm ,relu")))" == "layer-norm, relu")
    #expect(try "\(LayerList(Vocabulary.standard.layers("layer-norm epsilon 0.001")))" == "layer-norm epsilon 0.001")
    for wrong in ["layer-norm 3", "layer-norm epsilon", "layer-norm epsilon 0", "layer-norm epsilon nan"] {
      #expect(throws: DescriptionError.self) { try Vocabulary.standard.layers(wrong) }
    }
  }
}
