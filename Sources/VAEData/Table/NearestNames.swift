/// What somebody may have meant who named what is not there.
package enum NearestNames {
  /// As a message ends: "the nearest are "age" and "wage""; nil where there is no name at all.
  package static func words(to name: String, among names: [String]) -> String? {
    let nearest = among(names, to: name).map { "\"\($0.onOneLine)\"" }
    guard let last = nearest.last else { return nil }
    return nearest.count == 1
      ? "the nearest is \(last)" : "the nearest are \(nearest.dropLast().joined(separator: ", ")) and \(last)"
  }

  /// As a message ends that found none.
  package static func noneBut(_ name: String, among names: [String]) -> String {
    words(to: name, among: names).map { "none; \($0)" } ?? "none"
  }

  /// The three of `names` that take the fewest changes to become `name`, the case of letters being none; in their order where
  /// as many.
  static func among(_ names: [String], to name: String) -> [String] {
    let wanted = characters(name)
    var nearest: [(name: String, distance: Int)] = []
    for candidate in names {
      let distance = editDistance(wanted, characters(candidate))
      let place = nearest.firstIndex { $0.distance > distance } ?? nearest.count
      guard place < 3 else { continue }
      nearest.insert((candidate, distance), at: place)
      if nearest.count > 3 { nearest.removeLast() }
    }
    return nearest.map(\.name)
  }

  /// A name of a file's may be a page long.
  private static func characters(_ name: String) -> [Character] { Array(name.prefix(60).lowercased()) }

  /// How many characters to insert, delete or replace (Levenshtein 1965), by rows of the table of Wagner and Fischer (1974).
  static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, character) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
