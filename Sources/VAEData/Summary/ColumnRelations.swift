import VAEKernels

/// What columns of a table have to do with each other and with the label, as far as it makes one of them worthless, or a
/// model that looks too good: columns that repeat another, and columns that give the label away.
///
/// Found in rows evenly spaced, four million numbers of them: what does not hold is found out in the first few rows that are
/// looked at, so that all pairs of a thousand columns take no time.
struct ColumnRelations {
  /// A column that says what an earlier one says.
  struct Repetition: Equatable {
    enum Kind: Equatable {
      /// Number by number.
      case equal
      /// a + b x.
      case linear(slope: Double, intercept: Double)
      /// Each value of the one stands for one value of the other.
      case oneToOne
    }

    let column: Int
    let other: Int
    let kind: Kind
  }

  /// Each column that repeats one, with the first that it repeats.
  private(set) var repetitions: [Repetition] = []
  /// The columns of which the label is a function.
  private(set) var leaks: [Int] = []
  /// How many rows were looked at.
  let rowCount: Int

  /// Fewer rows may agree by chance.
  private static let fewestRows = 10
  /// Of more columns not all pairs are looked at.
  private static let mostColumns = 2000
  private static let mostNumbers = 1 << 22

  /// - Parameter leavingOut: The places of columns that are not to be looked at.
  init(_ examples: Dataset, leavingOut excluded: Set<Int>) {
    let width = examples.rawWidth
    let wanted = min(examples.count, max(1000, Self.mostNumbers / width))
    let sample = examples.rawSample(atMost: wanted)
    rowCount = wanted
    guard rowCount >= Self.fewestRows else { return }
    let places = Array((0..<width).filter { !excluded.contains($0) }.prefix(Self.mostColumns))
    var columns: [(place: Int, values: SampledColumn)] = []
    for place in places {
      let column = SampledColumn(sample, rowCount, width, place, isText: examples.columns[place].texts != nil)
      if column.levelCount ?? 2 > 1 { columns.append((place, column)) }
    }
    findRepetitions(columns)
    guard let labels = examples.labels else { return }
    let sampled = (0..<rowCount).map { labels[$0 * examples.count / rowCount] }
    guard Set(sampled).count > 1 else { return }
    leaks = columns.filter { $0.values.decides(sampled) }.map(\.place)
  }

  private mutating func findRepetitions(_ columns: [(place: Int, values: SampledColumn)]) {
    var originals: [Int] = []
    for index in columns.indices {
      let column = columns[index]
      let found = originals.lazy.compactMap { other in
        column.values.repetition(of: columns[other].values).map { (columns[other].place, $0) }
      }.first
      if let (other, kind) = found {
        repetitions.append(Repetition(column: column.place, other: other, kind: kind))
      } else {
        originals.append(index)
      }
    }
  }
}

/// The values of a column in some rows.
struct SampledColumn {
  private let values: [Float]
  private let isText: Bool
  /// The rows with a value.
  private let knownCount: Int
  /// How many different values there are; nil of more than there are levels.
  let levelCount: Int?
  /// The rows of the least and the greatest value.
  private let ends: (lowest: Int, highest: Int)?
  /// How far a number may be from where it should be: a hundredth of the distance of the quartiles.
  private let tolerance: Double

  init(_ sample: [Float], _ rowCount: Int, _ width: Int, _ place: Int, isText: Bool) {
    let values = sample.withUnsafeBufferPointer { sample in (0..<rowCount).map { sample[$0 * width + place] } }
    let known = values.indices.filter { !values[$0].isNaN }
    (self.values, self.isText, knownCount) = (values, isText, known.count)
    let sorted = known.map { values[$0] }.sorted()
    var levels = 0
    for (index, value) in sorted.enumerated() where index == 0 || value != sorted[index - 1] { levels += 1 }
    levelCount = levels <= TableModelling.mostLevels ? levels : nil
    ends = known.min { values[$0] < values[$1] }.flatMap { low in
      known.max { values[$0] < values[$1] }.map { (low, $0) }
    }
    guard let first = sorted.first, let last = sorted.last else {
      tolerance = 0
      return
    }
    let quartiles = Double(sorted[sorted.count * 3 / 4]) - Double(sorted[sorted.count / 4])
    // Where most values are one, the range has to do; else one row far out would let any two columns lie on a line.
    tolerance = quartiles > 0 ? 0.01 * quartiles : 1e-5 * (Double(last) - Double(first))
  }

