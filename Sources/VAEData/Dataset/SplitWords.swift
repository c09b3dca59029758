import VAEKernels

/// The words by which a column says which rows are held out.
enum SplitWords {
  private static let train: Set<String> = ["train", "training", "trn", "0"]
  private static let test: Set<String> = ["test", "testing", "tst", "held-out", "heldout", "1"]
  private static let validation: Set<String> = ["validation", "valid", "val", "dev", "2"]

  /// The rows of each part.
  static func places(
    _ parts: [String], column: String, path: String
  ) throws -> (train: [Int], test: [Int], validation: [Int]) {
    var places = (train: [Int](), test: [Int](), validation: [Int]())
    for (row, word) in parts.enumerated() {
      let word = word.lowercased()
      if train.contains(word) {
        places.train.append(row)
      } else if test.contains(word) {
        places.test.append(row)
      } else if validation.contains(word) {
        places.validation.append(row)
      } else {
        throw DataError(
          path: path, place: "row \(row + 1), column \"\(column)\"", expected: "train, test or validation",
          found: word.isEmpty ? "nothing" : "\"\(word)\"")
      }
    }
    for (name, rows) in [("train", places.train), ("test", places.test)] where rows.isEmpty {
      throw DataError(path: path, place: "column \"\(column)\"", expected: "rows of \"\(name)\"", found: "none")
    }
    return places
  }
}

extension Dataset {
  /// Holds out whole groups, in an order that `seed` chooses, so that their rows are near to `fraction` of the examples.
  ///
  /// Throws `DataError` where there is but one group.
  func split(heldOutFraction fraction: Double, groups: [String], seed: UInt64) throws -> (Dataset, Dataset) {
    var rows: [String: [Int]] = [:]
    for (row, group) in groups.enumerated() { rows[group, default: []].append(row) }
    var names = rows.keys.sorted()
    guard names.count >= 2 else {
      throw DataError(path: name, expected: "at least two groups to divide", found: "\(names.count)")
    }
    var random = RandomSequence(RandomStream(seed: seed, purpose: .split))
    random.shuffle(&names)
    let isHeldOut = GroupChoice(names.map { rows[$0]!.count }).marks(nearTo: Double(count) * fraction)
    let heldOut = zip(names, isHeldOut).flatMap { $1 ? rows[$0]! : [] }
    let kept = zip(names, isHeldOut).flatMap { $1 ? [] : rows[$0]! }
    return (subset(kept.sorted()), subset(heldOut.sorted()))
  }

  /// Holds out `fraction` of the examples of each class, rounded, but all of none.
  func split(heldOutFraction fraction: Double, strata: [UInt8], seed: UInt64) -> (Dataset, Dataset) {
    var random = RandomSequence(RandomStream(seed: seed, purpose: .split))
    var heldOut: [Int] = []
    for stratum in Set(strata).sorted() {
      var rows = strata.indices.filter { strata[$0] == stratum }
      random.shuffle(&rows)
      let wanted = Int((Double(rows.count) * fraction).rounded())
      heldOut += rows.prefix(min(wanted, rows.count - 1))
    }
    if heldOut.isEmpty { heldOut = [0] }
    let isHeldOut = Set(heldOut)
    return (subset((0..<count).filter { !isHeldOut.contains($0) }), subset(heldOut.sorted()))
  }
}
