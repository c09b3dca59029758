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
  // A gradient that is 0 but for rounding, such as that of a bias which a normalisation takes out again, has no scale of its
  // own, as in `GradientCheck`: it is compared with the others.
  func size(_ gradient: [Float]) -> Double {
    (gradient.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(gradient.count, 1))).squareRoot()
  }
  let largest = trained[0].values.map(size).max() ?? 0
  for other in trained.dropFirst() {
    for (name, gradient) in trained[0] {
      if MatrixProduct.engine == .own {
        #expect(other[name]! == gradient, "\(name)", sourceLocation: sourceLocation)
      } else if size(gradient) < 1e-6 * largest {
        #expect(size(other[name]!) < 1e-6 * largest, "\(name)", sourceLocation: sourceLocation)
      } else {
        let error = relativeError(of: other[name]!, from: gradient.map(Double.init))
        #expect(error <= GradientTolerance.perLayer, "\(name)", sourceLocation: sourceLocation)
      }
    }
  }
}
