import TestSupport
import Testing
import VAEData
import VAEKernels
import VAEReference
import VAETrainer

/// The minibatch loop in memory.
@Suite struct TrainerTests {
  /// A rate so small that no weight changes: what is seen is the start.
  private static let still: Float = 1e-30

  @Test func trainingDecreasesTheLoss() throws {
    let data = TinyData.split(train: 200, test: 50)
    let trainer = try Trainer(
      .tiny, train: data.train, test: data.test,
      options: .tiny {
        $0.epochs = 12
        $0.optimizer.learningRate = 5e-3
      })
    var epochs: [EpochMetrics] = []
    while !trainer.isFinished { epochs.append(try trainer.runEpoch()) }
    let losses = epochs.map(\.test.negativeELBO)
    // Grey noise costs about 17 nats whatever is known of it; knowing nothing costs 36 log 2 = 25.
    #expect(losses[0] > losses[5] && losses[5] > losses[11])
    #expect(losses[11] < 20.5, "\(losses)")
    #expect(epochs.map(\.epoch) == Array(1...12))
    #expect(epochs[11].train.negativeELBO < epochs[0].train.negativeELBO)
  }

  /// Bernoulli's formulas would take 1.5 for a pixel, and the loss fall for ever.
  @Test(
    arguments: [
      (1.5, "bernoulli", .none, true), (-0.5, "bernoulli", .none, true), (.nan, "bernoulli", .threshold, true),
      (.infinity, "gaussian 1", .none, true), (1.5, "bernoulli", .threshold, false), (1.5, "gaussian 1", .none, false),
      (1, "bernoulli", .none, false),
    ] as [(Float, String, Binarization, Bool)])
  func numbersThatTheLikelihoodCannotHaveAreRefused(
    value: Float, likelihood: String, binarization: Binarization, isRefused: Bool
  ) throws {
    var values = [Float](repeating: 0.5, count: 36 * 4)
    values[36 + 7] = value
    let data = Dataset(values, featureCount: 36, name: "own")
    var architecture = Architecture.tiny
    architecture.likelihood = try Vocabulary.standard.likelihood(likelihood)
    let start = {
      try Trainer(architecture, train: data, test: data, options: .tiny { $0.binarization = binarization })
    }
    guard isRefused else {
      _ = try start()
      return
    }
    let error = try #require(throws: DataError.self) { try start() }
    #expect(error.path == "own" && error.place == "example 1, feature 7")
  }

  @Test func generatedDigitsAreLearnt() throws {
    let data = GeneratedDigits.digits(0..<600, seed: 0)
    let trainer = try Trainer(
      Architecture(inputCount: 784, encoderHidden: [64], latentCount: 2), train: data.subset(Array(0..<500)),
      test: data.subset(Array(500..<600)),
      options: .tiny {
        $0.epochs = 6
        $0.batchSize = 25
        $0.outputBiasFromMean = true
      })
    let first = try trainer.runEpoch()
    var last = first
    while !trainer.isFinished { last = try trainer.runEpoch() }
    #expect(last.test.negativeELBO < first.test.negativeELBO - 5, "\(first.test) to \(last.test)")
  }

  /// The short last minibatch counts as its examples do: with weights that stay, an epoch's average is that of all
  /// examples in one minibatch.
  @Test(arguments: [1, 3, 4, 10, 11]) func anEpochAveragesByExample(batchSize: Int) throws {
    let data = TinyData.split(train: 10, test: 2)
    func average(_ batchSize: Int) throws -> Evaluation {
      let trainer = try Trainer(
        .tiny, train: data.train, test: data.test,
        options: .tiny {
          $0.batchSize = batchSize
          $0.optimizer.learningRate = Self.still
        })
      #expect(trainer.stepsPerEpoch == (10 + batchSize - 1) / batchSize)
      return try trainer.runEpoch().train
    }
    let (found, expected) = try (average(batchSize), average(10))
    #expect(abs(found.reconstruction - expected.reconstruction) < 1e-4)
    #expect(abs(found.kl - expected.kl) < 1e-4)
  }

