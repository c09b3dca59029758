/// A pattern of names: "*" stands for any text, "?" for one character, and all else for itself.
package struct NamePattern {
  package let text: String
  private let pattern: [Character]
  /// Whether it can only mean the one name that it is.
  private let isName: Bool

  package init(_ text: String) {
    self.text = text
    pattern = Array(text)
    isName = !pattern.contains { $0 == "*" || $0 == "?" }
  }

  /// Whether it is the pattern of `name`. In time of the product of both lengths: only the last star is ever taken back.
  package func matches(_ name: String) -> Bool {
    if name == text { return true }
    if isName { return false }
    let name = Array(name)
    var (inPattern, inName) = (0, 0)
    var star: (inPattern: Int, inName: Int)?
    while inName < name.count {
      if inPattern < pattern.count, pattern[inPattern] == "*" {
        star = (inPattern, inName)
        inPattern += 1
      } else if inPattern < pattern.count, pattern[inPattern] == "?" || pattern[inPattern] == name[inName] {
        inPattern += 1
        inName += 1
      } else if let last = star {
        // The star stands for one character more.
        star = (last.inPattern, last.inName + 1)
        (inPattern, inName) = (last.inPattern + 1, last.inName + 1)
      } else {
        return false
      }
    }
    return pattern[inPattern...].allSatisfy { $0 == "*" }
  }
}
