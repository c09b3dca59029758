import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// Refuses models that this machine has no memory for, which the system would otherwise kill the process for, later and
/// without a word.
enum MemoryLimit {
  /// Throws where training needs more than the least that the machine, a container, or `ulimit` leaves.
  ///
  /// - Parameters:
  ///   - examples: What is trained on, where that is known: a minibatch has no more of them, and their form.
  ///   - run: The run that the model is of, for the message; nil where it comes from the options.
  static func check(
    _ architecture: Architecture, _ training: TrainingOptions, examples: Dataset? = nil, of run: String? = nil
  ) throws {
    let needed = try bytes(architecture, training, examples)
    for limit in MemoryLimits.current.limits {
      let mapped = limit.kind.countsWhatIsMapped ? Double(training.threadCount) * (stack + buffer) + margin : 0
      guard needed + mapped <= Double(limit.room) else {
        throw TooLarge(
          place: run ?? "--hidden, --latent, --batch-size, --importance-samples", needed: needed + mapped, limit: limit)
      }
    }
  }

  /// Checks at the start that there is room for the program itself, and lets a lack of memory end it with one line.
  ///
  /// What the runtime says of memory that it cannot have is its last line, "Fatal error: failed to allocate …"; a backtrace
  /// behind it, as of a mistake in the program, would tell nobody anything.
  static func prepare() {
    let limits = MemoryLimits.current
    guard limits.boundWhatIsMapped else { return }
    signal(SIGABRT) { _ in _exit(EXIT_FAILURE) }
    let needed = BLAS.mappedByteCount + UInt64(buffer)
    guard let limit = limits.mapping(below: needed) else { return }
    Message.say(
      "expected at least \(amount(Double(needed))) of \(limit.kind.words), found \(amount(Double(limit.bytes))); "
        + "with OPENBLAS_NUM_THREADS=1 it takes less")
    // Not exit(): that waits for the threads of OpenBLAS.
    _exit(EXIT_FAILURE)
  }

  /// Bytes that the system reserves for a thread.
  private static let stack = 8e6
  /// And those that a product takes on each thread.
  private static var buffer: Double { MatrixProduct.engine == .openblas ? Double(BLAS.bufferByteCount) : 0 }
  /// And for what is beside the model: the data, files on their way to disk.
  private static let margin = 64e6

  /// A model beyond a limit. It is no mistake in what was typed, so that the program ends with 1.
  private struct TooLarge: Error, CustomStringConvertible {
    let place: String
    let needed: Double
    let limit: MemoryLimits.Limit

    var description: String {
      "\(place): expected a model that trains in the "
        + "\(amount(Double(limit.room))) that are left of \(limit.kind.words), found one that needs \(amount(needed))"
    }
  }

  /// Weights, gradients and both of Adam's moments; and all that a step writes for each example and sample.
  private static func bytes(
    _ architecture: Architecture, _ training: TrainingOptions, _ examples: Dataset?
  ) throws -> Double {
    let plan = try Plan(architecture)
    let batchSize = min(training.batchSize, examples?.count ?? .max)
    let perExample = plan.workspaceCount(
      capacity: 1, samples: training.objective.samples, gradients: true,
      form: examples?.form(for: plan) ?? MinibatchForm())
    return Double(MemoryLayout<Float>.stride)
      * (4 * Double(plan.layout.count) + Double(batchSize) * Double(perExample))
  }

  /// "2.5 GB", or "250 MB" where there are less than one of these.
  private static func amount(_ bytes: Double) -> String {
    bytes < 1e9 ? "\(Int(bytes / 1e6)) MB" : String(format: "%.1f GB", bytes / 1e9)
  }
}
