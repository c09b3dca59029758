import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Every function of `Dense` against the reference layer, with the loss Σ w·Y, for which dY = w.
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

  /// A layer keeps its outputs alone.
  static let activations = Activation.allCases.filter { !$0.gradientIsOfInput }

  /// A layer with random weight and bias, and what goes in and comes back.
  private struct Case {
    let shape: Shape
    let layer: Dense
    let weights: ParameterArena
    let weight: ParameterLayout.Tensor
    let bias: ParameterLayout.Tensor
    let x: TestMatrix
    let w: TestMatrix
    let y: TestMatrix
    let dA: TestMatrix

    init(_ shape: Shape, _ activation: Activation) throws {
      self.shape = shape
      // Layers are made by models; this one is the only hidden layer of an encoder.
      let model = try VariationalAutoencoder(
        Architecture(
          inputCount: shape.inputs, encoderHidden: [shape.outputs], latentCount: 1, decoderHidden: [],
          activation: activation),
        seed: 1)
      layer = model.encoder.layers[0]
      weights = model.weights
      weight = model.layout.tensors[0]
      bias = model.layout.tensors[1]
      weights.setElements(normalNumbers(shape.outputs, seed: 2), of: bias)
      x = TestMatrix(normal: 3, rows: shape.rows, columns: shape.inputs)
      w = TestMatrix(normal: 4, rows: shape.rows, columns: shape.outputs)
      y = TestMatrix(rows: shape.rows, columns: shape.outputs)
      layer.forward(x.matrix, weights, into: y.matrix, rows: 0..<shape.rows)
      dA = TestMatrix(w.elements, rows: shape.rows, columns: shape.outputs)
      layer.backwardActivation(at: y.matrix, inPlace: dA.matrix, rows: 0..<shape.rows)
    }

    func reference(x: [Double]? = nil, weight: [Double]? = nil, bias: [Double]? = nil) -> [Double] {
      let x = x ?? self.x.doubles
      let weight = weight ?? weights.elements(of: self.weight).map(Double.init)
      let bias = bias ?? weights.elements(of: self.bias).map(Double.init)
      return (0..<shape.rows).flatMap { row in
        Reference.dense(
          Array(x[row * shape.inputs..<(row + 1) * shape.inputs]), weight: weight, bias: bias
        ).map { Reference.activate($0, layer.activation) }
      }
    }

    func backwardWeight(
      _ inputs: Range<Int>? = nil, _ outputs: Range<Int>? = nil, into gradients: ParameterArena,
      accumulating: Bool = false
    ) {
      let inputs = inputs ?? 0..<shape.inputs
      let outputs = outputs ?? 0..<shape.outputs
      layer.backwardWeight(
        x.matrix, dA.matrix, inputs: inputs, outputs: outputs,
        into: gradients[layer.weight.part(rows: inputs, columns: outputs)], accumulating: accumulating)
    }

    func backwardBias(_ outputs: Range<Int>? = nil, into gradients: ParameterArena, accumulating: Bool = false) {
      let outputs = outputs ?? 0..<shape.outputs
      layer.backwardBias(
        dA.matrix, outputs: outputs, into: gradients[layer.bias.part(columns: outputs)], accumulating: accumulating)
    }

    func check(
      _ name: String, _ analytic: [Float], at point: [Double], _ y: ([Double]) -> [Double]
    ) -> GradientReport {
      let w = w.doubles
      return GradientCheck.compare(
        name: "\(name), \(layer.activation), \(shape)", analytic: analytic, point: point,
        coordinates: coordinates(of: point.count), tolerance: GradientTolerance.perLayer
      ) { weightedSum(y($0), w) }
    }
  }

  @Test(arguments: activations, shapes)
  func forward(activation: Activation, shape: Shape) throws {
    let test = try Case(shape, activation)
    #expect(relativeError(of: test.y.elements, from: test.reference()) <= GradientTolerance.perLayer)
  }

  @Test(arguments: activations, shapes)
  func backwardInput(activation: Activation, shape: Shape) throws {
    let test = try Case(shape, activation)
    let dX = TestMatrix(rows: shape.rows, columns: shape.inputs)
    test.layer.backwardInput(test.dA.matrix, test.weights, into: dX.matrix, rows: 0..<shape.rows)
    let report = test.check("dX", dX.elements, at: test.x.doubles) { test.reference(x: $0) }
    #expect(report.passed, "\(report)")
  }

  @Test(arguments: activations, shapes)
  func backwardWeight(activation: Activation, shape: Shape) throws {
    let test = try Case(shape, activation)
    let gradients = arena(like: test.weights, filledWith: .nan)
    test.backwardWeight(into: gradients)
    let report = test.check(
      "dW", gradients.elements(of: test.weight), at: test.weights.elements(of: test.weight).map(Double.init)
    ) { test.reference(weight: $0) }
    #expect(report.passed, "\(report)")
  }

  @Test(arguments: activations, shapes)
  func backwardBias(activation: Activation, shape: Shape) throws {
    let test = try Case(shape, activation)
    let gradients = arena(like: test.weights, filledWith: .nan)
    test.backwardBias(into: gradients)
    let report = test.check(
      "db", gradients.elements(of: test.bias), at: test.weights.elements(of: test.bias).map(Double.init)
    ) { test.reference(bias: $0) }
    #expect(report.passed, "\(report)")
  }

  /// Two callers' parts make the whole, and nobody writes outside of theirs.
  @Test(arguments: shapes) func partsOfTheGradientStayWithinTheirRange(shape: Shape) throws {
    let test = try Case(shape, .tanh)
    let whole = arena(like: test.weights, filledWith: .nan)
    test.backwardWeight(into: whole)
    test.backwardBias(into: whole)
    let untouched: Float = -7
    for (inputs, outputs) in [
      (0..<shape.inputs / 2, 0..<shape.outputs / 2),
      (shape.inputs / 2..<shape.inputs, shape.outputs / 2..<shape.outputs),
    ] {
      let part = arena(like: test.weights, filledWith: untouched)
      test.backwardWeight(inputs, outputs, into: part)
      test.backwardBias(outputs, into: part)
      for input in 0..<shape.inputs {
        for output in 0..<shape.outputs {
          let isOwn = inputs.contains(input) && outputs.contains(output)
          let expected = isOwn ? whole[test.layer.weight][input, output] : untouched
          #expect(isClose(part[test.layer.weight][input, output], expected), "input \(input), output \(output)")
        }
      }
      for output in 0..<shape.outputs {
        let expected = outputs.contains(output) ? whole[test.layer.bias][0, output] : untouched
        #expect(isClose(part[test.layer.bias][0, output], expected), "output \(output)")
      }
    }
  }

  @Test(arguments: shapes) func accumulatingAddsToWhatIsThere(shape: Shape) throws {
    let test = try Case(shape, .sigmoid)
    let alone = arena(like: test.weights, filledWith: .nan)
    let added = arena(like: test.weights, filledWith: 3)
    test.backwardWeight(into: alone)
    test.backwardBias(into: alone)
    test.backwardWeight(into: added, accumulating: true)
    test.backwardBias(into: added, accumulating: true)
    for tensor in [test.weight, test.bias] {
      let expected = alone.elements(of: tensor).map { Double($0) + 3 }
      #expect(relativeError(of: added.elements(of: tensor), from: expected) <= GradientTolerance.perLayer)
    }
  }

  private func isClose(_ a: Float, _ b: Float) -> Bool {
    abs(a - b) <= Float(GradientTolerance.perLayer) * max(1, abs(b))
  }
}

/// An arena of the same layout with one value everywhere.
func arena(like other: ParameterArena, filledWith value: Float) -> ParameterArena {
  let arena = ParameterArena(other.layout)
  arena.buffer.base.update(repeating: value, count: arena.buffer.count)
  return arena
}
