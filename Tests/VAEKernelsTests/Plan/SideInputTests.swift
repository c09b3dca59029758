import TestSupport
import Testing
import VAEKernels
import VAEReference

/// What a minibatch carries beside the examples: classes and numbers that a model is told, a target, a mask, an exposure.
@Suite struct SideInputTests {
  /// The squared error of what counts, times the exposure: a likelihood that looks at everything.
  private struct Weighted: Likelihood {
    static let name = "weighted"
    init() {}
    init(_ settings: inout Settings) {}
    var sideInputs: SideInputs { [.mask, .exposure] }
    var skipsMissing: Bool { true }

    func forward(output: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix) {
      for row in 0..<output.rows {
        loss[0, row] = 0
        for j in 0..<output.columns {
          let difference = output[row, j] - observed.target[row, j]
          loss[0, row] += observed.exposure![row, 0] * observed.mask![row, j] * difference * difference
        }
      }
    }

    func forwardAndBackward(
      output: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
      gradientInto dOutput: Matrix, _ dParameters: Matrix
    ) {
      forward(output: output, parameters: parameters, observed, lossInto: loss)
      for row in 0..<output.rows {
        for j in 0..<output.columns {
          dOutput[row, j] =
            2 * scale * observed.exposure![row, 0] * observed.mask![row, j] * (output[row, j] - observed.target[row, j])
        }
      }
    }

    func mean(inPlace output: Matrix, parameters: Matrix) {}
    func draw(
      inPlace output: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>
    ) {}
    func initialOutput(mean: [Float], variance: [Float]) -> [Float] { mean }
  }

  /// Every sample of an example is shown that example's target, mask and exposure.
  @Test(arguments: [1, 3]) func aLikelihoodSeesThoseOfItsExample(samples: Int) throws {
    let model = try VariationalAutoencoder(
      Architecture(inputCount: 5, encoderHidden: [4], latentCount: 2, likelihood: Weighted()), seed: 1)
    let workspace = Workspace(for: model, capacity: 4, samples: samples, side: [.target, .mask, .exposure])
    let minibatch = workspace.minibatch(1..<4)
    let (x, target) = (uniformNumbers(15, seed: 2), uniformNumbers(15, seed: 3))
    let mask = uniformNumbers(15, seed: 4).map { $0 < 0.4 ? Float(0) : 1 }
    minibatch.input.setElements(x)
    minibatch.target.setElements(target)
    minibatch.mask!.setElements(mask)
    minibatch.exposure!.setElements([0.5, 1, 2])
    workspace.noise.rows(samples..<4 * samples).setElements(normalNumbers(6 * samples, seed: 5))
    model.forward(workspace, rows: 1..<4)
    for example in 0..<3 {
      for k in 0..<samples {
        let row = (example + 1) * samples + k
        let output = workspace.output.rows(row..<row + 1).copyElements()
        var expected = 0.0
        for j in 0..<5 {
          let difference = Double(output[j]) - Double(target[example * 5 + j])
          expected += Double(mask[example * 5 + j]) * difference * difference
        }
        expected *= [0.5, 1, 2][example]
        #expect(abs(Double(workspace.reconstructionLoss[0, row]) - expected) < 1e-5)
      }
    }
    // What nobody asked for is not there, and takes no room.
    let plain = Workspace(for: model, capacity: 4)
    #expect(plain.minibatch(0..<4).mask == nil && plain.minibatch(0..<4).exposure == nil)
    #expect(plain.target.base == plain.input.base)
  }

  /// Classes and numbers reach the encoder, and every sample's row of the decoder.
  @Test(arguments: [
    (3, 0, ELBO() as any Objective), (0, 2, ELBO()), (3, 2, IWAE(samples: 3)), (0, 4, IWAE(samples: 2)),
  ])
  func modelsAreTold(classes: Int, numbers: Int, objective: any Objective) throws {
    let architecture = Architecture(
      inputCount: 5, encoder: [Dense(4), Activate(.tanh)], latentCount: 2, decoder: [Dense(4), Activate(.tanh)],
      labelCount: classes, numericCovariateCount: numbers)
    for report in try GradientCheck.check(architecture, objective, seed: 3, threads: 2) {
      #expect(report.passed, "\(report)")
    }
    let plan = try Plan(architecture)
    #expect(plan.layout.tensors[0].shape == [4, 5 + classes + numbers])
  }
}
