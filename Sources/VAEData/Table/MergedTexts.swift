/// The texts of a column that several dictionaries have, each once and sorted.
struct MergedTexts {
  let sorted: [String]
  /// For each dictionary, the place of each of its texts among them.
  let codes: [[Float]]

  init(_ dictionaries: [[String]]) {
    // Of texts that are the same in other bytes, as letters with accents may be, the one whose bytes come first.
    let all = dictionaries.joined().sorted { $0 == $1 ? $0.utf8.lexicographicallyPrecedes($1.utf8) : $0 < $1 }
    var sorted: [String] = []
    for text in all where sorted.last != text { sorted.append(text) }
    let places = Dictionary(uniqueKeysWithValues: zip(sorted, 0...))
    self.sorted = sorted
    codes = dictionaries.map { $0.map { Float(places[$0]!) } }
  }
}
