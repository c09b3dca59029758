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
      Describe.self, Info.self,
    ],
    defaultSubcommand: Train.self)

  /// As `ParsableCommand.main`, but every failure is one line on standard error.
  static func main() {
    Interrupt.protectFiles()
    do {
      var command = try parseAsRoot(Self.joiningNegativeNumbers(CommandLine.arguments.dropFirst()))
      if (command as? Train)?.quiet != true { warnOfEnvironment() }
      try command.run()
      guard fflush(nil) == 0 else {
        throw FileError(path: "standard output", action: "write", code: errno)
      }
    } catch let error as RunError {
      exit(error.ofOption)
    } catch {
      // Of an option that makes no sense with the data the library finds out when it has them.
      exit(ValidationError.isOfOption(error) ? ValidationError(ofOption: error) : error)
    }
  }

  private static func warnOfEnvironment() {
    for mistake in KernelEnvironment.mistakes {
      FileHandle.standardError.write(Data("vae-train: warning: \(mistake)\n".utf8))
    }
  }

  /// "--epochs -1" as "--epochs=-1". ArgumentParser takes "-1" for another option, and would say that a value is
  /// missing where it is one that makes no sense.
  private static func joiningNegativeNumbers(_ arguments: some Sequence<String>) -> [String] {
    arguments.reduce(into: []) { joined, argument in
      let isNegative = argument.hasPrefix("-") && argument.dropFirst().first.map { $0.isNumber || $0 == "." } ?? false
      if isNegative, let option = joined.last, option.hasPrefix("--"), option.count > 2, !option.contains("=") {
        joined[joined.count - 1] += "=" + argument
      } else {
        joined.append(argument)
      }
    }
  }

  private static func exit(_ error: any Error) -> Never {
    // Help, --version and completion scripts arrive as errors too; so do the exit codes that commands throw.
    if exitCode(for: error).isSuccess || error is ExitCode { exit(withError: error) }
    let message = message(for: error).split(separator: "\n").first.map(String.init) ?? "\(error)"
    FileHandle.standardError.write(Data("vae-train: \(message)\n".utf8))
    Foundation.exit(exitCode(for: error).rawValue)
  }
}
