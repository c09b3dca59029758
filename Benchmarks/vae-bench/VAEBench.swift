import ArgumentParser

/// `vae-bench`: how fast training is here, and what bounds it.
@main
struct VAEBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vae-bench",
    abstract: "Time training epochs, and what they are made of.",
    subcommands: [Epochs.self, Products.self, Functions.self, GradientVariance.self],
    defaultSubcommand: Epochs.self)
}
