import CAllocationCounter
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// A steady training step allocates nothing, on any of its threads.
@Suite(.enabled(if: allocation_counter_works(), "allocations are counted on Linux with glibc, without sanitizers"))
struct TrainingStepAllocationTests {
  enum Variant: CaseIterable {
    case plain, clipped, dynamicBinarization, floats, importanceWeighted, everything
    case adamW, sgd, adamax, rmsprop, penalized, penalizedAndClipped, layers

    private var rule: (any Optimizer)? {
      switch self {
      case .adamW, .penalizedAndClipped: AdamW()
      case .sgd, .penalized: SGD(learningRate: 1e-5)
      case .adamax: Adamax()
      case .rmsprop: RMSProp(learningRate: 1e-4)
      default: nil
      }
    }

    var hidden: LayerList {
      self == .layers
        ? [Dense(33), BatchNorm(), Activate(.gelu), Dropout(0.2), LayerNorm(), Dense(17), Activate(.elu)]
        : .hidden([33, 17], .relu)
    }

    var options: TrainingOptions {
      var options = TrainingOptions()
      options.epochs = 1000
      options.batchSize = 4
      if [.clipped, .penalizedAndClipped, .everything].contains(self) { options.gradientClipNorm = 1 }
      if let rule { options.optimizer.rule = rule }
      if self == .penalized || self == .penalizedAndClipped {
        options.optimizer.l2Penalty = 1e-3
        options.optimizer.decayed = .weights
      }
      if self == .dynamicBinarization || self == .everything { options.binarization = .dynamic }
      if self == .importanceWeighted || self == .everything {
        options.objective = IWAE(samples: 3, .doublyReparameterized)
      }
      if self == .everything {
        options.schedule = LearningRateSchedule(.steps, milestones: [.init(epoch: 1, factor: 0.5)], warmUpEpochs: 0.2)
        options.klWeight = 0.5
        options.klWarmUp = KLWarmUp(epochs: 0.5, cycles: 2)
      }
      return options
    }
  }

  private static let featureCount = 100

  private static let bytes: [UInt8] = {
    var random = RandomSequence(RandomStream(seed: 1, purpose: .user))
    return (0..<4100 * featureCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }()

  private func data(count: Int, floats: Bool) -> Dataset {
    let bytes = Array(Self.bytes.prefix(count * Self.featureCount))
    return floats
      ? Dataset(bytes.map { Float($0) / 255 }, featureCount: Self.featureCount)
      : Dataset(bytes: bytes, featureCount: Self.featureCount)
  }

  private func trainer(_ variant: Variant, threads: Int, count: Int, hidden: LayerList? = nil) throws -> Trainer {
    var options = variant.options
    options.threads = threads
    let data = data(count: count, floats: variant == .floats)
    return try Trainer(
      Architecture(
        inputCount: Self.featureCount, encoder: hidden ?? variant.hidden, latentCount: 3,
        decoder: hidden ?? variant.hidden), train: data,
      test: data.subset([0, 1]), options: options)
  }

  @Test(arguments: [1, 2, 3], Variant.allCases)
  func steadyStepsAllocateNothing(threads: Int, variant: Variant) throws {
    let trainer = try trainer(variant, threads: threads, count: 4100)
    let counter = TeamAllocations(trainer.team)
    // The first steps fill the caches of the Swift runtime and of OpenBLAS.
    for _ in 0..<5 { try trainer.step() }
    let allocations = try counter.during {
      for _ in 0..<1000 { try trainer.step() }
    }
    #expect(allocations == Array(repeating: 0, count: threads))
    #expect(!trainer.isEpochComplete)
  }

  /// Products so large that OpenBLAS takes its usual way, with its own memory.
  @Test(arguments: [1, 2]) func norDoLargeOnes(threads: Int) throws {
    let trainer = try trainer(.clipped, threads: threads, count: 300, hidden: .hidden([512], .relu))
    let counter = TeamAllocations(trainer.team)
    for _ in 0..<5 { try trainer.step() }
    let allocations = try counter.during {
      for _ in 0..<20 { try trainer.step() }
    }
    #expect(allocations == Array(repeating: 0, count: threads))
  }

  /// The arrays of the posteriors and figures of the test set, and the sentences about them.
  private static let allocationsAtTheEndOfAnEpoch: UInt64 = 80

  /// The end of an epoch evaluates and makes a record of it: some allocations, but for a long epoch of hundreds of steps
  /// no more than for a short one.
  @Test func epochsAllocateRegardlessOfTheirLength() throws {
    func allocations(count: Int) throws -> UInt64 {
      let trainer = try trainer(.plain, threads: 1, count: count)
      let counter = TeamAllocations(trainer.team)
      _ = try trainer.runEpoch()
      return try counter.during { for _ in 0..<3 { _ = try trainer.runEpoch() } }[0]
    }
    for count in [8, 3000] {
      let found = try allocations(count: count)
      #expect(found <= 3 * Self.allocationsAtTheEndOfAnEpoch, "\(found) for \(count) examples")
    }
  }
}
