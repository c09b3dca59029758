import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Dropout in models, by finite differences with the very numbers that it drew.
@Suite struct DropoutTests {
  static let models: [(encoder: String, decoder: String, objective: any Objective)] = [
    ("dense 9, dropout 0.3, tanh", "dense 7, tanh", .elbo),
    ("dropout 0.1, dense 70, silu, dropout 0.5", "dropout 0.2, dense 6, softplus", .elbo),
    ("dense 5, tanh", "dense 33, tanh, dropout 0.5, dense 8, gelu, dropout 0.25", IWAE(samples: 3)),
  ]

  @Test(arguments: models) func gradients(encoder: String, decoder: String, objective: any Objective) throws {
    try expectRightGradients(encoder: encoder, decoder: decoder, objective)
  }

  @Test func itDropsSoManyInTrainingAlone() throws {
    let network = try Network("dropout 0.3", inputs: 1000, capacity: 50)
    let x = [Float](repeating: 2, count: 50_000)
    let y = network.forward(x, isTraining: true)
    let dropped = y.count { $0 == 0 }
    // Five standard deviations of 50,000 draws.
    #expect(abs(Double(dropped) / 50_000 - 0.3) < 5 * (0.21 / 50_000).squareRoot())
    #expect(y.allSatisfy { $0 == 0 || abs($0 - 2 / 0.7) < 1e-6 })
    #expect(network.backward(x) == y)
    #expect(network.forward(x) == x)
  }

  @Test func theSeedTheEpochTheExampleAndTheLayerDecide() throws {
    let network = try Network("dropout 0.5", inputs: 64, capacity: 2)
    let x = [Float](repeating: 1, count: 128)
    let first = network.forward(x, isTraining: true)
    #expect(network.forward(x, isTraining: true) == first)
    #expect(Array(first[..<64]) != Array(first[64...]))
    #expect(network.forward(x, isTraining: true, epoch: 2) != first)
    #expect(network.forward(x, isTraining: true, seed: 1) != first)
    // Twice the same layer would drop the same and double the rest again.
    let two = try Network("dropout 0.5, dropout 0.5", inputs: 64, capacity: 2).forward(x, isTraining: true)
    #expect(two.count { $0 == 0 } > first.count { $0 == 0 })
  }

  @Test func words() throws {
    #expect(try "\(LayerList(Vocabulary.standard.layers("dropout 0.1")))" == "dropout 0.1")
    for wrong in ["dropout", "dropout 1", "dropout -0.1", "dropout nan", "dropout 0.1 0.2"] {
      #expect(throws: DescriptionError.self) { try Vocabulary.standard.layers(wrong) }
    }
    let many = [any Layer](repeating: Dropout(0.1), count: 129)
    #expect(throws: ArchitectureError.self) {
      try Architecture(inputCount: 2, encoder: LayerList(many), latentCount: 1, decoder: []).validate()
    }
  }
}
