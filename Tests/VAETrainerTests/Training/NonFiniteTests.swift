import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// What happens where a number stops being one.
@Suite struct NonFiniteTests {
  private func trainer(threads: Int = 1, clipNorm: Float? = nil) throws -> Trainer {
    let data = TinyData.split(train: 20, test: 4)
    return try Trainer(
      .tiny, train: data.train, test: data.test,
      options: .tiny {
        $0.threads = threads
        $0.gradientClipNorm = clipNorm
      })
  }

  /// The error of `body`, whose description must be one line.
  private func error(of body: () throws -> Void) throws -> NonFiniteError {
    let error = try #require(throws: NonFiniteError.self, performing: body)
    #expect(!error.description.contains("\n"))
    return error
  }

  private func set(_ name: String, to value: Float, in trainer: Trainer) throws {
    let tensor = try #require(trainer.model.layout.tensors.first { $0.name == name })
    trainer.model.weights.setElements(Array(repeating: value, count: tensor.count), of: tensor)
  }

  @Test(arguments: [1, 2], [nil, Float(1)])
  func aStepThatCannotBeMadeLeavesEverythingAsItWas(threads: Int, clipNorm: Float?) throws {
    let trainer = try trainer(threads: threads, clipNorm: clipNorm)
    try trainer.step()
    // Finite, but exp of it is not.
    try set("encoder.log_variance.bias", to: 200, in: trainer)
    let (weights, moment, state) = (trainer.model.weights.bits, trainer.optimizer.firstMoment.bits, trainer.state)
    let error = try error { try trainer.step() }
    #expect(trainer.model.weights.bits == weights)
    #expect(trainer.optimizer.firstMoment.bits == moment)
    #expect(trainer.state == state)
    guard case .training(epoch: 1, step: 2) = error.during else {
      Issue.record("\(error)")
      return
    }
    #expect(error.description.contains("epoch 1, step 2"))
  }

  /// The first place in the order of the computation, not where it was noticed.
  @Test(arguments: [
    ("encoder.hidden.0.weight", "encoder.hidden.0.weight"), ("encoder.log_variance.bias", "encoder.log_variance.bias"),
    ("decoder.output.weight", "decoder.output.weight"),
  ])
  func aNaNAmongTheWeightsIsFoundByName(poisoned: String, expected: String) throws {
    let trainer = try trainer()
    try set(poisoned, to: .nan, in: trainer)
    let place = try #require(try error { try trainer.step() }.place)
    #expect(place.name == expected)
    #expect(place.value.isNaN)
    #expect(place.description == "\(expected) (nan)")
  }

  @Test(arguments: [
    ("encoder.hidden.0.bias", Float(3e38), "posterior mean or log-variance"),
    ("encoder.log_variance.bias", 178, "latent sample"),
    ("decoder.output.bias", 3e38, "reconstruction loss"),
    ("encoder.mean.bias", 1e20, "KL divergence"),
  ])
  func anOverflowIsFoundWhereItHappens(tensor: String, value: Float, expected: String) throws {
    let trainer = try trainer()
    if tensor == "encoder.hidden.0.bias" { try set("encoder.mean.weight", to: 10, in: trainer) }
    // A decoder that ignores the latent, so that its own numbers stay small.
    if tensor == "encoder.mean.bias" { try set("decoder.hidden.0.weight", to: 0, in: trainer) }
    try set(tensor, to: value, in: trainer)
    let place = try #require(try error { try trainer.step() }.place)
    #expect(place.name == expected, "\(place)")
  }

  @Test func evaluationNamesItsSet() throws {
    let trainer = try trainer()
    while !trainer.isEpochComplete { try trainer.step() }
    try set("decoder.output.bias", to: .nan, in: trainer)
    let error = try error { _ = try trainer.finishEpoch() }
    #expect(error.place?.name == "decoder.output.bias")
    #expect(error.description.contains("test set"))
    #expect(trainer.state.epoch == 1)
  }

  @Test func anInputThatIsNotFiniteIsNamed() throws {
    let data = Dataset([Float](repeating: .nan, count: 36 * 4), featureCount: 36)
    let evaluator = Evaluator(try VariationalAutoencoder(.tiny, seed: 0), team: try ThreadTeam(count: 1))
    #expect(try error { _ = try evaluator.evaluate(data, named: "own") }.place?.name == "input")
  }

  /// Loss and weights are finite, yet the gradient is not: 1e19 squared fits into a `Float` four times over only just.
  /// The weights it makes must not replace the last good checkpoint.
  @Test func aGradientThatOverflowsIsCaughtBeforeTheCheckpoint() throws {
    let folder = try TemporaryFolder()
    let data = Dataset([Float](repeating: 0.5, count: 8 * 4), featureCount: 4)
    let configuration = RunConfiguration(
      data: .init(),
      architecture: Architecture(
        inputCount: 4, encoderHidden: [], latentCount: 1, likelihood: .gaussian(variance: 1)),
      training: .tiny { $0.batchSize = 1 }, checkpointSteps: 1)
    let path = folder.path(of: "run")
    let run = try TrainingRun.start(
      configuration, data: DataSplit(train: data, test: data, source: "one half"), in: path)
    let good = try FileBytes(run.directory.checkpoint)
    for (name, value) in [
      ("encoder.mean.weight", Float(0)), ("encoder.mean.bias", 1), ("encoder.log_variance.weight", 0),
      ("encoder.log_variance.bias", -80), ("decoder.output.weight", 1e19), ("decoder.output.bias", 0),
    ] {
      try set(name, to: value, in: run.trainer)
    }
    var steps = 0
    let error = try error { _ = try run.train(onStep: { _ in steps += 1 }) }
    #expect(steps == 1)
    guard case .checkpoint = error.during else {
      Issue.record("\(error)")
      return
    }
    #expect(error.place?.name.hasPrefix("encoder.") == true)
    #expect(try FileBytes(run.directory.checkpoint) == good)
    #expect(try ModelFile.read(run.directory.model).model.architecture == configuration.architecture)
  }
}
