import ArgumentParser
import Foundation
import VAEKernels

/// Refuses models that this machine has no memory for, which the system would otherwise kill the process for, later and
/// without a word.
enum MemoryLimit {
  /// Throws where training needs more than all memory.
  static func check(_ architecture: Architecture, batchSize: Int, samples: Int = 1) throws {
    let available = ProcessInfo.processInfo.physicalMemory
    let needed = try bytes(architecture, batchSize: batchSize, samples: samples)
    if needed > Double(available) {
      throw ValidationError(
        "--hidden, --latent, --batch-size, --importance-samples: expected a model that trains in the \(gigabytes(Double(available))) of this "
          + "machine, found one that needs \(gigabytes(needed))")
    }
  }

  /// Weights, gradients and both of Adam's moments; and all that a step writes for each example and sample.
  private static func bytes(_ architecture: Architecture, batchSize: Int, samples: Int) throws -> Double {
    let plan = try Plan(architecture)
    let perExample = plan.workspaceCount(capacity: 1, samples: samples, gradients: true)
    return Double(MemoryLayout<Float>.stride)
      * (4 * Double(plan.layout.count) + Double(batchSize) * Double(perExample))
  }

  private static func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
}
