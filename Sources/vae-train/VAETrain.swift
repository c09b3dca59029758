import ArgumentParser
import Foundation
import VAEKernels

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
    subcommands: [Train.self],
    defaultSubcommand: Train.self)

  /// As `ParsableCommand.main`, but every failure is one line on standard error.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(error)
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
