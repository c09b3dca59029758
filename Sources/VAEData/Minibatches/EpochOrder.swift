import VAEKernels

/// The order in which an epoch visits the examples: a permutation for each epoch, fixed by the seed.
///
/// The order of an epoch depends on nothing that came before it, so a run can resume in the middle of any epoch. The
/// storage is used again; a new epoch allocates nothing.
public struct EpochOrder: Sendable {
  /// The seed of the run.
  public let seed: UInt64
  /// The examples in the order of the epoch last asked for; in their own order at first.
  public private(set) var examples: [UInt32]

  /// An order of `count` examples.
  public init(count: Int, seed: UInt64) {
    precondition(count >= 0 && count <= Int(UInt32.max), "there is no order of \(count) examples")
    self.seed = seed
    examples = (0..<count).map { UInt32($0) }
  }

  /// Puts `examples` in the order of `epoch`, counted from 1.
  public mutating func shuffle(forEpoch epoch: UInt32) {
    examples.withUnsafeMutableBufferPointer { examples in
      var index = 0
      while index < examples.count {
        examples[index] = UInt32(truncatingIfNeeded: index)
        index += 1
      }
    }
    var random = RandomSequence(RandomStream(seed: seed, purpose: .shuffle, epoch: epoch))
    random.shuffle(&examples)
  }
}
