import VAEKernels

/// A model and minibatch to time.
struct Workload {
  let name: String
  let architecture: Architecture
  let batchSize: Int

  /// Shapes that well-known examples and papers use, on 784 pixels.
  static let named: [Workload] = [
    Workload("keras-2d", hidden: [512], latent: 2, .relu, batchSize: 128),
    Workload("torch-20d", hidden: [400], latent: 20, .relu, batchSize: 128),
    Workload("iwae-50d", hidden: [200, 200], latent: 50, .tanh, batchSize: 20),
    Workload("wide-64d", hidden: [2048, 2048], latent: 64, .relu, batchSize: 512),
  ]

  private init(_ name: String, hidden: [Int], latent: Int, _ activation: Activation, batchSize: Int) {
    self.name = name
    self.batchSize = batchSize
    architecture = Architecture(
      inputCount: 784, encoderHidden: hidden, latentCount: latent, activation: activation)
  }

  /// The floating-point operations of the matrix products of one pass over `count` examples: 2·in·out for each layer
  /// forwards and for its weight gradient, and for the gradient of its input, which the first layer does not need.
  func productOperations(count: Int) -> Double {
    let encoder = [architecture.inputCount] + architecture.encoderHidden + [2 * architecture.latentCount]
    let decoder = [architecture.latentCount] + architecture.decoderHidden + [architecture.inputCount]
    let layers = Array(zip(encoder, encoder.dropFirst())) + Array(zip(decoder, decoder.dropFirst()))
    let multiplications = layers.enumerated().reduce(0) { $0 + $1.element.0 * $1.element.1 * ($1.offset == 0 ? 2 : 3) }
    return 2 * Double(multiplications) * Double(count)
  }
}
