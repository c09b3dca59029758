/// Words as a shell takes them.
enum ShellWords {
  /// The command that this process was started with, as one would type it.
  static var command: String {
    (["vae-train"] + TypedArguments.words).map(quoted).joined(separator: " ")
  }

  /// `word`, in quotes where a shell would take it apart.
  static func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.unicodeScalars.allSatisfy { plain.contains($0) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=+@%".unicodeScalars)
}
