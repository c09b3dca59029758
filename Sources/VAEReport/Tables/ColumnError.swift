import Foundation
import VAEData

/// How well a column is reconstructed from the posterior mean, over the rows that have it.
struct ColumnError {
  /// The column's name.
  let name: String
  /// The error by that of knowing nothing of the row: of numbers the root mean squared error by the standard deviation, of
  /// categories the share that is wrong by what would be wrong in always guessing the most frequent. Nil where that is 0.
  let relative: Double?
  /// Both figures, for a person.
  let words: String

  /// Of a column's raw numbers; nil where no row has it.
  init?(_ column: CodedColumn, data: [Float], reconstructions: [Float]) {
    name = column.name
    let known = data.indices.filter { !data[$0].isNaN }
    guard !known.isEmpty else { return nil }
    switch column.kind {
    case .number, .inflated, .count:
      let count = Double(known.count)
      let mean = known.reduce(0.0) { $0 + Double(data[$1]) } / count
      let (error, variance) = known.reduce((0.0, 0.0)) { sums, row in
        let (error, deviation) = (Double(data[row]) - Double(reconstructions[row]), Double(data[row]) - mean)
        return (sums.0 + error * error, sums.1 + deviation * deviation)
      }
      let (root, deviation) = ((error / count).squareRoot(), (variance / count).squareRoot())
      relative = deviation > 0 ? root / deviation : nil
      words =
        "off by \(Ticks.label(ofThreeDigits: root)), of a standard deviation of \(Ticks.label(ofThreeDigits: deviation))"
    case .yesNo, .category, .constant:
      let right = Double(known.count { data[$0] == reconstructions[$0] }) / Double(known.count)
      var counts: [Float: Int] = [:]
      for row in known { counts[data[row], default: 0] += 1 }
      // The least of those alike, so that a page is the same twice.
      let usual = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }!
      let guess = Double(usual.value) / Double(known.count)
      relative = guess < 1 ? (1 - right) / (1 - guess) : nil
      words = String(
        format: "%.1f %% right; always “%@”: %.1f %%", 100 * right,
        column.text(of: usual.key).trimmingCharacters(in: .whitespaces), 100 * guess)
    }
  }
}

extension ModelledRows {
  /// Every modelled column's, the worst first; those that nothing can be said of last.
  func errors() -> [ColumnError] {
    let all = modelled.compactMap {
      ColumnError(coding.columns[$0], data: column($0, of: data), reconstructions: column($0, of: reconstructions))
    }
    func key(_ index: Int) -> Double { all[index].relative ?? -1 }
    return all.indices.sorted { (key($1), $0) < (key($0), $1) }.map { all[$0] }
  }
}
