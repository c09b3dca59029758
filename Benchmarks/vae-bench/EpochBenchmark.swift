import VAEData
import VAEKernels
import VAETrainer

/// The time of whole training epochs, evaluation not counted.
struct EpochBenchmark {
  private let trainer: Trainer

  init(_ workload: Workload, data: DataSplit, threads: Int, epochs: Int) throws {
    var options = TrainingOptions()
    options.batchSize = workload.batchSize
    options.threads = threads
    options.epochs = epochs + 1
    // One test example: evaluation is not what is timed.
    trainer = try Trainer(
      workload.architecture, train: data.train, test: data.test.subset([0]), options: options)
  }

  /// Seconds of the next epoch.
  func run() throws -> Double { try trainer.runEpoch().seconds }

  func phases() throws {
    let clock = StepClock()
    trainer.clock = clock
    let t = try trainer.runEpoch().seconds
    trainer.clock = nil
    for phase in StepPhase.allCases { print("   ", phase.rawValue, clock.seconds(phase) / Double(trainer.stepsPerEpoch) * 1e6, "us") }
    print("    total", t / Double(trainer.stepsPerEpoch) * 1e6)
  }
  var team: ThreadTeam { trainer.team }
}

/// The time of the matrix products of an epoch alone: the same shapes, split between the same threads in the same way,
/// with the same two barriers a step and nothing between them.
struct ProductsBenchmark {
  private let model: VariationalAutoencoder
  private let workspace: Workspace
  private let gradients: ParameterArena
  private let team: ThreadTeam

  init(_ workload: Workload, team: ThreadTeam) throws {
    model = try VariationalAutoencoder(workload.architecture, seed: 0)
    workspace = Workspace(for: model, capacity: workload.batchSize)
    gradients = ParameterArena(model.layout)
    self.team = team
  }

  /// Seconds of the products of an epoch over `count` examples.
  func run(count: Int) -> Double {
    let capacity = workspace.capacity
    let clock = ContinuousClock.now
    for start in stride(from: 0, to: count, by: capacity) {
      let batchSize = min(capacity, count - start)
      team.run { [model, workspace, gradients] worker in
        let rows = worker.share(of: batchSize)
        for term in workspace.gradientTerms {
          BLAS.multiply(term.x.rows(rows), model.weights[term.layer.weight], into: term.dA.rows(rows))
        }
        for term in workspace.gradientTerms.dropFirst().reversed() {
          BLAS.multiply(term.dA.rows(rows), transposed: model.weights[term.layer.weight], into: term.x.rows(rows))
        }
        worker.barrier()
        for term in workspace.gradientTerms {
          let inputs = worker.share(of: term.layer.inputCount, grain: 8)
          BLAS.multiply(transposed: term.x.rows(0..<batchSize).columns(inputs), term.dA.rows(0..<batchSize), into: gradients[term.layer.weight].rows(inputs), accumulating: false)
        }
      }
    }
    return (ContinuousClock.now - clock) / .seconds(1)
  }
}
