/// What one pass over raw numbers finds: what a coding is fitted to, and whether a likelihood can have them.
struct RawSurvey: Sendable {
  /// Of each column of a table; none of other data.
  private(set) var columns: [ColumnStatistics]
  /// The least number of what is no table; infinite of none.
  private(set) var lowest = Float.infinity
  /// The greatest.
  private(set) var highest = -Float.infinity
  /// Whether a number of what is no table is NaN.
  private(set) var hasMissing = false

  /// Of no rows yet; `columnCount` is 0 of what is no table.
  init(columnCount: Int) { columns = Array(repeating: ColumnStatistics(), count: columnCount) }

  /// Counts rows of `width` numbers, one after another.
  mutating func add(_ rows: UnsafePointer<Float>, count: Int, width: Int) {
    if columns.isEmpty { return addNumbers(rows, count: count * width) }
    columns.withUnsafeMutableBufferPointer { columns in
      for row in 0..<count {
        let values = rows + row * width
        for column in 0..<width { columns[column].add(values[column]) }
      }
    }
  }

  /// Sixteen at a time, which is a few instructions where one at a time is as many each.
  private mutating func addNumbers(_ values: UnsafePointer<Float>, count: Int) {
    var (low, high) = (SIMD16(repeating: Float.infinity), SIMD16(repeating: -Float.infinity))
    var missing = SIMDMask<SIMD16<Int32>>(repeating: false)
    let whole = count / 16 * 16
    for index in stride(from: 0, to: whole, by: 16) {
      let part = UnsafeRawPointer(values + index).loadUnaligned(as: SIMD16<Float>.self)
      low.replace(with: part, where: part .< low)
      high.replace(with: part, where: part .> high)
      missing = missing .| (part .!= part)
    }
    (lowest, highest) = (Swift.min(lowest, low.min()), Swift.max(highest, high.max()))
    if any(missing) { hasMissing = true }
    for index in whole..<count {
      if values[index] < lowest { lowest = values[index] }
      if values[index] > highest { highest = values[index] }
      if values[index].isNaN { hasMissing = true }
    }
  }

  /// Whether all numbers lie within `range`; NaN lies nowhere.
  func lies(within range: ClosedRange<Float>) -> Bool {
    func lie(_ lowest: Float, _ highest: Float) -> Bool {
      lowest > highest || range.contains(lowest) && range.contains(highest)
    }
    return !hasMissing && lie(lowest, highest)
      && columns.allSatisfy { $0.missing == 0 && lie($0.lowest, $0.highest) }
  }
}

extension ColumnStatistics {
  /// Whether a column may have all of these numbers under `coding`; nil where only the rows can tell.
  func areKnown(to coding: TableCoding, column: Int) -> Bool? {
    guard count > 0 else { return true }
    switch coding.columns[column].kind {
    case .number, .inflated, .constant: return isFinite
    case .count: return isFinite && isWhole && lowest >= 0
    case .yesNo, .category:
      if let levels { return levels.allSatisfy { coding.knows($0, column: column) } }
      // Levels that count from 0, as those of texts do, leave no gap between the first and the last.
      let isCounting = coding.columns[column].levels.enumerated().allSatisfy { Float($0) == $1 }
      return isCounting && isWhole ? lowest >= 0 && highest < Float(coding.columns[column].levels.count) : nil
    }
  }
}