  /// The gradient of an epoch's last, short minibatch is that of just its examples with their own noise, divided by
  /// their number. With β₁ = 0 the first moment is the gradient.
  @Test(arguments: [1, 2]) func theLastStepIsOfTheLastExamples(threads: Int) throws {
    let data = TinyData.split(train: 10, test: 2)
    let options = TrainingOptions.tiny {
      $0.batchSize = 4
      $0.optimizer.rule = Adam(learningRate: Self.still, beta1: 0)
      $0.klWeight = 0.5
      $0.threads = threads
    }
    let trainer = try Trainer(.tiny, train: data.train, test: data.test, options: options)
    while !trainer.isEpochComplete { try trainer.step() }

    var order = EpochOrder(count: 10, seed: options.seed)
    order.shuffle(forEpoch: 1)
    let last = Array(order.examples[8...])
    let examples = AlignedBuffer(count: 2 * 36)
    let noise = AlignedBuffer(count: 2 * 2)
    let (x, epsilon) = (Matrix(examples.base, rows: 2, columns: 36), Matrix(noise.base, rows: 2, columns: 2))
    last.withUnsafeBufferPointer { last in
      let unused = RandomStream(seed: 0, purpose: .user)
      data.train.gather(last, .none, unused, into: x)
      VectorMath.active.fillNormal(
        epsilon, RandomStream(seed: options.seed, purpose: .trainingNoise, epoch: 1), examples: last)
    }
    let pass = try ModelPass(
      trainer.model, examples: x.copyElements(), noise: epsilon.copyElements(), klWeight: 0.5)
    for tensor in trainer.model.layout.tensors {
      let expected = pass.gradients.elements(of: tensor).map(Double.init)
      let error = relativeError(of: trainer.optimizer.firstMoment.elements(of: tensor), from: expected)
      #expect(error < GradientTolerance.perLayer, "\(tensor.name)")
    }
  }

  @Test(arguments: [1, 2, 3], Binarization.allCases)
  func theSameSeedAndThreadsGiveTheSameBits(threads: Int, binarization: Binarization) throws {
    let data = TinyData.split(train: 20, test: 3)
    func trained(seed: UInt64) throws -> Trainer {
      let trainer = try Trainer(
        .tiny, train: data.train, test: data.test,
        options: .tiny {
          $0.binarization = binarization
          $0.threads = threads
          $0.seed = seed
        })
      for _ in 0..<2 { _ = try trainer.runEpoch() }
      return trainer
    }
    let (one, again, other) = try (trained(seed: 5), trained(seed: 5), trained(seed: 6))
    #expect(one.model.weights.bits == again.model.weights.bits)
    #expect(one.optimizer.secondMoment.bits == again.optimizer.secondMoment.bits)
    #expect(one.model.weights.bits != other.model.weights.bits)
  }

  @Test func binarizationChangesWhatIsLearnt() throws {
    let data = TinyData.split(train: 20, test: 3)
    let weights = try Binarization.allCases.map { binarization in
      let trainer = try Trainer(
        .tiny, train: data.train, test: data.test, options: .tiny { $0.binarization = binarization })
      // In the second epoch what was drawn once differs from what is drawn afresh.
      for _ in 0..<2 { _ = try trainer.runEpoch() }
      return trainer.model.weights.bits
    }
    #expect(Set(weights).count == Binarization.allCases.count)
  }

  /// With weights that stay, the KL is the same in every epoch, and the reconstruction varies with the noise.
  @Test func everyEpochDrawsNoiseOfItsOwn() throws {
    let data = TinyData.split(train: 20, test: 3)
    let trainer = try Trainer(
      .tiny, train: data.train, test: data.test, options: .tiny { $0.optimizer.learningRate = Self.still })
    let (first, second) = try (trainer.runEpoch(), trainer.runEpoch())
    #expect(abs(first.train.kl - second.train.kl) < 1e-6)
    #expect(abs(first.train.reconstruction - second.train.reconstruction) > 1e-4)
    #expect(first.test == second.test)
  }

  @Test func earlyStoppingKeepsTheBestEpoch() throws {
    let data = TinyData.split(train: 40, test: 10)
    // So large a rate that validation soon gets worse, or never better.
    let trainer = try Trainer(
      .tiny, train: data.train, test: data.test, validation: data.test,
      options: .tiny {
        $0.epochs = 200
        $0.patience = 3
        $0.optimizer.learningRate = 0.1
      })
    var losses: [Double] = []
    while !trainer.isFinished { losses.append(try trainer.runEpoch().validation!.negativeELBO) }
    #expect(trainer.hasStoppedEarly && losses.count < 200)
    let best = try #require(trainer.state.best)
    #expect(best.loss == losses.min() && best.epoch == losses.firstIndex(of: best.loss)! + 1)
    #expect(losses.count == best.epoch + 3)
  }

  @Test func patienceNeedsAValidationSet() throws {
    let data = TinyData.split(train: 8, test: 2)
    #expect(throws: TrainingOptionsError.self) {
      try Trainer(.tiny, train: data.train, test: data.test, options: .tiny { $0.patience = 2 })
    }
  }

  @Test func theOutputBiasStartsFromTheMean() throws {
    let data = TinyData.split(train: 40, test: 10)
    func loss(_ fromMean: Bool) throws -> Double {
      try Trainer(
        .tiny, train: data.train, test: data.test,
        options: .tiny {
          $0.outputBiasFromMean = fromMean
          $0.optimizer.learningRate = Self.still
        }
      ).runEpoch().train.reconstruction
    }
    #expect(try loss(true) < loss(false) - 1)
  }
}
