import VAEData

/// The correlations between the columns of a table, in the data and among a model's draws.
///
///     r = Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²)       over the rows that have both
///
/// of numbers and counts, of yes or no as 1 or 0, and of each level of a category of few as whether it is that. A number that
/// the model sees through a curve of quantiles is taken as the curve has it, as nearly normal: of heavy tails as they are, one
/// row could make any correlation.
struct ColumnCorrelations {
  /// As many as can be told apart on a page, and 10,000 rows are gone through for in a tenth of a second.
  static let mostVariables = 60
  /// The levels of a category that are taken one by one.
  static let mostLevels = 6

  /// What is correlated: a column's name, or "column = level".
  let names: [String]
  /// Whether there were more.
  let isPart: Bool
  /// [n, n], NaN where a variable does not vary.
  let data: [Double]
  let draws: [Double]
  /// The pairs of variables of different columns whose correlation differs, most first.
  let differences: [(first: Int, second: Int)]

  /// Of the first so many variables of the modelled columns; nil where there are not two.
  init?(_ rows: ModelledRows) {
    var variables: [Variable] = []
    for index in rows.modelled where variables.count <= Self.mostVariables {
      variables += Variable.all(of: rows.coding.columns[index], at: index)
    }
    isPart = variables.count > Self.mostVariables
    variables = Array(variables.prefix(Self.mostVariables))
    guard variables.count >= 2 else { return nil }
    names = variables.map(\.name)
    let (data, draws) = (Self.matrix(variables, rows, rows.data), Self.matrix(variables, rows, rows.draws))
    (self.data, self.draws) = (data, draws)
    let count = variables.count
    var pairs: [(Int, Int, Double)] = []
    for first in 0..<count {
      for second in first + 1..<max(count, first + 1) where variables[first].column != variables[second].column {
        let difference = abs(data[first * count + second] - draws[first * count + second])
        if difference.isFinite { pairs.append((first, second, difference)) }
      }
    }
    differences = pairs.sorted { $0.2 > $1.2 }.map { ($0.0, $0.1) }
  }

  /// A column, or one level of it.
  private struct Variable {
    let name: String
    let column: Int
    let value: (Float) -> Float

    static func all(of column: CodedColumn, at index: Int) -> [Variable] {
      switch column.kind {
      case .number, .inflated:
        let transform = column.transform
        return [Variable(name: column.name, column: index) { $0.isNaN ? $0 : transform.forward($0).value }]
      case .count: return [Variable(name: column.name, column: index) { $0 }]
      case .yesNo: return [level(1, of: column, at: index)]
      case .category:
        guard column.levels.count <= ColumnCorrelations.mostLevels else { return [] }
        return column.levels.indices.map { level($0, of: column, at: index) }
      case .constant: return []
      }
    }

    private static func level(_ level: Int, of column: CodedColumn, at index: Int) -> Variable {
      let value = column.levels[level]
      let isPlain = column.levels == [0, 1] && column.texts == nil
      return Variable(name: isPlain ? column.name : "\(column.name) = \(column.text(of: value))", column: index) {
        $0.isNaN ? $0 : $0 == value ? 1 : 0
      }
    }
  }

  private static func matrix(_ variables: [Variable], _ rows: ModelledRows, _ values: [Float]) -> [Double] {
    let columns = variables.map { variable in centered(rows.column(variable.column, of: values).map(variable.value)) }
    let count = columns.count
    var matrix = [Double](repeating: 1, count: count * count)
    for first in 0..<count {
      for second in first..<count {
        let r = correlation(columns[first], columns[second])
        (matrix[first * count + second], matrix[second * count + first]) = (r, r)
      }
    }
    return matrix
  }

  /// Less its mean, so that sums of squares lose no digits.
  private static func centered(_ values: [Float]) -> [Double] {
    var (sum, known) = (0.0, 0.0)
    for value in values where !value.isNaN { (sum, known) = (sum + Double(value), known + 1) }
    let mean = sum / max(known, 1)
    return values.map { Double($0) - mean }
  }

  /// r over the rows that have both; NaN where one of them does not vary.
  static func correlation(_ first: [Double], _ second: [Double]) -> Double {
    var (n, x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        for row in 0..<min(first.count, second.count) {
          let (a, b) = (first[row], second[row])
          if a.isNaN || b.isNaN { continue }
          (n, x, y) = (n + 1, x + a, y + b)
          (xx, yy, xy) = (xx + a * a, yy + b * b, xy + a * b)
        }
      }
    }
    let (varianceX, varianceY) = (xx - x * x / n, yy - y * y / n)
    // What rounding leaves of a constant is no variance.
    guard n > 1, varianceX > 1e-12 * xx, varianceY > 1e-12 * yy else { return .nan }
    return min(max((xy - x * y / n) / (varianceX * varianceY).squareRoot(), -1), 1)
  }

  /// "age and hours: 0.31 in the data, 0.02 in the draws", of the pairs that differ most, by 0.05 at least.
  func sentences(atMost most: Int) -> [String] {
    differences.prefix(most).compactMap { first, second in
      let place = first * names.count + second
      guard abs(data[place] - draws[place]) >= 0.05 else { return nil }
      return "\(names[first]) and \(names[second]): \(Self.words(data[place])) in the data, "
        + "\(Self.words(draws[place])) in the draws"
    }
  }

  private static func words(_ r: Double) -> String {
    let text = DecimalText.of(Float(abs(r)), decimals: 2)
    return r < 0 && text != "0.00" ? "−\(text)" : text
  }
}
