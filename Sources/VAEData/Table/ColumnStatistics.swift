/// What the numbers of a column are like, over all rows that were looked at.
public struct ColumnStatistics: Sendable {
  /// Rows with a number.
  public private(set) var count = 0
  /// Rows without.
  public private(set) var missing = 0
  /// The least number; infinite of none.
  public private(set) var lowest = Float.infinity
  /// The greatest.
  public private(set) var highest = -Float.infinity
  /// Whether all are whole.
  public private(set) var isWhole = true
  /// Whether each is greater than the one before it, as numbers of rows are.
  public private(set) var isRising = true
  /// The different numbers, rising, where there are at most `mostLevels`; nil where there are more.
  public private(set) var levels: [Float]? = []
  /// Σ (x − shift) and Σ (x − shift)².
  private var sums = (first: 0.0, second: 0.0)
  private var shift = 0.0
  private var previous = -Float.infinity

  /// The most different values that are kept.
  public static let mostLevels = 64

  /// Of no rows.
  public init() {}

  /// Counts a row.
  @inline(__always)
  mutating func add(_ value: Float) {
    if value.isNaN {
      missing += 1
      return
    }
    if count == 0 { shift = Double(value) }
    count += 1
    if value < lowest { lowest = value }
    if value > highest { highest = value }
    if isWhole, value != value.rounded() { isWhole = false }
    if !(value > previous) { isRising = false }
    previous = value
    let difference = Double(value) - shift
    sums.first += difference
    sums.second += difference * difference
    if levels != nil { addLevel(value) }
  }

  private mutating func addLevel(_ value: Float) {
    var (low, high) = (0, levels!.count)
    while low < high {
      let middle = (low + high) / 2
      if levels![middle] < value { low = middle + 1 } else { high = middle }
    }
    if low < levels!.count, levels![low] == value { return }
    if levels!.count == Self.mostLevels { levels = nil } else { levels!.insert(value, at: low) }
  }

  /// The same with the values of other rows among those that there may be: their range, their levels, and whether all are
  /// whole. How many rows there are, the mean and the variance stay those of these rows.
  func allowing(_ others: ColumnStatistics) -> ColumnStatistics {
    guard others.count > 0, others.isFinite else { return self }
    var result = self
    (result.lowest, result.highest) = (min(lowest, others.lowest), max(highest, others.highest))
    result.isWhole = isWhole && others.isWhole
    guard let levels, let more = others.levels else {
      result.levels = nil
      return result
    }
    let all = Set(levels).union(more)
    result.levels = all.count > Self.mostLevels ? nil : all.sorted()
    return result
  }

  /// Whether no number is infinite.
  public var isFinite: Bool { count == 0 || lowest.isFinite && highest.isFinite }
  /// The share of rows without a number.
  public var missingShare: Double { Double(missing) / Double(max(count + missing, 1)) }
  /// The mean; 0 of none.
  public var mean: Double { count == 0 ? 0 : shift + sums.first / Double(count) }
  /// The variance, over all rows.
  public var variance: Double {
    guard count > 0 else { return 0 }
    let difference = sums.first / Double(count)
    return max(sums.second / Double(count) - difference * difference, 0)
  }
}
