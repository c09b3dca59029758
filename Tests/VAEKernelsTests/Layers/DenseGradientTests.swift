import TestSupport
import Testing
import VAEKernels
import VAEReference

/// `Dense`, with an activation in its loop or behind it, against the reference layer, with the loss Σ w·Y, for which
/// dY = w.
@Suite struct DenseGradientTests {
  struct Shape: Sendable, CustomStringConvertible {
    let rows: Int
    let inputs: Int
    let outputs: Int
    var description: String { "\(rows) × \(inputs) → \(outputs)" }
  }

  static let shapes = [
    Shape(rows: 1, inputs: 1, outputs: 1), Shape(rows: 3, inputs: 5, outputs: 7),
    Shape(rows: 1, inputs: 33, outputs: 2),
    Shape(rows: 5, inputs: 17, outputs: 33), Shape(rows: 2, inputs: 3, outputs: 100),
    Shape(rows: 17, inputs: 100, outputs: 1),
  ]

  /// A layer with random weight and bias, and what goes in and comes back.
  private struct Case {
    let shape: Shape
    let activation: Activation
    let network: Network
    let weight: ParameterLayout.Tensor
    let bias: ParameterLayout.Tensor
    let x: [Float]
    let w: [Float]
    let y: [Float]
    let dX: [Float]

    init(_ shape: Shape, _ activation: Activation, threads: Int = 1) throws {
      self.shape = shape
      self.activation = activation
      network = try Network(
        .hidden([shape.outputs], activation), inputs: shape.inputs, capacity: shape.rows, seed: 1, threads: threads)
      weight = network.weights.layout.tensors[0]
      bias = network.weights.layout.tensors[1]
      network.weights.setElements(normalNumbers(shape.outputs, seed: 2), of: bias)
      network.gradients.buffer.base.update(repeating: .nan, count: network.gradients.buffer.count)
      x = normalNumbers(shape.rows * shape.inputs, seed: 3)
      w = normalNumbers(shape.rows * shape.outputs, seed: 4)
      y = network.forward(x)
      dX = network.backward(w)
    }

    var weightElements: [Double] { network.weights.elements(of: weight).map(Double.init) }
    var biasElements: [Double] { network.weights.elements(of: bias).map(Double.init) }

    func reference(x: [Double]? = nil, weight: [Double]? = nil, bias: [Double]? = nil) -> [Double] {
      let x = x ?? self.x.map(Double.init)
      return (0..<shape.rows).flatMap { row in
        Reference.dense(
          Array(x[row * shape.inputs..<(row + 1) * shape.inputs]), weight: weight ?? weightElements,
          bias: bias ?? biasElements
        ).map { Reference.activate($0, activation) }
      }
    }

    func check(
      _ name: String, _ analytic: [Float], at point: [Double], _ y: ([Double]) -> [Double]
    ) -> GradientReport {
      let w = w.map(Double.init)
      return GradientCheck.compare(
        name: "\(name), \(activation), \(shape)", analytic: analytic, point: point,
        coordinates: coordinates(of: point.count), tolerance: GradientTolerance.perLayer
      ) { weightedSum(y($0), w) }
    }
  }

  @Test(arguments: Activation.allCases, shapes)
  func forward(activation: Activation, shape: Shape) throws {
    let test = try Case(shape, activation)
    #expect(relativeError(of: test.y, from: test.reference()) <= GradientTolerance.perLayer)
  }

  @Test(arguments: Activation.allCases, shapes)
  func backwardInput(activation: Activation, shape: Shape) throws {
    let test = try Case(shape, activation)
    let report = test.check("dX", test.dX, at: test.x.map(Double.init)) { test.reference(x: $0) }
    #expect(report.passed, "\(report)")
  }

  @Test(arguments: Activation.allCases, shapes)
  func backwardWeight(activation: Activation, shape: Shape) throws {
    let test = try Case(shape, activation)
    let report = test.check("dW", test.network.gradients.elements(of: test.weight), at: test.weightElements) {
      test.reference(weight: $0)
    }
    #expect(report.passed, "\(report)")
  }

  @Test(arguments: Activation.allCases, shapes)
  func backwardBias(activation: Activation, shape: Shape) throws {
    let test = try Case(shape, activation)
    let report = test.check("db", test.network.gradients.elements(of: test.bias), at: test.biasElements) {
      test.reference(bias: $0)
    }
    #expect(report.passed, "\(report)")
  }

  /// Several workers' shares make the whole.
  @Test(arguments: shapes, [2, 3]) func workersMakeTheWhole(shape: Shape, threads: Int) throws {
    let (alone, together) = (try Case(shape, .tanh), try Case(shape, .tanh, threads: threads))
    func expectSame(_ a: [Float], _ b: [Float]) {
      #expect(relativeError(of: a, from: b.map(Double.init)) <= GradientTolerance.perLayer)
    }
    expectSame(together.y, alone.y)
    expectSame(together.dX, alone.dX)
    for tensor in [alone.weight, alone.bias] {
      expectSame(together.network.gradients.elements(of: tensor), alone.network.gradients.elements(of: tensor))
    }
  }
}

/// An arena of the same layout with one value everywhere.
func arena(like other: ParameterArena, filledWith value: Float) -> ParameterArena {
  let arena = ParameterArena(other.layout)
  arena.buffer.base.update(repeating: value, count: arena.buffer.count)
  return arena
}
