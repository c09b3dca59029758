import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Checks every parameter's gradient of a small model with these layers, in training, by one thread and by three; and that
/// threads change nothing.
func expectRightGradients(
  encoder: String, decoder: String, _ objective: any Objective = .elbo, vocabulary: Vocabulary = .standard,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let architecture = Architecture(
    inputCount: 6, encoder: LayerList(try vocabulary.layers(encoder)), latentCount: 3,
    decoder: LayerList(try vocabulary.layers(decoder)))
  for threads in [1, 3] {
    for report in try GradientCheck.check(architecture, objective, seed: 4, threads: threads) {
      #expect(report.passed, "\(report)", sourceLocation: sourceLocation)
    }
  }
  let trained = try [1, 2, 3].map {
    try TrainedGradients(architecture, objective, batchSize: 5, seed: 4, ThreadTeam(count: $0)).gradients
  }
  for other in trained.dropFirst() {
    for (name, gradient) in trained[0] {
      if MatrixProduct.engine == .own {
        #expect(other[name]! == gradient, "\(name)", sourceLocation: sourceLocation)
      } else {
        let error = relativeError(of: other[name]!, from: gradient.map(Double.init))
        #expect(error <= GradientTolerance.perLayer, "\(name)", sourceLocation: sourceLocation)
      }
    }
  }
}
