import ArgumentParser
import Foundation
import VAEKernels

/// Refuses models that this machine has no memory for, which the system would otherwise kill the process for, later and
/// without a word.
enum MemoryLimit {
  /// Throws where training needs more than all memory.
  static func check(_ architecture: Architecture, batchSize: Int) throws {
    let available = ProcessInfo.processInfo.physicalMemory
    let needed = UInt64(bytes(architecture, batchSize: batchSize))
    if needed > available {
      throw ValidationError(
        "--hidden, --latent, --batch-size: expected a model that trains in the \(gigabytes(available)) of this "
          + "machine, found one that needs \(gigabytes(needed))")
    }
  }

  /// Weights, gradients and both of Adam's moments; and every layer's output and its gradient for each example.
  private static func bytes(_ architecture: Architecture, batchSize: Int) -> Int {
    let widths =
      [2 * architecture.inputCount, 2 * architecture.latentCount] + architecture.encoderHidden
      + architecture.decoderHidden
    return MemoryLayout<Float>.stride * (4 * architecture.parameterCount + 2 * batchSize * widths.reduce(0, +))
  }

  private static func gigabytes(_ bytes: UInt64) -> String { String(format: "%.1f GB", Double(bytes) / 1e9) }
}
