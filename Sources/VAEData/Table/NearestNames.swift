/// What somebody may have meant who named what is not there.
package enum NearestNames {
  /// As a message ends: "the nearest are "age" and "wage""; nil where no name is near.
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
  /// as many. A name of which more than a third would change is another, and no slip: it is not among them.
  static func among(_ names: [String], to name: String) -> [String] {
    let wanted = characters(name)
    var nearest: [(name: String, distance: Int)] = []
    for candidate in names {
      let letters = characters(candidate)
      let distance = editDistance(wanted, letters)
      let length = max(wanted.count, letters.count)
      guard distance < length, distance <= (length + 1) / 3 else { continue }
      let place = nearest.firstIndex { $0.distance > distance } ?? nearest.count
      guard place < 3 else { continue }
      nearest.insert((candidate, distance), at: place)
      if nearest.count > 3 { nearest.removeLast() }
    }
    return nearest.map(\.name)
  }

  /// A name of a file's may be a page long.
  private static func characters(_ name: String) -> [Character] { Array(name.prefix(60).lowercased()) }

  /// How many characters to insert, delete or replace, or neighbours to swap: the distance of optimal string alignment, by rows
  /// of the table of Wagner and Fischer (1974).
  static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var row = Array(0...b.count)
    for i in a.indices {
      var next = [i + 1]
      for j in b.indices {
        var distance = min(row[j] + (a[i] == b[j] ? 0 : 1), next[j] + 1, row[j + 1] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { distance = min(distance, before[j - 1] + 1) }
        next.append(distance)
      }
      (before, row) = (row, next)
    }
    return row[b.count]
  }
}
