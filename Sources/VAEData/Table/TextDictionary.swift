import CStandardLibrary

/// The texts of a column, each with a number: its place in the order in which they came, or in a list that was given.
///
/// Looks texts up by their bytes and makes no string of one that it has. Hashes are keyed by the process, so that no file can
/// be made to slow it down.
final class TextDictionary {
  /// What a text is to the column.
  enum Entry {
    case code(Int)
    case missing
    /// Not among those that were given.
    case unknown
    case notUTF8
    /// One too many.
    case full
  }

  /// As many different texts as a column may have: one with more is a name of each row.
  static let largestCount = 100_000
  /// And as many bytes of them.
  static let largestSize = 1 << 26

  /// Of a column that has more.
  static func fullFault(line: Int, column: Int, name: String) -> TableFault {
    TableFault(
      line: line, column: column,
      expected: "at most \(largestCount) different texts, or \(largestSize >> 20) MiB of them, in a column "
        + "(--exclude \(name.asShellWord), or --id-column \(name.asShellWord) if they name the rows)", found: "more")
  }

  private(set) var texts: [String] = []
  /// Whether there was one too many.
  private(set) var isFull = false
  /// In the order of their codes; behind them the missing words.
  private var bytes: [UInt8] = []
  private var entries: [(start: Int, count: Int, hash: Int, code: Int)] = []
  /// The place of an entry by its hash, and what comes behind it; -1 where there is none.
  private var slots: [Int]
  private let known: [String: Int]?

  /// - Parameter known: The only texts that there may be, in the order of their codes; nil to take all.
  init(missing: MissingWords, known: [String]?) {
    slots = Array(repeating: -1, count: 1 << 8)
    self.known = known.map { Dictionary(zip($0, 0...), uniquingKeysWith: { first, _ in first }) }
    for word in missing.words {
      word.withUnsafeBufferPointer { if case nil = find($0, Self.hash($0)) { insert($0, Self.hash($0), code: -1) } }
    }
    for (code, text) in (known ?? []).enumerated() {
      // A missing word stays one.
      Array(text.utf8).withUnsafeBufferPointer { text in
        if find(text, Self.hash(text)) == nil { insert(text, Self.hash(text), code: code) }
      }
    }
    texts = known ?? []
  }

  /// What `text` is; a text that is new gets the next code.
  func entry(of text: UnsafeBufferPointer<UInt8>) -> Entry {
    if text.isEmpty { return .missing }
    let hash = Self.hash(text)
    if let code = find(text, hash) { return code < 0 ? .missing : .code(code) }
    guard let string = String(validating: text, as: UTF8.self) else { return .notUTF8 }
    // The same characters may be other bytes.
    if let known { return known[string].map { .code($0) } ?? .unknown }
    guard texts.count < Self.largestCount, bytes.count + text.count <= Self.largestSize else {
      isFull = true
      return .full
    }
    insert(text, hash, code: texts.count)
    texts.append(string)
    return .code(texts.count - 1)
  }

  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    return hasher.finalize()
  }

  private func find(_ text: UnsafeBufferPointer<UInt8>, _ hash: Int) -> Int? {
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 {
      let entry = entries[slots[slot]]
      if entry.hash == hash, entry.count == text.count,
        bytes.withUnsafeBufferPointer({ memcmp($0.baseAddress! + entry.start, text.baseAddress!, text.count) }) == 0
      {
        return entry.code
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func insert(_ text: UnsafeBufferPointer<UInt8>, _ hash: Int, code: Int) {
    if entries.count * 2 >= slots.count { rehash() }
    place(entries.count, hash)
    entries.append((bytes.count, text.count, hash, code))
    bytes += text
  }

  private func rehash() {
    slots = Array(repeating: -1, count: 2 * slots.count)
    for (index, entry) in entries.enumerated() { place(index, entry.hash) }
  }

  private func place(_ index: Int, _ hash: Int) {
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = index
  }
}
