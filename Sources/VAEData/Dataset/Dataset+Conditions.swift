import VAEKernels

/// What a model is told of rows, and some of them do not have.
extension Dataset {
  /// A column that a model is told, and rows that are without it.
  public struct MissingCondition: Sendable, Hashable {
    /// Its place in the coding.
    public let column: Int
    /// The first of the rows.
    public let example: Int
    /// How many they are.
    public internal(set) var count: Int
  }

  /// The conditions of `coding` that every training row had, and some of these rows have not, or with a value that is none of
  /// its levels. A model is told 0 in the place of one, as of any that is missing, and has never seen that.
  public func missingConditions(_ coding: TableCoding) -> [MissingCondition] {
    let conditions = coding.columns.indices.filter {
      let column = coding.columns[$0]
      return column.role == .condition && column.width > 0 && !column.mayBeMissing
    }
    guard !conditions.isEmpty else { return [] }
    var missing: [Int: MissingCondition] = [:]
    var first = 0
    forEachRawBlock { values, rowCount in
      for row in 0..<rowCount {
        for column in conditions {
          let value = values[row * rawWidth + column]
          guard value.isNaN || !coding.knows(value, column: column) else { continue }
          missing[column, default: MissingCondition(column: column, example: first + row, count: 0)].count += 1
        }
      }
      first += rowCount
      return true
    }
    return conditions.compactMap { missing[$0] }
  }

  /// The examples that have a value that `coding` knows in each of `columns`, by their places in it; all where there are none.
  public func examples(knowing columns: [Int], of coding: TableCoding) -> [Int] {
    var examples: [Int] = []
    var first = 0
    forEachRawBlock { values, rowCount in
      for row in 0..<rowCount {
        let isKnown = columns.allSatisfy { column in
          let value = values[row * rawWidth + column]
          return !value.isNaN && coding.knows(value, column: column)
        }
        if isKnown { examples.append(first + row) }
      }
      first += rowCount
      return true
    }
    return examples
  }
}
