import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels

@testable import VAETrainer

/// Which parameters decay, and the chain under every rule.
@Suite struct UpdateChainTests {
  private static let rules = Optimizers.standard.map { $0.name }

  private func rule(_ name: String) throws -> any Optimizer {
    try #require(Optimizers.standard.first { $0.name == name }).init()
  }

  private func trainer(
    _ options: OptimizerOptions, clipNorm: Float? = nil, threads: Int = 1, examples: Int = 20
  ) throws -> Trainer {
    let data = TinyData.split(train: examples, test: 2)
    return try Trainer(
      .tiny, train: data.train, test: data.test,
      options: .tiny {
        $0.epochs = 12
        $0.optimizer = options
        $0.gradientClipNorm = clipNorm
        $0.threads = threads
      })
  }

  @Test func theGroupsAreTheWholeLayout() throws {
    let layout = try VariationalAutoencoder(
      Architecture(inputCount: 7, encoderHidden: [5], latentCount: 2, likelihood: .learnedGaussian)
    ).layout
    #expect(
      ParameterGroup.groups(of: layout, trained: .all, decayed: .all) == [
        ParameterGroup(floats: 0..<layout.count, decays: true)
      ])
    let groups = ParameterGroup.groups(of: layout, trained: .all, decayed: .weights)
    #expect(groups.first?.floats.lowerBound == 0 && groups.last?.floats.upperBound == layout.count)
    for (group, next) in zip(groups, groups.dropFirst()) {
      #expect(group.floats.upperBound == next.floats.lowerBound && group.decays != next.decays)
    }
    for tensor in layout.tensors {
      let group = try #require(groups.first { $0.floats.contains(tensor.block.offset) })
      #expect(group.decays == tensor.isWeight, "\(tensor.name)")
      #expect(group.floats.upperBound >= tensor.block.offset + tensor.block.count)
    }
  }

  /// One step: what does not decay moves as Adam moves it, to the last bit, and what does does not.
  @Test func biasesNeedNotDecay() throws {
    let trainers = try [
      OptimizerOptions(Adam()), .init(AdamW(weightDecay: 1), decayed: .weights), .init(AdamW(weightDecay: 1)),
    ].map { try trainer($0) }
    // A bias of zero would not show whether it decays.
    for trainer in trainers {
      for tensor in trainer.model.layout.tensors where !tensor.isWeight {
        trainer.model.weights.setElements(Array(repeating: 0.25, count: tensor.count), of: tensor)
      }
      try trainer.step()
    }
    for tensor in trainers[0].model.layout.tensors {
      let found = trainers.map { $0.model.weights.elements(of: tensor).bits }
      #expect((found[1] == found[0]) == !tensor.isWeight, "\(tensor.name)")
      #expect((found[1] == found[2]) == tensor.isWeight, "\(tensor.name)")
    }
  }

  /// The whole gradient at once, and a tile of it at a time, on any number of threads.
  @Test(arguments: rules, [1, 2, 3]) func bothWaysToTheSameEnd(name: String, threads: Int) throws {
    let options = OptimizerOptions(try rule(name), l2Penalty: 0.01, decayed: .weights)
    let trainers = try [trainer(options), trainer(options, clipNorm: 1e6, threads: threads)]
    for trainer in trainers { _ = try trainer.runEpoch() }
    // In a debug build other numbers of threads have other sums: BLAS makes them.
    if MatrixProduct.engine == .own || threads == 1 {
      #expect(trainers[0].model.weights.bits == trainers[1].model.weights.bits)
    }
    #expect(trainers[1].optimizer.state.count == trainers[1].optimizer.stateNames.count)
  }

  @Test(arguments: rules) func everyRuleLearns(name: String) throws {
    var options = OptimizerOptions(try rule(name))
    options.learningRate = 1e-2
    let trainer = try trainer(options, examples: 200)
    // Knowing the corner is worth some five nats.
    let losses = try (0..<12).map { _ in try trainer.runEpoch().train.negativeELBO }
    #expect(losses[11] < losses[0] - 2, "\(losses)")
  }

  @Test(arguments: rules) func isResumed(name: String) throws {
    let test = try TinyRun { $0.optimizer = OptimizerOptions((try? rule(name)) ?? Adam(), l2Penalty: 0.01) }
    let whole = try test.start("whole")
    _ = try whole.train()
    let stopped = try test.start()
    _ = try stopped.train(shouldStop: { stopped.trainer.state.step == 8 })
    let resumed = try TrainingRun.resume(stopped.directory.path)
    #expect(resumed.configuration.training.optimizer == test.configuration.training.optimizer)
    _ = try resumed.train()
    #expect(try RunResult(resumed.directory) == RunResult(whole.directory))
  }
}
