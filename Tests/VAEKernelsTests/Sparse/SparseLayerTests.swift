import TestSupport
import Testing
import VAEKernels
import VAEReference

/// A first layer over what is not zero against the same layer over everything: the same bits.
@Suite struct SparseLayerTests {
  static let encoders = [
    "dense 33", "dense 17, relu, dense 9, tanh", "log1p, dense 40, relu", "sqrt, dense 12", "unit-length, dense 64",
    "binary, dense 16", "sqrt, dropout 0.3, dense 24", "unit-length, dropout 0.5, dense 20, tanh",
    "log1p, dense 24, batch-norm, relu, dropout 0.2",
  ]

  private func architecture(_ encoder: String, told: Int = 0) throws -> Architecture {
    var architecture = Architecture(
      inputCount: 37, encoder: LayerList(try Vocabulary.standard.layers(encoder)), latentCount: 3,
      decoder: [Dense(8)], likelihood: NegativeBinomial())
    architecture.numericCovariateCount = told
    return architecture
  }

  /// Gradients in one form.
  private func gradients(
    _ architecture: Architecture, _ features: MinibatchForm.Features, threads: Int
  ) throws -> [String: [Float]] {
    try TrainedGradients(
      architecture, ELBO(), batchSize: 7, features: features, seed: 3, ThreadTeam(count: threads)
    ).gradients
  }

  @Test(arguments: encoders, [0, 3])
  func hasTheBitsOfTheDenseLayer(encoder: String, told: Int) throws {
    let architecture = try architecture(encoder, told: told)
    let dense = try gradients(architecture, .dense, threads: 1)
    #expect(dense.values.contains { $0.contains { $0 != 0 } })
    for threads in 1...4 {
      for features: MinibatchForm.Features in [
        .collected, .entries(most: 37, withZeros: false), .entries(most: 37, withZeros: true),
      ] {
        let sparse = try gradients(architecture, features, threads: threads)
        for (name, gradient) in dense {
          if MatrixProduct.engine == .own {
            #expect(sparse[name]! == gradient, "\(name), \(features), \(threads) threads")
          } else {
            // OpenBLAS sums in another order. What is 0 but for rounding, as of a bias that a normalisation takes out again,
            // has no scale.
            let scale = gradient.map { abs($0) }.max() ?? 0
            #expect(
              zip(sparse[name]!, gradient).allSatisfy { abs($0 - $1) <= 2e-5 * scale + 1e-5 }, "\(name), \(features)")
          }
        }
      }
    }
  }

  @Test(arguments: encoders, [0, 3])
  func hasRightGradients(encoder: String, told: Int) throws {
    for report in try GradientCheck.check(
      try architecture(encoder, told: told), ELBO(), features: .entries(most: 37, withZeros: false), threads: 2)
    {
      #expect(report.passed, "\(report)")
    }
  }

  @Test func oneTellsWhereEachIs() throws {
    var architecture = try architecture("dense 12, relu, dense 10, relu", told: 2)
    architecture.decoder = [Dense(8), Activate(.relu), Dense(9), Activate(.tanh)]
    for (encoderIsTold, everywhere) in [(true, true), (false, true), (false, false)] {
      architecture.encoderIsTold = encoderIsTold
      architecture.toldAtEveryLayer = everywhere
      for features: MinibatchForm.Features in [.dense, .entries(most: 37, withZeros: false)] {
        for report in try GradientCheck.check(architecture, IWAE(samples: 2), features: features) {
          #expect(report.passed, "\(report), \(encoderIsTold), \(everywhere)")
        }
      }
      let plan = try Plan(architecture)
      let widths = plan.layout.tensors.filter { $0.name.hasSuffix(".weight") }.map { $0.shape[1] }
      #expect(
        Array(widths.prefix(2)) == [encoderIsTold ? 39 : 37, encoderIsTold && everywhere ? 14 : 12],
        "\(widths)")
    }
  }

  @Test func refusesWhatCannotBe() throws {
    #expect(throws: ArchitectureError.self) { try Plan(architecture("dense 20, log1p")) }
    #expect(try Plan(architecture("log1p, dense 20")).readsEntries)
    #expect(try !Plan(architecture("log1p, batch-norm, dense 20")).readsEntries)
    #expect(try !Plan(architecture("dense 8")).readsEntries)
    #expect(try !Plan(architecture("layer-norm, dense 20")).readsEntries)
  }

  @Test func drawsTheNumbersOfADenseRow() {
    for math in VectorMath.supported {
      let stream = RandomStream(seed: 5, purpose: .user)
      let row = TestMatrix(rows: 1, columns: 101)
      [UInt32(7)].withUnsafeBufferPointer { math.fillUniform(row.matrix, stream, examples: $0) }
      let places: [UInt32] = [0, 1, 3, 4, 17, 18, 19, 50, 99, 100]
      var drawn = [Float](repeating: 0, count: places.count)
      math.fillUniform(&drawn, places: places, count: places.count, stream, example: 7)
      #expect(drawn == places.map { row.elements[Int($0)] })
    }
  }

  @Test func collectsWhatIsNotZero() {
    for math in VectorMath.supported {
      for count in [1, 2, 15, 16, 17, 31, 100] {
        let numbers = uniformNumbers(count, seed: UInt64(count)).map { $0 < 0.6 ? 0 : $0 < 0.65 ? .nan : $0 }
        let row = TestMatrix(numbers, rows: 1, columns: count)
        var (places, values) = ([UInt32](repeating: 0, count: count), [Float](repeating: 0, count: count))
        var (starts, ends): ([UInt32], [UInt32]) = ([0], [0])
        math.collect(
          row.matrix,
          into: SparseRows(places: &places, values: &values, starts: &starts, ends: &ends, rows: 1, columns: count))
        let expected = numbers.indices.filter { numbers[$0] != 0 }
        #expect(places.prefix(Int(ends[0])) == expected.map { UInt32($0) }[...])
        #expect(values.prefix(Int(ends[0])).map(\.bitPattern) == expected.map { numbers[$0].bitPattern })
      }
    }
  }
}
