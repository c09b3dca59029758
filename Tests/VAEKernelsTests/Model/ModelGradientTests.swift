import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Whole models, tensor by tensor, against finite differences of the reference model.
@Suite struct ModelGradientTests {
  struct Case: Sendable, CustomStringConvertible {
    var architecture: Architecture
    var batchSize: Int
    var klWeight: Float = 1

    var description: String {
      "\(architecture), batch \(batchSize)"
    }

    /// Pixels for a Bernoulli likelihood, any numbers for a Gaussian one.
    var examples: [Float] {
      let count = batchSize * architecture.inputCount
      return architecture.likelihood is Bernoulli ? uniformNumbers(count, seed: 2) : normalNumbers(count, seed: 2)
    }
    var noise: [Float] { normalNumbers(batchSize * architecture.latentCount, seed: 3) }

    /// A model with random weights, and biases too: units of relu with none would be at their kink where nothing comes in.
    func model() throws -> VariationalAutoencoder {
      let model = try VariationalAutoencoder(architecture, seed: 1)
      for (index, tensor) in model.layout.tensors.enumerated() where !tensor.isWeight {
        model.weights.setElements(
          normalNumbers(tensor.count, seed: UInt64(100 + index)).map { 0.1 * $0 }, of: tensor)
      }
      return model
    }

    func pass(_ model: VariationalAutoencoder, capacity: Int? = nil, threads: Int = 1) throws -> ModelPass {
      try ModelPass(
        model, examples: examples, noise: noise, klWeight: klWeight, capacity: capacity, threads: threads)
    }

    func reports(of pass: ModelPass, _ thoroughness: GradientCheck.Thoroughness) -> [GradientReport] {
      GradientCheck.compare(
        analytic: pass.gradientsByName, model: ReferenceModel(architecture, pass.model.weights),
        examples: examples.rows(of: architecture.inputCount), noise: noise.rows(of: architecture.latentCount),
        klWeight: Double(klWeight), thoroughness: thoroughness)
    }
  }

  /// No hidden layer to three, on either side; every activation and likelihood; widths of 1, odd ones, and beyond a
  /// vector.
  static let small = [
    Case(architecture: .init(inputCount: 1, encoderHidden: [], latentCount: 1), batchSize: 1),
    Case(
      architecture: .init(inputCount: 7, encoderHidden: [], latentCount: 3, likelihood: .gaussian(variance: 0.5)),
      batchSize: 3),
    Case(architecture: .init(inputCount: 9, encoderHidden: [17], latentCount: 2, activation: .relu), batchSize: 4),
    Case(
      architecture: .init(inputCount: 5, encoderHidden: [3], latentCount: 17, decoderHidden: [], activation: .sigmoid),
      batchSize: 2, klWeight: 4),
    Case(
      architecture: .init(inputCount: 33, encoderHidden: [1], latentCount: 1, activation: .tanh), batchSize: 5),
    Case(
      architecture: .init(
        inputCount: 6, encoderHidden: [5, 7], latentCount: 2, decoderHidden: [4, 9], activation: .softplus,
        likelihood: .gaussian(variance: 1)),
      batchSize: 3, klWeight: 0.25),
    Case(
      architecture: .init(
        inputCount: 5, encoderHidden: [6, 5, 4], latentCount: 3, decoderHidden: [3, 4, 5], activation: .tanh),
      batchSize: 1),
    Case(
      architecture: .init(
        inputCount: 4, encoderHidden: [5, 5], latentCount: 2, decoderHidden: [6], activation: .identity),
      batchSize: 2, klWeight: 0),
  ]

