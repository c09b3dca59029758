import CAllocationCounter
import Testing
import VAEKernels

/// A step with an exposure of its own, and dispersions of batches, allocates nothing.
@Suite(.enabled(if: allocation_counter_works(), "allocations are counted on Linux with glibc, without sanitizers"))
struct LearnedExposureAllocationTests {
  @Test(arguments: [1, 2], [1, 3]) func aPassAllocatesNothing(threads: Int, samples: Int) throws {
    var architecture = Architecture(
      inputCount: 23, encoder: [Log1p(), Dense(17), Activate(.relu)], latentCount: 3, decoder: [Dense(9)],
      likelihood: ZeroInflatedNegativeBinomial(.init(dispersion: .batch)), numericCovariateCount: 2)
    architecture.exposureEncoder = [Log1p(), Dense(16), BatchNorm(), Activate(.relu)]
    architecture.batchCovariates = 0..<2
    let model = try VariationalAutoencoder(architecture, seed: 1)
    let workspace = Workspace(for: model, capacity: 8, samples: samples)
    let minibatch = workspace.minibatch(0..<8)
    minibatch.target.setElements((0..<8 * 23).map { Float($0 * 7 % 5) })
    minibatch.covariates?.fill(0)
    minibatch.covariates?.columns(1..<2).fill(1)
    workspace.noise.fill(0.5)
    let loss = Loss(samples == 1 ? ELBO() : IWAE(samples: samples), batchSize: 8)
    let gradients = ParameterArena(model.layout)
    let team = try ThreadTeam(count: threads)
    // Each is one worker's.
    nonisolated(unsafe) let sinks = (0..<threads).map { _ in GradientArena(gradients) }
    let counter = TeamAllocations(team)
    let step: @Sendable (Worker) -> Void = { worker in
      let pass = Pass(workspace, model.weights, examples: 0..<8, worker: worker, isTraining: true)
      model.encode(pass)
      model.sample(pass)
      model.decode(pass)
      model.loss(pass, loss)
      model.backward(pass, loss)
      model.backwardParameters(pass, into: sinks[worker.index])
    }
    for _ in 0..<5 { team.run(step) }
    let allocations = counter.during { for _ in 0..<200 { team.run(step) } }
    #expect(allocations == Array(repeating: 0, count: threads))
    #expect(workspace.objective.copyElements().allSatisfy { $0.isFinite && $0 > 0 })
  }
}
