import Testing
import VAEData
import VAEKernels

@testable import VAEReport

/// What a page does with pictures that are too large for it as they are.
@Suite struct LargePictureTests {
  @Test(arguments: [(28, 28), (47, 47), (48, 24), (64, 32), (128, 32), (129, 26)]) func thumbnails(
    side: Int, small: Int
  ) {
    let thumbnails = Thumbnails(of: ImageShape(width: side, height: side, channels: 3))
    #expect(thumbnails.shape == ImageShape(width: small, height: small, channels: 3))
  }

  @Test func pixelsAreAveraged() {
    let full = ImageShape(width: 65, height: 1, channels: 3)
    let thumbnails = Thumbnails(of: full)
    #expect(thumbnails.factor == 3 && thumbnails.shape.width == 22)
    let pixels: [Float] = (0..<65).flatMap { (x: Int) -> [Float] in [Float(x), Float(2 * x), 7] }
    let small = pixels.withUnsafeBufferPointer { thumbnails.reduced($0, of: full) }
    #expect(Array(small.prefix(6)) == [1, 2, 7, 4, 8, 7])
    // The last is of the two pixels that are left.
    #expect(Array(small.suffix(3)) == [63.5, 127, 7])
  }

  /// Through linear layers of a latent of three numbers, three directions say everything.
  @Test func directionsOfALinearDecoder() throws {
    let model = try VariationalAutoencoder(
      Architecture(
        inputCount: 40, encoderHidden: [30], latentCount: 3, activation: .identity, likelihood: Gaussian(variance: 1)),
      seed: 5)
    let last = try #require(model.plan.decoder.last as? DenseStage)
    let latents = (0..<90).map { Float($0 * 37 % 19 - 9) / 5 }
    let near = try DecoderRank(model, last, outputs: 40, most: 8, latents: latents, labels: nil)
    #expect(near.second.inputs == 3 && near.error < 1e-5)
    // h ↦ V (U h + a) + b, for a latent that it has not seen.
    let latent: [Float] = [2, -1, 0.5]
    let first = try #require(model.plan.decoder.first as? DenseStage)
    let hidden = apply(latent, model.weights[first.weight].copyElements(), model.weights[first.bias].copyElements())
    let found = apply(apply(hidden, near.first.weights, near.first.bias), near.second.weights, near.second.bias)
    for (value, expected) in zip(found, model.decode(latent)) { #expect(abs(value - expected) < 1e-4) }
  }

  private func apply(_ x: [Float], _ weights: [Float], _ bias: [Float]) -> [Float] {
    bias.indices.map { output in
      x.indices.reduce(bias[output]) { $0 + x[$1] * weights[$1 * bias.count + output] }
    }
  }

  @Test func whatIsLeftOutIsSaid() throws {
    let model = try VariationalAutoencoder(
      Architecture(inputCount: 40, encoderHidden: [30], latentCount: 10, likelihood: Gaussian(variance: 1)),
      seed: 5)
    let last = try #require(model.plan.decoder.last as? DenseStage)
    let latents = (0..<1000).map { Float($0 * 37 % 101 - 50) / 20 }
    let errors = try [2, 8, 30].map {
      try DecoderRank(model, last, outputs: 40, most: $0, latents: latents, labels: nil).error
    }
    #expect(errors[0] > 2 * errors[1] && errors[1] > 5 * errors[2])
    // What is left of the inputs is a thousandth of their deviation, and the outputs are some times as large.
    #expect(errors[2] < 1e-2)
  }
}
