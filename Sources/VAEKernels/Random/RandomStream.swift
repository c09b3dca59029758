/// The address of a family of random numbers: what for, in which epoch, which sample.
///
/// Together with an example's index it fixes every number drawn for that example, so that nothing depends on the
/// number of threads, the batch size, or what ran before, and a resumed run needs no generator state. The Philox
/// key is `seed`; the counter is (block, example, `epoch`, `purpose` and `sample`).
public struct RandomStream: Sendable, Hashable {
  /// What the numbers are for; two purposes never share numbers.
  public enum Purpose: UInt8, Sendable {
    /// Initial weights.
    case initialization = 1
    /// The order of the training examples in an epoch.
    case shuffle = 2
    /// Which examples are held out for validation or testing.
    case split = 3
    /// ε of the training set.
    case trainingNoise = 4
    /// ε of evaluation.
    case evaluationNoise = 5
    /// Binarisation of the training set.
    case trainingBinarization = 6
    /// Binarisation of held-out sets.
    case evaluationBinarization = 7
    /// Latents drawn from the prior.
    case priorSample = 8
    /// The digits that `VAEData` draws.
    case generatedDigits = 9
    /// Anything a caller needs for a purpose of its own.
    case user = 10
    /// Corruption of the training set.
    case corruption = 11
    /// Pixels drawn from a decoded distribution.
    case pixels = 12
    /// What layers draw in training.
    case dropout = 13
    /// Where the points of an embedding begin.
    case embedding = 14
    /// Clusters' first centres, and the points that a figure is computed of.
    case clustering = 15
    /// Pairs of examples that are compared.
    case pairs = 16
  }

  /// The seed of the run: the generator's key.
  public var seed: UInt64
  /// What the numbers are for.
  public var purpose: Purpose
  /// The epoch, from 1; 0 where numbers are drawn once.
  public var epoch: UInt32
  /// The index of the sample where an example has several; below 2²⁴.
  public var sample: UInt32

  /// An address; `sample` must be below 2²⁴.
  public init(seed: UInt64, purpose: Purpose, epoch: UInt32 = 0, sample: UInt32 = 0) {
    precondition(sample < 1 << 24, "sample \(sample) is beyond 2^24 - 1")
    self.seed = seed
    self.purpose = purpose
    self.epoch = epoch
    self.sample = sample
  }

  /// Block `index` of the random words of `example`: four of them.
  public func words(example: UInt32, block index: UInt32) -> SIMD4<UInt32> {
    Philox.block(
      counter: SIMD4(index, example, epoch, purposeAndSample),
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
  }

  var purposeAndSample: UInt32 { UInt32(purpose.rawValue) << 24 | sample }
}
