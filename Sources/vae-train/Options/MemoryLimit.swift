import Foundation
import VAEKernels

/// Refuses models that this machine has no memory for, which the system would otherwise kill the process for, later and
/// without a word.
enum MemoryLimit {
  /// Throws where training needs more than the least that the machine, a container, or `ulimit` leaves.
  static func check(
    _ architecture: Architecture, batchSize: Int, samples: Int = 1, threads: Int = 1,
    limits: MemoryLimits = .current
  ) throws {
    let needed = try bytes(architecture, batchSize: batchSize, samples: samples)
    // The tightest is the one to speak of.
    for limit in limits.limits.sorted(by: { $0.room < $1.room }) {
      let mapped = limit.kind.countsWhatIsMapped ? Double(threads) * stack + margin : 0
      if needed + mapped > Double(limit.room) { throw TooLarge(needed: needed + mapped, limit: limit) }
    }
  }

  /// Bytes that the system reserves for a thread.
  private static let stack = 8e6
  /// Bytes for what is beside the model: the data, files on their way to disk.
  private static let margin = 64e6

  /// A model beyond a limit. It is no mistake in what was typed, so that the program ends with 1.
  private struct TooLarge: Error, CustomStringConvertible {
    let needed: Double
    let limit: MemoryLimits.Limit

    var description: String {
      "--hidden, --latent, --batch-size, --importance-samples: expected a model that trains in the "
        + "\(gigabytes(Double(limit.room))) of \(limit.kind.words), found one that needs \(gigabytes(needed))"
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
