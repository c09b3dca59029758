/// Layers by themselves, without a model around them: their weights, a workspace, and both passes. For whoever wants a layer
/// and nothing else, and for tests of one.
///
///     let network = try Network("dense 64, relu, dense 10", inputs: 784, capacity: 32)
///     let y = network.forward(x)                  // [32, 784] → [32, 10]
///     let dX = network.backward(dY)               // and network.gradients
public final class Network {
  /// The parameters.
  public let weights: ParameterArena
  /// What `backward` makes.
  public let gradients: ParameterArena
  /// First to last.
  public let stages: [any Stage]
  /// X.
  public let input: Slot
  /// What the layers write.
  public let workspace: Workspace
  private let team: ThreadTeam

  /// The last layer's.
  public var output: Slot { stages.last?.output ?? input }

  /// Layers behind `inputs` numbers a row, for up to `capacity` examples of some rows each, with random weights. Throws
  /// `ArchitectureError` or `ThreadTeamError`.
  public init(
    _ layers: LayerList, inputs: Int, capacity: Int, rows: Rows = .example, samples: Int = 1,
    initialization: Initialization = .glorotUniform, seed: UInt64 = 0, threads: Int = 1
  ) throws {
    var blueprint = Blueprint()
    input = blueprint.slot(columns: inputs, rows: rows)
    stages = try layers.lay(&blueprint, input, prefix: "layers")
    weights = ParameterArena(blueprint.layout)
    gradients = ParameterArena(blueprint.layout)
    initialization.fill(weights, seed: seed)
    workspace = Workspace(blueprint.shapes, capacity: capacity, samples: samples)
    team = try ThreadTeam(count: threads)
  }

  /// The same, of words. Throws `DescriptionError` too.
  public convenience init(
    _ words: String, vocabulary: Vocabulary = .standard, inputs: Int, capacity: Int, seed: UInt64 = 0, threads: Int = 1
  ) throws {
    try self.init(
      LayerList(try vocabulary.layers(words)), inputs: inputs, capacity: capacity, seed: seed, threads: threads)
  }

  /// X, row after row → Y.
  public func forward(_ x: [Float], isTraining: Bool = false, epoch: UInt32 = 1, seed: UInt64 = 0) -> [Float] {
    let count = examples(x.count, input)
    workspace[input].rows(0..<x.count / input.columns).setElements(x)
    run(count, isTraining, epoch, seed) { [stages] pass in
      for index in 0..<stages.count { stages[index].forward(pass) }
    }
    return workspace[output].rows(0..<x.count / input.columns).copyElements()
  }

  /// dY → dX, and `gradients`. The layers, X and the rest are those of the last `forward`, which was one of training.
  public func backward(_ dY: [Float], epoch: UInt32 = 1, seed: UInt64 = 0) -> [Float] {
    let count = examples(dY.count, output)
    let rows = 0..<dY.count / output.columns
    workspace.gradient(output).rows(rows).setElements(dY)
    run(count, true, epoch, seed) { [stages, gradients] pass in
      for index in stride(from: stages.count - 1, through: 0, by: -1) { stages[index].backward(pass) }
      pass.barrier()
      let sink = GradientArena(gradients)
      for index in 0..<stages.count { stages[index].backwardParameters(pass, into: sink) }
    }
    return workspace.gradient(input).rows(rows).copyElements()
  }

  private func run(
    _ count: Int, _ isTraining: Bool, _ epoch: UInt32, _ seed: UInt64, _ body: @escaping @Sendable (Pass) -> Void
  ) {
    let indices = (0..<count).map { UInt32($0) }
    indices.withUnsafeBufferPointer { indices in
      let randomness = Pass.Randomness(seed: seed, epoch: epoch, examples: indices)
      team.run { [workspace, weights] worker in
        body(
          Pass(
            workspace, weights, examples: 0..<count, worker: worker, isTraining: isTraining, randomness: randomness))
      }
    }
  }

  private func examples(_ count: Int, _ slot: Slot) -> Int {
    let perExample = slot.columns * slot.rows.perExample(samples: workspace.samples)
    precondition(
      count % perExample == 0 && count / perExample <= workspace.capacity,
      "\(count) numbers for up to \(workspace.capacity) examples of \(perExample)")
    return count / perExample
  }
}
