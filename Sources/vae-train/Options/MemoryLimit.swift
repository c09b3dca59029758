import ArgumentParser
import Foundation
import VAEKernels

/// Refuses models that this machine has no memory for, which the system would otherwise kill the process for, later and
/// without a word.
enum MemoryLimit {
  /// Throws where training needs more than all memory.
  static func check(_ architecture: Architecture, batchSize: Int, samples: Int = 1) throws {
    let available = ProcessInfo.processInfo.physicalMemory
    let needed = bytes(architecture, batchSize: batchSize, samples: samples)
    if needed > Double(available) {
      throw ValidationError(
        "--hidden, --latent, --batch-size, --importance-samples: expected a model that trains in the \(gigabytes(Double(available))) of this "
          + "machine, found one that needs \(gigabytes(needed))")
    }
  }

  /// Weights, gradients and both of Adam's moments; and every layer's output and its gradient for each example, the
  /// decoder's for each sample.
  private static func bytes(_ architecture: Architecture, batchSize: Int, samples: Int) -> Double {
    let encoder = architecture.inputCount + architecture.headCount + architecture.encoderHidden.reduce(0, +)
    let decoder = architecture.outputCount + architecture.latentCount + architecture.decoderHidden.reduce(0, +)
    let activations = Double(batchSize) * (Double(encoder) + Double(samples) * Double(decoder))
    return Double(MemoryLayout<Float>.stride) * (4 * Double(architecture.parameterCount) + 2 * activations)
  }

  private static func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
}
