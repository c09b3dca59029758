import Foundation
import TestSupport
import Testing
import VAEKernels

/// How weights start.
@Suite struct InitializationTests {
  static let architecture = Architecture(inputCount: 200, encoderHidden: [150, 90], latentCount: 10)

  private func model(_ initialization: Initialization, seed: UInt64 = 1) throws -> VariationalAutoencoder {
    try VariationalAutoencoder(Self.architecture, initialization: initialization, seed: seed)
  }

  /// The variance of n uniform or normal numbers is off by a factor of about 1 ± √(2/n) at one standard deviation; this
  /// is five of them.
  private func varianceTolerance(_ count: Int) -> Double { 5 * (2 / Double(count)).squareRoot() }

  private func variance(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
  }

  private func mean(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) } / Double(values.count)
  }

  @Test func glorotUniform() throws {
    let model = try model(.glorotUniform)
    for tensor in model.layout.tensors where tensor.isWeight {
      let values = model.weights.elements(of: tensor)
      let limit = (6 / Double(tensor.shape[0] + tensor.shape[1])).squareRoot()
      let largest = Double(values.map(abs).max()!)
      #expect(largest <= limit && largest > 0.97 * limit, "\(tensor.name): \(largest) of \(limit)")
      let expected = limit * limit / 3
      #expect(abs(variance(values) / expected - 1) < varianceTolerance(values.count), "\(tensor.name)")
      #expect(abs(mean(values)) < 5 * (expected / Double(values.count)).squareRoot(), "\(tensor.name)")
    }
  }

  @Test func heNormal() throws {
    let model = try model(.heNormal)
    for tensor in model.layout.tensors where tensor.isWeight {
      let values = model.weights.elements(of: tensor)
      let expected = 2 / Double(tensor.shape[1])
      #expect(abs(variance(values) / expected - 1) < varianceTolerance(values.count), "\(tensor.name)")
      #expect(abs(mean(values)) < 5 * (expected / Double(values.count)).squareRoot(), "\(tensor.name)")
      // A normal number beyond two standard deviations is one in 22.
      let tail = values.count { Double(abs($0)) > 2 * expected.squareRoot() }
      #expect((0.025...0.075).contains(Double(tail) / Double(values.count)), "\(tensor.name)")
    }
  }

  @Test(arguments: Initialization.allCases) func biasesStartAsTheyShouldAndPaddingIsZero(initialization: Initialization)
    throws
  {
    let model = try model(initialization)
    for tensor in model.layout.tensors where !tensor.isWeight {
      let values = model.weights.elements(of: tensor)
      if [.torchLinear, .scvi].contains(initialization) {
        let weight = try #require(
          model.layout.tensors.first { $0.name == tensor.name.dropLast("bias".count) + "weight" })
        let limit = (1 / Float(weight.shape[1])).squareRoot()
        #expect(values.allSatisfy { abs($0) <= limit } && values.contains { abs($0) > limit / 2 }, "\(tensor.name)")
      } else {
        #expect(values.allSatisfy { $0 == 0 }, "\(tensor.name)")
      }
    }
    let used = Set(model.layout.blocks.flatMap { $0.offset..<$0.offset + $0.count })
    #expect((0..<model.layout.count).allSatisfy { used.contains($0) || model.weights.buffer.base[$0] == 0 })
  }

  @Test(arguments: Initialization.allCases) func theSeedDecides(initialization: Initialization) throws {
    let (one, again, other) = try (model(initialization), model(initialization), model(initialization, seed: 2))
    for tensor in one.layout.tensors where tensor.isWeight {
      #expect(one.weights.elements(of: tensor).bits == again.weights.elements(of: tensor).bits)
      #expect(one.weights.elements(of: tensor) != other.weights.elements(of: tensor), "\(tensor.name)")
    }
  }

  /// A tensor's values depend on its place and its shape, not on what surrounds it: here on another latent count.
  @Test func tensorsDrawFromRowsOfTheirOwn() throws {
    var architecture = Self.architecture
    architecture.latentCount = 3
    let other = try VariationalAutoencoder(architecture, seed: 1)
    let one = try model(.glorotUniform)
    let tensors = zip(one.layout.tensors, other.layout.tensors).filter { $0.shape == $1.shape && $0.isWeight }
    #expect(tensors.map(\.0.name).contains("encoder.hidden.1.weight"))
    for (a, b) in tensors { #expect(one.weights.elements(of: a).bits == other.weights.elements(of: b).bits) }
    let firsts = one.layout.tensors.filter(\.isWeight).map { one.weights.elements(of: $0)[0] }
    #expect(Set(firsts).count == firsts.count)
  }

  @Test func onlyOneDrawsWhatALikelihoodLearns() throws {
    let architecture = Architecture(
      inputCount: 2000, encoder: [], latentCount: 2, decoder: [], likelihood: NegativeBinomial())
    for initialization in Initialization.allCases {
      let model = try VariationalAutoencoder(architecture, initialization: initialization, seed: 1)
      let logTheta = model.likelihoodParameterValues.copyElements().map(Double.init)
      let mean = logTheta.reduce(0, +) / 2000
      let variance = logTheta.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1999
      // Five standard errors of either.
      let (expected, room) = initialization == .scvi ? (1.0, 5.0) : (0.0, 0.0)
      #expect(abs(mean) <= room * (1 / 2000.0).squareRoot(), "\(initialization)")
      #expect(abs(variance - expected) <= room * (2 / 2000.0).squareRoot(), "\(initialization)")
    }
  }

  @Test func outputBiasGivesTheMean() throws {
    let mean: [Float] = [0, 0.25, 0.5, 1]
    for likelihood in [Bernoulli(), Gaussian(variance: 1)] as [any Likelihood] {
      // Zero weights: the bias alone makes the output.
      let model = try VariationalAutoencoder(
        Architecture(inputCount: 4, encoderHidden: [], latentCount: 1, likelihood: likelihood))
      model.setOutputBias(mean: mean, variance: [0, 0, 0, 0])
      let expected = likelihood is Bernoulli ? [0.001, 0.25, 0.5, 0.999] : mean.map(Double.init)
      #expect(zip(model.decode([0.3]), expected).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    }
  }
}
