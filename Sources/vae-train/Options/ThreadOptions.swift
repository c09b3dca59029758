import ArgumentParser
import VAEKernels
import VAETrainer

/// How many threads to work with, for commands that do not train.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Threads (default: one a processor).", valueName: "count"),
    transform: Parse.wholeNumber)
  var threads: Int?

  func validate() throws {
    // Training has the same limits.
    var options = TrainingOptions()
    options.threads = threads
    do { try options.validate() } catch { throw ValidationError(ofOption: error) }
  }

  func team() throws -> ThreadTeam {
    var options = TrainingOptions()
    options.threads = threads
    return try ThreadTeam(count: options.threadCount)
  }
}
