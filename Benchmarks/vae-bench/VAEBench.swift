import ArgumentParser
import Foundation
import VAEKernels

/// `vae-bench`: how fast training is here, and what bounds it.
@main
struct VAEBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vae-bench",
    abstract: "Time training epochs, and what they are made of.",
    subcommands: [Epochs.self, Products.self, Functions.self, GradientVariance.self],
    defaultSubcommand: Epochs.self)

  static func main() {
    for mistake in KernelEnvironment.mistakes {
      FileHandle.standardError.write(Data("vae-bench: warning: \(mistake)\n".utf8))
    }
    main(nil)
  }
}
