import ArgumentParser

/// `--generate-completion-script`.
enum CompletionScript {
  private static let option = "generate-completion-script"

  /// The script that `typed` ask for, if they do.
  ///
  /// ArgumentParser's own script completes the root's options where no subcommand is typed, and the root has none but
  /// `--help`: what is typed there are those of `train`. So the script is made of a root that has them.
  static func asked(for typed: TypedArguments) throws -> String? {
    guard let place = typed.arguments.firstIndex(where: { $0 == "--\(option)" || $0.hasPrefix("--\(option)=") }) else {
      return nil
    }
    let argument = typed.arguments[place]
    let name =
      argument.contains("=") ? String(argument.dropFirst(option.count + 3)) : typed.arguments[(place + 1)...].first
    let shells = CompletionShell.allCases
    // Without a name it is that of the shell at hand.
    guard let shell = name.map({ CompletionShell(rawValue: $0) }) ?? CompletionShell.autodetected() else {
      throw ValidationError(
        "--\(option): expected one of \(shells.map(\.rawValue).joined(separator: ", ")), found \(name ?? "none")")
    }
    return Root.completionScript(for: shell)
  }

  /// `VAETrain` with the options of its default subcommand.
  private struct Root: ParsableCommand {
    static let configuration: CommandConfiguration = {
      let ofProgram = VAETrain.configuration
      return CommandConfiguration(
        commandName: ofProgram.commandName, abstract: ofProgram.abstract, version: ofProgram.version,
        subcommands: ofProgram.subcommands)
    }()

    @OptionGroup var train: Train
  }
}
