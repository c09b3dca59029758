import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `vae-train`: one subcommand a file, in Commands.
@main
struct VAETrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vae-train",
    abstract: "Train variational autoencoders on the CPU, and look at what they have learnt.",
    discussion: """
      Without a subcommand it trains: "vae-train --epochs 10" on digits that it draws itself, "vae-train --data FOLDER" \
      on data of yours. All losses are in nats per example.
      """,
    version: PackageVersion.current,
    subcommands: [
      Train.self, Evaluate.self, Sample.self, Reconstruct.self, Manifold.self, Traversals.self, Interpolate.self,
      Plot.self, Encode.self, Decode.self, Report.self, Compare.self, Reproduce.self, CheckGradients.self,
      Describe.self, Info.self, Inspect.self, Convert.self, Score.self, Impute.self, Denoise.self,
      DifferentialExpressionCommand.self,
    ],
    defaultSubcommand: Train.self)

  /// As `ParsableCommand.main`, but every failure is one line on standard error.
  static func main() {
    StandardStreams.prepare()
    Interrupt.protectFiles()
    MemoryLimit.prepare()
    do {
      let typed = TypedArguments.given
      if let script = try CompletionScript.asked(for: typed) { print(script) } else { try run(typed) }
      try StandardStreams.finishOutput()
    } catch let error as RunError {
      exit(error.ofOption)
    } catch {
      // Of an option that makes no sense with the data the library finds out when it has them.
      exit(ValidationError.isOfOption(error) ? ValidationError(ofOption: error) : error)
    }
  }

  private static func run(_ typed: TypedArguments) throws {
    try typed.check()
    var command: any ParsableCommand
    do { command = try parseAsRoot(typed.arguments) } catch { throw typed.explained(error) }
    if Self.shouldWarn(command) { warnOfEnvironment() }
    try command.run()
  }

  /// The text of `info` says it itself.
  private static func shouldWarn(_ command: any ParsableCommand) -> Bool {
    if let train = command as? Train { return !train.quiet }
    if let info = command as? Info { return info.json }
    return true
  }

  private static func warnOfEnvironment() {
    for mistake in KernelEnvironment.mistakes(among: ProcessInfo.processInfo.environment.keys) { Message.warn(mistake) }
  }

  private static func exit(_ error: any Error) -> Never {
    // What shells see of a process that SIGPIPE ended.
    if StandardStreams.readerIsGone && !(error is ExitCode) { Foundation.exit(128 + SIGPIPE) }
    let code = exitCode(for: error)
    // Help, --version and completion scripts arrive as errors too; so do the exit codes that commands throw.
    if code.isSuccess {
      print(fullMessage(for: error))
      do { try StandardStreams.finishOutput() } catch { exit(error) }
    } else if !(error is ExitCode) {
      Message.say(message(for: error).split(separator: "\n").first.map(String.init) ?? "\(error)")
    }
    Foundation.exit(code.rawValue)
  }
}
