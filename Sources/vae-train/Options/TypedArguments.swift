import ArgumentParser
import VAEData

/// The arguments as they were typed, looked through before ArgumentParser reads them.
///
/// What it would pass over in silence is refused here. It takes "-epochs" for six options of one letter, finds the h of
/// help among them, and prints the help as if that had been asked for; and of an option that stands there twice it
/// takes the last.
struct TypedArguments {
  /// Those that are to be parsed.
  let arguments: [String]

  /// What the program was started with, but for its own name.
  static let given = TypedArguments(words)

  /// The same, word for word, as `Path` holds bytes: `CommandLine.arguments` has U+FFFD in place of bytes that are no
  /// UTF-8, and so would lead to another file.
  static let words: [String] = (1..<Int(max(CommandLine.argc, 1))).compactMap {
    CommandLine.unsafeArgv[$0].map { Path.text(ofCString: $0) }
  }

  init(_ arguments: some Sequence<String>) { self.arguments = Self.joiningSignedNumbers(arguments) }

  /// Throws `ValidationError` for the first that would not be what it seems.
  func check() throws {
    if arguments.first == "help", arguments.count > 1, !arguments[1].hasPrefix("-"),
      !CommandDescription.commandNames.contains(arguments[1])
    {
      let names = CommandDescription.commandNames.joined(separator: ", ")
      throw ValidationError("help: expected one of \(names), found \(arguments[1])")
    }
    try checkCommand()
    var seen: [String: Option] = [:]
    for option in options {
      if option.dashes != "--" { throw ValidationError(complaint(aboutDashesOf: option)) }
      if let first = seen[option.name], first.value != option.value, takesValue(option.name) {
        throw ValidationError(
          "--\(option.name): expected once, found twice, as \(quoted(first.value)) and \(quoted(option.value))")
      }
      let opposite = option.name.hasPrefix("no-") ? String(option.name.dropFirst(3)) : "no-" + option.name
      if seen[opposite] != nil {
        throw ValidationError("--\(option.name): expected without --\(opposite), found both")
      }
      seen[option.name] = option
    }
  }

  /// Throws where the first argument is a word, but no command: training takes none.
  private func checkCommand() throws {
    let names = CommandDescription.commandNames
    guard let word = arguments.first, let first = word.first, first != "-", !Self.longDashes.contains(first),
      word != "help", !names.contains(word)
    else { return }
    if Path.exists(word) {
      throw ValidationError(
        "\(word): expected a command or an option, found a path; try --data \(word), or inspect \(word)")
    }
    let nearest = NearestNames.words(to: word, among: names).map { "; \($0)" } ?? ""
    throw ValidationError("\(word): expected a command, which --help lists, found none\(nearest)")
  }

  /// What ArgumentParser could not say of `error`: that an option which the command does not have is one of others.
  func explained(_ error: any Error) -> any Error {
    let own = CommandDescription.of(arguments)
    guard VAETrain.exitCode(for: error) == .validationFailure,
      let name = names.first(where: { !own.names.contains($0) })
    else { return error }
    let others = CommandDescription.commands.filter { $0.names.contains(name) }.map(\.commandName)
    guard !others.isEmpty else { return error }
    return ValidationError(
      "--\(name): expected an option of \(own.commandName), found one of \(others.joined(separator: ", "))")
  }

  /// The names of the options that were typed, in order.
  var names: [String] { options.map(\.name) }

  // MARK: Options

  private struct Option {
    let dashes: String
    let name: String
    /// What follows it, behind "=" or as the next argument; of a flag that may be an argument in its own right.
    let value: String?
  }

  /// What text processors make of two hyphens.
  private static let longDashes: Set<Character> = ["–", "—"]

  /// Everything that begins like an option, up to the "--" that ends them; "-h" is one.
  private var options: [Option] {
    let arguments = arguments.prefix { $0 != "--" }
    return arguments.indices.compactMap { index in
      let argument = arguments[index]
      let dashes = argument.prefix { $0 == "-" || Self.longDashes.contains($0) }
      let rest = argument.dropFirst(dashes.count)
      guard !dashes.isEmpty, rest.first?.isLetter == true, argument != "-h" else { return nil }
      let next = arguments.indices.contains(index + 1) ? arguments[index + 1] : nil
      let value =
        rest.firstIndex(of: "=").map { String(rest[rest.index(after: $0)...]) }
        ?? next.flatMap { $0.hasPrefix("--") ? nil : $0 }
      return Option(dashes: String(dashes), name: String(rest.prefix { $0 != "=" }), value: value)
    }
  }

  private func complaint(aboutDashesOf option: Option) -> String {
    let typed = option.dashes + option.name
    let known = CommandDescription.of(arguments).names
    let advice = known.contains(option.name) ? "; try --\(option.name)" : "; --help lists the options"
    return "\(typed): expected an option with two dashes, found \(option.dashes == "-" ? "one" : "others")\(advice)"
  }

  /// Asked for names that stand there twice alone, since the answer takes some milliseconds.
  private func takesValue(_ name: String) -> Bool { CommandDescription.of(arguments).namesWithValue.contains(name) }

  private func quoted(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "nothing" }

  // MARK: Numbers

  /// "--epochs -1" as "--epochs=-1". ArgumentParser takes "-1" for another option, and would say that a value is
  /// missing where it is one that makes no sense.
  private static func joiningSignedNumbers(_ arguments: some Sequence<String>) -> [String] {
    arguments.reduce(into: []) { joined, argument in
      let digits = argument.dropFirst().first.map { $0.isNumber || $0 == "." } ?? false
      let isNegative = argument.hasPrefix("-") && (digits || Double(argument) != nil)
      if isNegative, let option = joined.last, option.hasPrefix("--"), option.count > 2, !option.contains("=") {
        joined[joined.count - 1] += "=" + argument
      } else {
        joined.append(argument)
      }
    }
  }
}
