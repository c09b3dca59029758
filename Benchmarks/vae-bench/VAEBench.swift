import ArgumentParser
import Foundation
import VAEData
import VAEKernels

/// `vae-bench`: how fast training is here, and what bounds it.
@main
struct VAEBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vae-bench",
    abstract: "Time training epochs, and what they are made of.",
    subcommands: [
      Epochs.self, Products.self, Functions.self, SparseLayer.self, ReadTable.self, GradientVariance.self, Embed.self,
    ],
    defaultSubcommand: Epochs.self)

  static func main() {
    StandardStreams.prepare()
    for mistake in KernelEnvironment.mistakes(among: ProcessInfo.processInfo.environment.keys) {
      StandardStreams.writeMessage("vae-bench: warning: \(mistake)\n")
    }
    do {
      var command = try parseAsRoot()
      try command.run()
      try StandardStreams.finishOutput()
    } catch {
      exit(withError: error)
    }
  }
}