  @Test(arguments: small) func everyCoordinate(test: Case) throws {
    let pass = try test.pass(test.model())
    for report in test.reports(of: pass, .everyCoordinate) { #expect(report.passed, "\(test): \(report)") }
  }

  @Test func randomDirectionsOfALargeModel() throws {
    let test = Case(architecture: .init(inputCount: 784, encoderHidden: [512], latentCount: 2), batchSize: 2)
    let pass = try test.pass(test.model(), threads: 2)
    for report in test.reports(of: pass, .directions(2)) { #expect(report.passed, "\(report)") }
  }

  @Test(arguments: small) func lossesAreThoseOfTheReference(test: Case) throws {
    let pass = try test.pass(test.model())
    let expected = ReferenceModel(test.architecture, pass.model.weights).loss(
      test.examples.rows(of: test.architecture.inputCount), noise: test.noise.rows(of: test.architecture.latentCount))
    let tolerance = GradientTolerance.through(layers: 8)
    #expect(relativeError(of: [Float(pass.reconstructionLoss)], from: [expected.reconstructionLoss]) <= tolerance)
    #expect(relativeError(of: [Float(pass.klDivergence)], from: [expected.klDivergence]) <= tolerance)
  }

  /// The rows beyond a short last batch are NaN here, and the average is over the examples that there are.
  @Test(arguments: small) func aShortBatchIsAPrefix(test: Case) throws {
    let model = try test.model()
    try expectSame(test.pass(model, capacity: test.batchSize + 5), test.pass(model))
  }

  @Test(arguments: small, [2, 3, 8]) func threadsMakeNoDifferenceButRounding(test: Case, threads: Int) throws {
    let model = try test.model()
    try expectSame(test.pass(model, threads: threads), test.pass(model))
  }

  /// Each worker has rows of its own: here one after the other, in an order that leaves neighbours undone.
  @Test func rowsOfSeveralWorkersAreIndependent() throws {
    let test = Self.small[2]
    let model = try test.model()
    let whole = try test.pass(model)
    let parts = Workspace(for: model, capacity: 4)
    let gradients = arena(like: model.weights, filledWith: .nan)
    parts.input.setElements(test.examples)
    parts.noise.setElements(test.noise)
    for rows in [3..<4, 0..<1, 1..<3] { model.forwardAndBackward(parts, rows: rows, batchSize: 4) }
    try ThreadTeam(count: 1).run { model.backwardParameters(parts, batchSize: 4, worker: $0, into: gradients) }
    for tensor in model.layout.tensors {
      let expected = whole.gradients.elements(of: tensor).map(Double.init)
      #expect(relativeError(of: gradients.elements(of: tensor), from: expected) <= GradientTolerance.perLayer)
    }
    #expect(
      relativeError(
        of: parts.reconstructionLoss.copyElements(),
        from: whole.workspace.reconstructionLoss.copyElements().map(Double.init)) <= GradientTolerance.perLayer)
  }

  /// The tiles that `backwardParameters` hands on cover every parameter once, with its gradient.
  @Test(arguments: [1, 2, 3]) func everyParameterIsHandedOnOnce(threads: Int) throws {
    let test = Self.small[5]
    let model = try test.model()
    let pass = try test.pass(model)
    let uses = AlignedBuffer(count: model.layout.count)
    let gradients = ParameterArena(model.layout)
    try ThreadTeam(count: threads).run { worker in
      model.backwardParameters(
        Pass(pass.workspace, model.weights, examples: 0..<test.batchSize, worker: worker),
        into: CountingSink(gradients, uses))
    }
    let parameters = Set(model.layout.blocks.flatMap { $0.offset..<$0.offset + $0.count })
    for index in 0..<model.layout.count { #expect(uses.base[index] == (parameters.contains(index) ? 1 : 0)) }
    for tensor in model.layout.tensors {
      let expected = pass.gradients.elements(of: tensor).map(Double.init)
      #expect(relativeError(of: gradients.elements(of: tensor), from: expected) <= GradientTolerance.perLayer)
    }
  }

  private func expectSame(_ a: ModelPass, _ b: ModelPass) {
    for tensor in a.model.layout.tensors {
      let error = relativeError(
        of: a.gradients.elements(of: tensor), from: b.gradients.elements(of: tensor).map(Double.init))
      #expect(error <= GradientTolerance.perLayer, "\(tensor.name)")
    }
    #expect(
      relativeError(of: [Float(a.reconstructionLoss)], from: [b.reconstructionLoss]) <= GradientTolerance.perLayer)
    #expect(relativeError(of: [Float(a.klDivergence)], from: [b.klDivergence]) <= GradientTolerance.perLayer)
  }
}

/// Copies each tile from room of its own to an arena, and counts how often each parameter comes.
private final class CountingSink: GradientSink {
  private let gradients: ParameterArena
  private let uses: AlignedBuffer
  private let tile: AlignedBuffer

  init(_ gradients: ParameterArena, _ uses: AlignedBuffer) {
    self.gradients = gradients
    self.uses = uses
    tile = AlignedBuffer(count: gradients.layout.gradientTileCount)
  }

  func place(for tile: ParameterLayout.Tile) -> Matrix {
    Matrix(self.tile.base, rows: tile.rows, columns: tile.columns)
  }

  func use(_ tile: ParameterLayout.Tile, _ gradient: Matrix) {
    for row in 0..<tile.rows {
      for column in 0..<tile.columns {
        uses.base[tile.offset + row * tile.stride + column] += 1
        gradients[tile][row, column] = gradient[row, column]
      }
    }
  }
}
