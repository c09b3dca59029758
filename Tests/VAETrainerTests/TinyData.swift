import Foundation
import TestSupport
import VAEData
import VAEKernels
import VAETrainer

/// Pictures of 6 × 6 pixels that a small model can learn: a bright square in one of four corners, with noise.
enum TinyData {
  static let imageShape = ImageShape(width: 6, height: 6)

  static func dataset(count: Int, seed: UInt64 = 1) -> Dataset {
    Dataset(bytes: bytes(count: count, seed: seed), featureCount: imageShape.featureCount, imageShape: imageShape)
  }

  static func split(train: Int, test: Int, seed: UInt64 = 1) -> DataSplit {
    let all = dataset(count: train + test, seed: seed)
    return DataSplit(
      train: all.subset(Array(0..<train)), test: all.subset(Array(train..<train + test)), source: "tiny pictures")
  }

  /// Writes them as one IDX file of images.
  static func writeIDX(count: Int, seed: UInt64 = 1, to path: String) throws {
    let header = [0x0803, count, imageShape.height, imageShape.width].flatMap { number in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    try AtomicFile.write(header + bytes(count: count, seed: seed), to: path)
  }

  private static func bytes(count: Int, seed: UInt64) -> [UInt8] {
    var random = RandomSequence(RandomStream(seed: seed, purpose: .user))
    return (0..<count).flatMap { _ in
      let top = 3 * Int(random.integer(below: 2))
      let left = 3 * Int(random.integer(below: 2))
      return (0..<36).map { pixel in
        let isBright = (top..<top + 3).contains(pixel / 6) && (left..<left + 3).contains(pixel % 6)
        return UInt8(random.integer(below: 64) + (isBright ? 190 : 0))
      }
    }
  }
}

extension Architecture {
  /// For `TinyData`.
  static let tiny = Architecture(inputCount: 36, encoderHidden: [12], latentCount: 2)
}

extension TrainingOptions {
  /// One thread, small minibatches, and whatever `change` makes of them.
  static func tiny(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
    var options = TrainingOptions()
    options.epochs = 3
    options.batchSize = 8
    options.threads = 1
    options.seed = 5
    change(&options)
    return options
  }
}

extension UpdateChain {
  /// Adam's m, or another rule's average of gradients.
  var firstMoment: ParameterArena { self["first_moment"]! }
  /// Adam's v.
  var secondMoment: ParameterArena { self["second_moment"]! }
}

extension ParameterArena {
  /// Every tensor's bits, by name.
  var bits: [String: [UInt32]] { layout.tensors.reduce(into: [:]) { $0[$1.name] = elements(of: $1).bits } }

  /// The root of the sum of the squares of all parameters.
  var norm: Double {
    layout.tensors.flatMap { elements(of: $0) }.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
