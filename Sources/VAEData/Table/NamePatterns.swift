/// Patterns of names: "*" stands for any text, "?" for one character, all else for itself.
public struct NamePatterns: Sendable, Hashable {
  /// The patterns.
  public let patterns: [String]

  /// Some patterns.
  public init(_ patterns: [String]) {
    self.patterns = patterns
  }

  /// Whether one of them is a pattern of `name`.
  public func match(_ name: String) -> Bool {
    patterns.contains { Self.matches(Array($0)[...], Array(name)[...]) }
  }

  /// Goes through both once, and back to the last star where they part.
  private static func matches(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
    var (p, n) = (pattern.startIndex, name.startIndex)
    var star: (pattern: Int, name: Int)?
    while n < name.endIndex {
      if p < pattern.endIndex, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if p < pattern.endIndex, pattern[p] == "?" || pattern[p] == name[n] {
        (p, n) = (p + 1, n + 1)
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        (p, n) = (last.pattern + 1, last.name + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
