import ArgumentParser
import VAEKernels
import VAETrainer

/// How many threads to work with, for commands that do not train.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .long, help: Self.help,
    transform: Parse.wholeNumber)
  var threads: Int?

  static let help = ArgumentHelp(
    "Threads (default: one a processor that there is time of, or fewer by OMP_NUM_THREADS).", valueName: "count")

  /// Says it where so many are no use.
  static func warn(ofThreads count: Int) {
    if let warning = ProcessorLimits.current.warning(ofThreads: count) { Message.warn(warning) }
  }

  func validate() throws {
    // Training has the same limits.
    var options = TrainingOptions()
    options.threads = threads
    do { try options.validate() } catch { throw ValidationError(ofOption: error) }
  }

  func team() throws -> ThreadTeam {
    var options = TrainingOptions()
    options.threads = threads
    Self.warn(ofThreads: options.threadCount)
    return try ThreadTeam(count: options.threadCount)
  }
}
