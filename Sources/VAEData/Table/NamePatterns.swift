/// Several patterns of names, as options and configurations have them.
public struct NamePatterns: Sendable, Hashable {
  /// The patterns: "*" stands for any text, "?" for one character.
  public let patterns: [String]

  /// Some patterns.
  public init(_ patterns: [String]) {
    self.patterns = patterns
  }

  /// Whether one of them is a pattern of `name`.
  public func match(_ name: String) -> Bool { patterns.contains { NamePattern($0).matches(name) } }
}
