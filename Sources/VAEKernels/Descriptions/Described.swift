/// A member of a family of parts (layers, likelihoods, …) that options and files name in words: "dense 512", "gaussian
/// 0.1", "relu".
///
/// The words are the one form in which a member is written down. Two members are the same where their words are.
public protocol Described: Sendable, CustomStringConvertible {
  /// The first word.
  static var name: String { get }
  /// All first words, for a type whose members have names of their own; `name` alone by default.
  static var names: [String] { get }
  /// The first word of this member.
  var name: String { get }
  /// Reads the words after the name. Throws `DescriptionError`; whoever calls sees to it that none are left over.
  init(_ settings: inout Settings) throws
  /// The words after the name, as `init(_:)` reads them; none by default.
  var settings: [String] { get }
}

extension Described {
  /// `name` alone.
  public static var names: [String] { [name] }
  /// None.
  public var settings: [String] { [] }
  /// The type's.
  public var name: String { Self.name }
  /// Name and settings, "gaussian 0.1".
  public var description: String { ([name] + settings).joined(separator: " ") }
}

/// What is wrong with a description, and where.
public struct DescriptionError: Error, Equatable, CustomStringConvertible {
  /// The whole text.
  public var text: String
  /// The number of characters before the word at fault.
  public var position: Int
  /// What could stand there.
  public var expected: String
  /// The word, or "the end".
  public var found: String

  /// One line, for a person: the place, what was expected, what was found.
  public var description: String {
    let before = text.prefix(position).trimmed
    let place = before.isEmpty ? "at the start" : "after \"\(before)\""
    return "\(place): expected \(expected), found \(found)"
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.last?.isWhitespace == true { text.removeLast() }
    while text.first?.isWhitespace == true { text.removeFirst() }
    return String(text)
  }
}
