import ArgumentParser
import VAEKernels

/// What a shell offers as the value of an option that is one of some names.
extension CompletionKind {
  /// The names of an enumeration, as `Parse.choice` reads them.
  static func choices<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> CompletionKind {
    .list(Choice.allCases.map(\.rawValue))
  }

  /// The first words of descriptions, as `Parse.words` reads them.
  static func names(_ types: [any Described.Type]) -> CompletionKind { .list(types.flatMap { $0.names }) }
}
