import VAEData
import VAEKernels
import VAETrainer

/// Everything that is measured of one workload.
struct EpochBenchmark {
  private let workload: Workload
  private let data: DataSplit
  private let threads: Int

  init(_ workload: Workload, data: DataSplit, threads: Int) throws {
    guard data.train.featureCount == workload.architecture.inputCount else {
      throw WorkloadError(workload: workload.name, inputs: workload.architecture.inputCount, data: data)
    }
    self.workload = workload
    self.data = data
    self.threads = threads
  }

  func run(epochs: Int?) throws -> EpochResult {
    let count = data.train.count
    let steps = (count + workload.batchSize - 1) / workload.batchSize
    Output.progress("\(workload.name): the first epoch")
    let trainer = try Self.trainer(workload, data.train, threads: threads)
    let first = try Self.epoch(trainer)
    let memory = PeakMemory.megabytes

    let timer = ProductTimer(trainer.team)
    let engine = MatrixProduct.engine
    var epochTimes: [MatrixProduct.Engine: [Double]] = [:]
    var productTimes: [Double] = []
    let wanted = epochs ?? max(2, min(10, Int(10 / first)))
    for epoch in 1...wanted {
      Output.progress("\(workload.name): epoch \(epoch) of \(wanted) by each engine, and its products")
      epochTimes[engine, default: []].append(try Self.epoch(trainer))
      productTimes.append(timer.best(workload.products) * Double(count) / Double(workload.batchSize))
      // The products have warmed them up.
      for other in MatrixProduct.Engine.allCases where other != engine {
        epochTimes[other, default: []].append(try Self.epoch(trainer, by: other))
      }
    }

    Output.progress("\(workload.name): phases, evaluation and threads")
    // The clock costs a little, so what it measures is not what is reported as the epoch's time.
    let clock = StepClock()
    let portion = try self.trainer(seconds: 2, perEpoch: first, threads: threads)
    _ = try portion.runEpoch()
    portion.clock = clock
    _ = try portion.runEpoch()
    let phases = StepPhase.allCases.map {
      EpochResult.Phase(name: $0.rawValue, seconds: clock.seconds($0) / Double(portion.stepsPerEpoch))
    }
    return EpochResult(
      name: workload.name, shape: workload.summary, parameters: workload.architecture.parameterCount, examples: count,
      stepsPerEpoch: steps, epochSeconds: epochTimes[engine]!,
      engines: MatrixProduct.Engine.allCases.map { .init(products: $0.rawValue, epochSeconds: epochTimes[$0]!) },
      operationsPerEpoch: workload.products.operations * Double(count) / Double(workload.batchSize),
      productsSeconds: productTimes.min()!, phases: phases, evaluation: try evaluation(timer, trainer),
      scaling: try scaling(perEpoch: first), peakMemoryMegabytes: memory)
  }

  /// Seconds of an epoch, its shuffle and all between the steps included; the test set is one example.
  private static func epoch(_ trainer: Trainer) throws -> Double {
    try seconds { _ = try trainer.runEpoch() }
  }

  /// The same with products by another engine than the one in use.
  private static func epoch(_ trainer: Trainer, by other: MatrixProduct.Engine) throws -> Double {
    let engine = MatrixProduct.engine
    // No thread computes here: those of the trainer's team wait for the next step.
    MatrixProduct.select(other)
    defer { MatrixProduct.select(engine) }
    return try epoch(trainer)
  }

  /// A pass over the training set without gradients, beside its products.
  private func evaluation(_ timer: ProductTimer, _ trainer: Trainer) throws -> EpochResult.Evaluation {
    let batchSize = Evaluator.batchCapacity
    let evaluator = Evaluator(trainer.model, team: trainer.team)
    let all = try (0..<4).map { _ in
      try seconds { _ = try evaluator.evaluate(data.train, named: "training") }
    }
    let products = workload.products(batchSize: batchSize, forwardOnly: true)
    return .init(
      seconds: all.min()!, productsSeconds: timer.best(products) * Double(data.train.count) / Double(batchSize))
  }

  /// The same steps with 1, 2, 4, … threads up to as many as asked for; the best of three each, in turns.
  private func scaling(perEpoch: Double) throws -> [EpochResult.Scaling] {
    var counts = Array(sequence(first: 1) { $0 * 2 }.prefix { $0 < threads })
    counts.append(threads)
    let trainers = try counts.map { try trainer(seconds: 1, perEpoch: perEpoch, threads: $0) }
    var best = Array(repeating: Double.infinity, count: counts.count)
    for round in 0..<4 {
      for (index, trainer) in trainers.enumerated() {
        let time = try trainer.runEpoch().seconds
        if round > 0 { best[index] = min(best[index], time) }
      }
    }
    return zip(counts, best).map { .init(threads: $0, speedup: best[0] / $1) }
  }

  /// A trainer on so many of the examples that its epoch takes about `seconds` with all threads.
  private func trainer(seconds: Double, perEpoch: Double, threads: Int) throws -> Trainer {
    let share = min(1, seconds / perEpoch)
    let steps = max(4, Int(share * Double(data.train.count) / Double(workload.batchSize)))
    let examples = data.train.subset(Array(0..<min(data.train.count, steps * workload.batchSize)))
    return try Self.trainer(workload, examples, threads: threads)
  }

  static func trainer(_ workload: Workload, _ examples: Dataset, threads: Int) throws -> Trainer {
    var options = TrainingOptions()
    options.batchSize = workload.batchSize
    options.threads = threads
    options.epochs = 1_000_000
    // One test example: evaluation is not what is timed.
    return try Trainer(workload.architecture, train: examples, test: examples.subset([0]), options: options)
  }
}

/// A workload that does not fit the data.
struct WorkloadError: Error, CustomStringConvertible {
  let workload: String
  let inputs: Int
  let data: DataSplit

  var description: String {
    "\(workload): expected examples of \(inputs) features, found \(data.train.featureCount) in \(data.source); "
      + "give a shape of your own with --hidden and --latent"
  }
}