  /// How this column repeats `other`; nil where it does not.
  func repetition(of other: SampledColumn) -> ColumnRelations.Repetition.Kind? {
    if !isText && !other.isText, let kind = linear(in: other) { return kind }
    guard let count = levelCount, count == other.levelCount, count > 1, 2 * count <= knownCount,
      maps(to: other), other.maps(to: self)
    else { return nil }
    return .oneToOne
  }

  /// The line on which all rows lie that have both; at least half of those that have this one.
  private func linear(in other: SampledColumn) -> ColumnRelations.Repetition.Kind? {
    guard let (low, high) = ends(of: other) else { return nil }
    let (x0, y0) = (Double(other.values[low]), Double(values[low]))
    let slope = (Double(values[high]) - y0) / (Double(other.values[high]) - x0)
    guard slope.isFinite, slope != 0 else { return nil }
    var (both, areEqual) = (0, true)
    for (x, y) in zip(other.values, values) {
      if x.isNaN || y.isNaN { continue }
      guard abs(Double(y) - (y0 + slope * (Double(x) - x0))) <= tolerance else { return nil }
      if x != y { areEqual = false }
      both += 1
    }
    guard 2 * both > knownCount, both >= 10 else { return nil }
    let intercept = y0 - slope * x0
    return areEqual ? .equal : .linear(slope: slope, intercept: abs(intercept) <= 1e-3 * tolerance ? 0 : intercept)
  }

  /// The rows of the least and the greatest value of `other` where this column has one too.
  private func ends(of other: SampledColumn) -> (lowest: Int, highest: Int)? {
    guard let ends = other.ends, values[ends.lowest].isNaN || values[ends.highest].isNaN else { return other.ends }
    let both = values.indices.filter { !values[$0].isNaN && !other.values[$0].isNaN }
    guard let low = both.min(by: { other.values[$0] < other.values[$1] }),
      let high = both.max(by: { other.values[$0] < other.values[$1] })
    else { return nil }
    return (low, high)
  }

  /// Whether each value of this column comes with one of the other, or with none.
  private func maps(to other: SampledColumn) -> Bool {
    var images: [Float: Float] = [:]
    for (value, image) in zip(values, other.values) {
      if value.isNaN != image.isNaN { return false }
      if value.isNaN { continue }
      if let known = images.updateValue(image, forKey: value), known != image { return false }
    }
    return true
  }

  /// Whether the label is a function of this column that rows bear out: each of few values comes with one class, or classes
  /// lie in stretches of the numbers that do not meet.
  func decides(_ labels: [UInt8]) -> Bool {
    guard 20 * knownCount >= 19 * values.count else { return false }
    if let levelCount, 2 * levelCount <= knownCount {
      var classes: [Float: UInt8] = [:]
      for (value, label) in zip(values, labels) where !value.isNaN {
        if let known = classes.updateValue(label, forKey: value), known != label { return false }
      }
      return Set(classes.values).count > 1
    }
    guard !isText, knownCount >= 20 else { return false }
    let pairs = values.indices.filter { !values[$0].isNaN }.sorted {
      (values[$0], labels[$0]) < (values[$1], labels[$1])
    }
    var stretches = 1
    for (place, row) in pairs.enumerated().dropFirst() where labels[row] != labels[pairs[place - 1]] {
      if values[row] == values[pairs[place - 1]] { return false }
      stretches += 1
    }
    return stretches > 1 && stretches == Set(pairs.map { labels[$0] }).count
  }
}
