import Foundation
import TestSupport
import Testing
import VAEKernels
import VAETrainer

/// Every rule against PyTorch's, and Adam against its own formulas in `Double`.
@Suite struct OptimizerTests {
  /// How far a parameter may be off after ten steps or twenty, absolute.
  ///
  /// A step moves each parameter by about the learning rate, here 1e-2, whatever the gradient's size; a gradient that is
  /// off by 1e-6 relative moves it 1e-8 differently, and each sum near 1 rounds by 6e-8. Small gradients, which Adam
  /// scales up, are the worst; the fixtures have none below 1e-6.
  static let tolerance = 1e-5

  @Test(arguments: Fixture.all) func tenStepsOfPyTorch(fixture: Fixture) throws {
    let expected = fixture.adam
    let model = try fixture.model()
    let adam = Adam(
      learningRate: Float(expected.learningRate), beta1: Float(expected.beta1), beta2: Float(expected.beta2),
      epsilon: Float(expected.epsilon))
    let optimizer = UpdateChain(model.layout, options: OptimizerOptions(adam))
    for (index, noise) in expected.noise.enumerated() {
      let pass = try fixture.pass(model, noise: noise)
      let objective = pass.reconstructionLoss + fixture.klWeight * pass.klDivergence
      #expect(
        abs(objective - expected.objectives[index]) < Self.tolerance * max(1, abs(objective)), "step \(index + 1)")
      optimizer.update(
        model.weights, pass.gradients.withoutPadding, range: 0..<model.layout.count,
        UpdateStep(index + 1, learningRate: adam.learningRate))
    }
    for tensor in model.layout.tensors {
      for (found, expected) in zip(model.weights.elements(of: tensor), expected.finalParameters[tensor.name]!) {
        #expect(abs(Double(found) - expected) < Self.tolerance, "\(tensor.name)")
      }
    }
    let last = try fixture.pass(model)
    let objective = last.reconstructionLoss + fixture.klWeight * last.klDivergence
    #expect(abs(objective - expected.finalObjective) < Self.tolerance * max(1, abs(objective)))
  }

  @Test func theFormulasInDouble() throws {
    // 33 numbers and 3: more than one vector, and remainders.
    let layout = try VariationalAutoencoder(Architecture(inputCount: 3, encoderHidden: [], latentCount: 1)).layout
    let count = layout.count
    let adam = Adam(learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3)
    let optimizer = UpdateChain(layout, options: OptimizerOptions(adam))
    let (weights, gradients) = (ParameterArena(layout), ParameterArena(layout))
    for (index, value) in normalNumbers(count, seed: 1).enumerated() { weights.buffer.base[index] = value }
    var theta = (0..<count).map { Double(weights.buffer.base[$0]) }
    var m = Array(repeating: 0.0, count: count)
    var v = Array(repeating: 0.0, count: count)
    for t in 1...20 {
      let rate = Float(0.01) / Float(t)
      for (index, value) in normalNumbers(count, seed: UInt64(t + 1)).enumerated() {
        gradients.buffer.base[index] = value
        let g = Double(value)
        m[index] = 0.8 * m[index] + 0.2 * g
        v[index] = 0.95 * v[index] + 0.05 * g * g
        let mHat = m[index] / (1 - pow(0.8, Double(t)))
        let vHat = v[index] / (1 - pow(0.95, Double(t)))
        theta[index] -= Double(rate) * mHat / (vHat.squareRoot() + 1e-3)
      }
      // In two parts, as two workers would.
      optimizer.update(weights, gradients, range: 0..<5, UpdateStep(t, learningRate: rate))
      optimizer.update(weights, gradients, range: 5..<count, UpdateStep(t, learningRate: rate))
    }
    for index in 0..<count {
      #expect(abs(Double(weights.buffer.base[index]) - theta[index]) < Self.tolerance)
      #expect(abs(Double(optimizer.firstMoment.buffer.base[index]) - m[index]) < Self.tolerance)
      #expect(abs(Double(optimizer.secondMoment.buffer.base[index]) - v[index]) < Self.tolerance)
    }
  }

  /// The first step, bias corrected, has the size of the learning rate however large the gradient is.
  @Test(arguments: [Float(1e-3), 1, 1e6]) func theFirstStepIsTheLearningRate(gradient: Float) throws {
    let layout = try VariationalAutoencoder(Architecture(inputCount: 1, encoderHidden: [], latentCount: 1)).layout
    let optimizer = UpdateChain(layout)
    let (weights, gradients) = (ParameterArena(layout), ParameterArena(layout))
    gradients.buffer.base[0] = -gradient
    optimizer.update(weights, gradients, range: 0..<layout.count, UpdateStep(1, learningRate: 0.25))
    #expect(abs(weights.buffer.base[0] - 0.25) < 1e-4)
    #expect(weights.buffer.base[1] == 0)
  }

  /// What `Scripts/make-variant-fixtures.py` gives PyTorch's optimisers, and what they make of it.
  static let steps: [(options: OptimizerOptions, expected: [Double])] = {
    let fixture = OptimizerFixture.steps
    let (beta1, beta2, epsilon) = (Float(0.875), Float(0.96875), Float(1e-3))
    let sgd = SGD(momentum: 0.75)
    return [
      (.init(AdamW(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: 0.125)), fixture.adamw),
      (.init(sgd), fixture.sgd), (.init(sgd, l2Penalty: 0.125), fixture.penalized),
      (.init(Adamax(beta1: beta1, beta2: beta2, epsilon: epsilon)), fixture.adamax),
      (.init(RMSProp(smoothing: 0.875, epsilon: epsilon)), fixture.rmsprop),
    ]
  }()

  /// Twelve steps along given gradients.
  @Test(arguments: steps.indices) func stepsOfPyTorch(index: Int) throws {
    let fixture = OptimizerFixture.steps
    let (options, expected) = Self.steps[index]
    let layout = try VariationalAutoencoder(Architecture(inputCount: 4, encoderHidden: [], latentCount: 1)).layout
    let optimizer = UpdateChain(layout, options: options)
    let (weights, gradients) = (ParameterArena(layout), ParameterArena(layout))
    let range = 0..<fixture.start.count
    for index in range { weights.buffer.base[index] = Float(fixture.start[index]) }
    for (step, gradient) in fixture.gradients.enumerated() {
      for index in range { gradients.buffer.base[index] = Float(gradient[index]) }
      // In two parts, as two workers would.
      let constants = UpdateStep(step + 1, learningRate: 0.0625)
      optimizer.update(weights, gradients, range: 0..<4, constants)
      optimizer.update(weights, gradients, range: 4..<range.count, constants)
    }
    #expect(relativeError(of: range.map { weights.buffer.base[$0] }, from: expected) < 1e-6, "\(options.rule.name)")
  }

  /// Half the gradient at full scale is the gradient at half scale, with a penalty too.
  @Test(arguments: Optimizers.standard.map { $0.name }, [Float(0), 0.25])
  func theScaleIsOfTheGradientAlone(name: String, penalty: Float) throws {
    let layout = try VariationalAutoencoder(Architecture(inputCount: 4, encoderHidden: [], latentCount: 1)).layout
    let rule = try #require(Optimizers.standard.first { $0.name == name }).init()
    let results = [Float(1), 0.5].map { scale in
      let chain = UpdateChain(layout, options: OptimizerOptions(rule, l2Penalty: penalty))
      let (weights, gradients) = (ParameterArena(layout), ParameterArena(layout))
      for (index, value) in normalNumbers(layout.count, seed: 1).enumerated() { weights.buffer.base[index] = value }
      for number in 1...3 {
        for (index, value) in normalNumbers(layout.count, seed: UInt64(number + 1)).enumerated() {
          gradients.buffer.base[index] = value * (scale == 1 ? 0.5 : 1)
        }
        var step = UpdateStep(number, learningRate: 0.25)
        step.gradientScale = scale
        chain.update(weights, gradients, range: 0..<layout.count, step)
      }
      return weights.bits
    }
    #expect(results[0] == results[1])
  }
}

extension ParameterArena {
  /// A copy with zeros between the blocks, where `ModelPass` left what was there.
  fileprivate var withoutPadding: ParameterArena {
    let copy = ParameterArena(layout)
    for tensor in layout.tensors { copy.setElements(elements(of: tensor), of: tensor) }
    return copy
  }
}
