import VAEData
import VAEKernels

/// Which columns of a table are the numbers of a latent, in the order of its dimensions.
///
/// Names decide where there are any: columns `mean_0` to `mean_(L - 1)` wherever they stand; else the columns that are
/// none of those that "encode" writes beside them, by the numbers in their names, where they have numbers. Without names
/// they are all the columns there are, in their order.
struct LatentColumns {
  let table: TableText
  let latentCount: Int

  /// Whether `name` is that of a posterior mean.
  static func isMean(_ name: String) -> Bool { number(of: name, behind: "mean_") != nil }

  /// The columns' places, one a latent dimension. Throws `DataError`.
  func places() throws -> [Int] {
    guard let header = table.header else {
      try check(table.columnCount)
      return Array(0..<latentCount)
    }
    let means = header.indices.filter { Self.isMean(header[$0]) }
    if !means.isEmpty {
      let places = try inOrder(means, numbers: means.map { Self.number(of: header[$0], behind: "mean_")! }, from: 0)
      try check(means.count, " mean_…")
      return places
    }
    let others = header.indices.filter { !Self.isBesideLatents(header[$0]) }
    try check(others.count)
    if let repeated = others.first(where: { header[..<$0].contains(header[$0]) }) {
      throw table.headerError(column: repeated, expected: "different names", found: "\"\(header[repeated])\" again")
    }
    return try byNumber(others, header)
  }

  /// What "encode" and other programs put beside latents: the row's number, also without a name; its class; how sure the
  /// encoder is.
  private static func isBesideLatents(_ name: String) -> Bool {
    ["", "index", "id", "label"].contains(name.lowercased()) || number(of: name, behind: "log_variance_") != nil
      || number(of: name, behind: "unnamed: ") != nil
  }

  /// Columns such as z1, z2, … by their numbers; by place where no name has one at its end. Where some have, or behind
  /// different words, not all of them are latents.
  private func byNumber(_ places: [Int], _ header: [String]) throws -> [Int] {
    func stem(_ place: Int) -> String { String(header[place].reversed().drop(while: Self.isDigit).reversed()) }
    guard places.contains(where: { header[$0].last.map(Self.isDigit) ?? false }) else { return places }
    let stem = stem(places[0])
    let numbers = places.compactMap { Self.number(of: header[$0], behind: stem) }
    guard numbers.count == places.count else {
      let other = places.first { Self.number(of: header[$0], behind: stem) == nil } ?? places[0]
      throw table.headerError(
        column: other, expected: "columns mean_0 and so on, or numbers behind the same word in each",
        found: "\"\(header[other])\" beside \"\(header[places.first { $0 != other } ?? other])\"")
    }
    // Those of somebody who counts from 1, or has chosen some of many, are in order as long as they go up.
    if zip(numbers, numbers.dropFirst()).allSatisfy(<) { return places }
    return try inOrder(places, numbers: numbers, from: numbers.min() == 0 ? 0 : 1, stem: stem)
  }

  /// `places` in the order of their numbers, which must be `first`, `first` + 1, … without a gap, each once.
  private func inOrder(_ places: [Int], numbers: [Int], from first: Int, stem: String = "mean_") throws -> [Int] {
    var place: [Int: Int] = [:]
    for (column, number) in zip(places, numbers) where place.updateValue(column, forKey: number) != nil {
      throw table.headerError(column: column, expected: "different names", found: "\(stem)\(number) again")
    }
    let ordered = numbers.sorted()
    for (expected, number) in zip(first..., ordered) where number != expected {
      throw table.headerError(
        column: place[number]!, expected: "a column \(stem)\(expected) before \(stem)\(number)", found: "none")
    }
    return ordered.map { place[$0]! }
  }

  /// The whole number that is all there is in `name` behind `stem`, whatever the case.
  private static func number(of name: String, behind stem: String) -> Int? {
    guard name.lowercased().hasPrefix(stem.lowercased()) else { return nil }
    let digits = name.dropFirst(stem.count)
    return digits.allSatisfy(isDigit) ? Int(digits) : nil
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private func check(_ found: Int, _ names: String = "") throws {
    if found != latentCount {
      throw DataError(
        path: table.path, place: "line \(table.headerLine)",
        expected: "\(latentCount.counted("column"))\(names), one a latent dimension, with commas between",
        found: "\(found)")
    }
  }
}
