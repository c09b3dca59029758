import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAETrainer

/// How optimisers are named and checked, and what files say of them.
@Suite struct OptimizerOptionsTests {
  /// Along the sign of the gradient: a rule that this library has not.
  struct Signs: Optimizer {
    static let name = "signs"
    static let constants: [OptimizerConstant<Signs>] = [.share("dead zone", \.deadZone)]
    static let stateNames: [String] = []
    var learningRate: Float = 0.01
    var deadZone: Float = 0.125

    func update(_ weights: Matrix, gradient: Matrix, state: OptimizerState, _ step: UpdateStep) {
      for row in 0..<weights.rows {
        for column in 0..<weights.columns where abs(gradient[row, column]) > deadZone {
          weights[row, column] -= gradient[row, column] > 0 ? step.learningRate : -step.learningRate
        }
      }
    }
  }

  @Test func namesAreDistinct() {
    #expect(Set(Optimizers.standard.map { $0.name }).count == Optimizers.standard.count)
    for rule in Optimizers.standard {
      #expect(Set(rule.constantNames).count == rule.constantNames.count)
      #expect(Set(rule.stateNames).count == rule.stateNames.count)
      #expect(throws: Never.self) { try rule.init().validate() }
    }
  }

  @Test(arguments: Optimizers.standard.map { $0.name }) func readAsWritten(name: String) throws {
    var options = OptimizerOptions(
      try #require(Optimizers.standard.first { $0.name == name }).init(), l2Penalty: 0.5, decayed: .weights)
    options.learningRate = 0.0625
    // Each constant another number than its default, and than the others.
    for (index, constant) in type(of: options.rule).constantNames.enumerated() {
      options.rule.set(constant, to: 0.5 + Float(index) / 16)
    }
    let text = try JSON.encode(options)
    #expect(try JSON.decode(OptimizerOptions.self, from: text) == options)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let constants = type(of: options.rule).constantNames.map { $0.replacing(" ", with: "_") }
    #expect(Set(object.keys) == Set(constants + ["method", "learning_rate", "l2_penalty", "decayed"]))
  }

  /// As version 0.1.0 wrote it.
  @Test func theFirstForm() throws {
    func options(_ method: String) throws -> OptimizerOptions {
      try JSON.decode(
        OptimizerOptions.self,
        from: """
          {"beta1": 0.5, "beta2": 0.75, "epsilon": 1e-08, "learning_rate": 0.003, "method": "\(method)",
           "momentum": 0.25, "weight_decay": 0.125}
          """)
    }
    #expect(try options("adam") == OptimizerOptions(Adam(learningRate: 0.003, beta1: 0.5, beta2: 0.75)))
    #expect(
      try options("adamw")
        == OptimizerOptions(AdamW(learningRate: 0.003, beta1: 0.5, beta2: 0.75, weightDecay: 0.125)))
    #expect(try options("sgd") == OptimizerOptions(SGD(learningRate: 0.003, momentum: 0.25)))
    // Its files had neither this rule nor its constant.
    #expect(throws: DecodingError.self) { try options("rmsprop") }
    #expect(throws: DecodingError.self) { try options("lion") }
  }

  @Test func mistakesNameTheQuantity() {
    func error(_ change: (inout OptimizerOptions) -> Void) -> String? {
      var options = OptimizerOptions(AdamW())
      change(&options)
      return #expect(throws: TrainingOptionsError.self) { try options.validate() }?.description
    }
    #expect(error { $0.learningRate = 0 } == "learning rate: expected more than 0, at most 1000, found 0.0")
    #expect(error { $0.rule.set("weight decay", to: 2) } == "weight decay: expected 0 to 1, found 2.0")
    #expect(error { $0.rule.set("beta2", to: 1) } == "beta2: expected at least 0, less than 1, found 1.0")
    #expect(error { $0.rule.set("epsilon", to: 0) } == "epsilon: expected more than 0, found 0.0")
    #expect(error { $0.rule.set("epsilon", to: .nan) } == "epsilon: expected more than 0, found nan")
    #expect(error { $0.l2Penalty = 1e-20 } == "L2 penalty: expected 0, or 1e-09 to 1, found 1e-20")
    #expect(error { $0.rule = SGD(momentum: 1) } == "momentum: expected at least 0, less than 1, found 1.0")
    #expect(error { $0.rule = RMSProp(smoothing: -1) } == "smoothing: expected at least 0, less than 1, found -1.0")
  }

  /// A rule of one's own trains, and is read where it is told of.
  @Test func aRuleOfOnesOwn() throws {
    let test = try TinyRun { $0.optimizer = OptimizerOptions(Signs()) }
    let run = try test.start()
    _ = try run.train(shouldStop: { run.trainer.state.step == 8 })
    let error = try #require(throws: RunError.self) { try TrainingRun.resume(run.directory.path) }
    #expect("\(error)".contains("there is no optimiser \"signs\""))
    let resumed = try TrainingRun.resume(run.directory.path, optimizers: Optimizers.standard + [Signs.self])
    #expect(resumed.configuration.training.optimizer == OptimizerOptions(Signs()))
    _ = try resumed.train()
    #expect(resumed.metrics[2].train.negativeELBO < resumed.metrics[0].train.negativeELBO)
  }
}
