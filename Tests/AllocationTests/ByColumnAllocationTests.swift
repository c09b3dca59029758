import CAllocationCounter
import Testing
import VAEKernels

/// The loss of columns with gaps, and its gradients, allocate nothing.
@Suite(.enabled(if: allocation_counter_works(), "allocations are counted on Linux with glibc, without sanitizers"))
struct ByColumnAllocationTests {
  @Test(arguments: [1, 2], [1, 3]) func aPassWithGapsAllocatesNothing(threads: Int, samples: Int) throws {
    let likelihood = ByColumn([.gaussian, .gaussian, .categorical(9), .bernoulli, .poisson, .gaussian])
    let model = try VariationalAutoencoder(
      Architecture(
        inputCount: likelihood.featureCount, encoderHidden: [17], latentCount: 3, likelihood: likelihood), seed: 1)
    let workspace = Workspace(for: model, capacity: 8, samples: samples, side: .mask)
    let minibatch = workspace.minibatch(0..<8)
    // Nothing is known of the second column; the others have a number each.
    minibatch.input.fill(0)
    minibatch.mask?.fill(1)
    minibatch.mask?.columns(1..<2).fill(0)
    minibatch.input.columns(2..<3).fill(1)
    workspace.noise.fill(0.5)
    let loss = Loss(ELBO(samples: samples), batchSize: 8)
    let team = try ThreadTeam(count: threads)
    let counter = TeamAllocations(team)
    let step: @Sendable (Worker) -> Void = { worker in
      let pass = Pass(workspace, model.weights, examples: 0..<8, worker: worker, isTraining: true)
      model.encode(pass)
      model.sample(pass)
      model.decode(pass)
      model.loss(pass, loss)
      model.backward(pass, loss)
    }
    for _ in 0..<5 { team.run(step) }
    let allocations = counter.during { for _ in 0..<200 { team.run(step) } }
    #expect(allocations == Array(repeating: 0, count: threads))
    let losses = workspace.reconstructionLoss.copyElements()
    #expect(losses.allSatisfy { $0.isFinite && $0 > 0 })
  }
}
