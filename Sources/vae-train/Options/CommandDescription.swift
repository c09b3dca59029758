import ArgumentParser
import Foundation

/// What ArgumentParser knows of a command's options: the JSON that it writes for documentation tools.
struct CommandDescription: Decodable {
  private struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }

    let kind: String
    let names: [Name]?
  }

  private struct Tool: Decodable {
    let command: CommandDescription
  }

  let commandName: String
  private let subcommands: [CommandDescription]?
  private let arguments: [Argument]?

  /// All commands.
  static var commands: [CommandDescription] {
    let tool = try? JSONDecoder().decode(Tool.self, from: Data(VAETrain._dumpHelp().utf8))
    return tool?.command.subcommands ?? []
  }

  /// The command that `arguments` are for: the subcommand that they begin with, or the one that is meant without.
  static func of(_ arguments: [String]) -> CommandDescription {
    let commands = commands
    return commands.first { $0.commandName == arguments.first }
      ?? commands.first { $0.commandName == Train._commandName }
      ?? CommandDescription(commandName: "", subcommands: nil, arguments: nil)
  }

  /// The names of all commands, in the order of the help.
  static var commandNames: [String] { VAETrain.configuration.subcommands.map { $0._commandName } }

  /// The long names of its options.
  var names: Set<String> { names { _ in true }.union(["help", "version"]) }

  /// Of those that take a value.
  var namesWithValue: Set<String> { names { $0.kind == "option" } }

  private func names(where holds: (Argument) -> Bool) -> Set<String> {
    Set((arguments ?? []).filter(holds).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name))
  }
}
