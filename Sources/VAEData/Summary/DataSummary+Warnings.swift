import VAEKernels

extension DataSummary {
  /// So many of one kind are named; thousands would hide the rest.
  private static let mostNamed = 10

  /// What is likely to be wrong with columns.
  func columnWarnings(_ statistics: [ColumnStatistics], _ relations: ColumnRelations) -> [String] {
    let names = columns.map { $0.name.onOneLine }
    var warnings: [[String]] = []
    warnings.append(columns.filter { $0.fault != nil }.map(Self.fault))
    warnings.append(
      columns.indices.filter { columns[$0].fault == nil && Self.countsRows(statistics[$0]) }.map { place in
        let name = columns[place].name.asShellWord
        return
          "\(names[place]) counts the rows: if it is their number and says nothing else, --id-column \(name) keeps it out "
          + "of the model, and names the rows in what comes out"
      })
    warnings.append(
      columns.indices.filter { place in
        let column = columns[place]
        return column.fault == nil && [.number, .count, .yesNo, .category, .constant].contains(column.kind)
          && column.range != nil
          && TableRemarks.isTooLarge(Table.Column(name: column.name, decimals: column.decimals), statistics[place])
      }.map { TableRemarks.sentence(names[$0], example: columns[$0].name) })
    warnings.append(
      relations.repetitions.map { repetition in
        let (name, other) = (names[repetition.column], names[repetition.other])
        switch repetition.kind {
        case .equal: return "\(name) repeats \(other)"
        case .linear(let slope, let intercept):
          let number = DecimalText.short(Float(abs(intercept)), digits: 4)
          let factor = DecimalText.short(Float(slope), digits: 4)
          return "\(name) repeats \(other): it is \(factor == "1" ? "" : "\(factor) × ")\(other)"
            + (intercept == 0 ? "" : intercept < 0 ? " − \(number)" : " + \(number)")
        case .oneToOne: return "\(name) repeats \(other): each value of one stands for a value of the other"
        }
      })
    warnings.append(
      relations.leaks.filter { leak in !relations.repetitions.contains { $0.column == leak } }.map { place in
        "\(names[place]) gives the label away: whoever knows it knows the class (--exclude \(columns[place].name.asShellWord))"
      })
    warnings.append(
      columns.indices.filter { columns[$0].missingShare > 0.5 && columns[$0].missingShare < 1 }.map { place in
        "\(names[place]) is missing in \(Self.percent(columns[place].missingShare)) of the rows"
      })
    return warnings.flatMap { warnings in
      let more = warnings.count - Self.mostNamed
      return more > 0 ? warnings.prefix(Self.mostNamed) + ["and \(more) more columns like that"] : warnings
    }
  }

  /// A column that cannot be modelled.
  private static func fault(_ column: ColumnSummary) -> String {
    let fault = column.fault!
    return "\(column.name.onOneLine) stops training: expected \(fault.expected), found \(fault.found)"
  }

  /// Whole numbers that rise from row to row, or, in any order, from one number to the next without a gap.
  private static func countsRows(_ statistics: ColumnStatistics) -> Bool {
    guard statistics.isWhole, statistics.missing == 0, statistics.count >= TableModelling.fewestNames else {
      return false
    }
    if statistics.isRising { return true }
    // The variance of the whole numbers from 1 to n is (n² − 1) / 12, in whatever order.
    let count = Double(statistics.count)
    let isWithoutGap = Double(statistics.highest) - Double(statistics.lowest) == count - 1
    return isWithoutGap && abs(statistics.variance * 12 / (count * count - 1) - 1) < 1e-9
  }

  /// Of classes of very different size.
  var classWarnings: [String] {
    guard let least = classes.min(by: { $0.count < $1.count }), let most = classes.max(by: { $0.count < $1.count }),
      most.count >= 20 * least.count
    else { return [] }
    return [
      "the classes are of very different size: \(most.count.counted("row")) of \(most.name.onOneLine), "
        + "\(least.count) of \(least.name.onOneLine); --stratify holds out the same share of each"
    ]
  }

  /// "5.6 %", "99.99 %": as many digits as tell it from none and from all.
  public static func percent(_ share: Double) -> String {
    let percent = share * 100
    if percent == 0 || percent == 100 { return "\(Int(percent)) %" }
    if percent < 0.1 { return "<0.1 %" }
    if percent > 99.9 { return ">99.9 %" }
    let tenths = (percent * 10).rounded() / 10
    return tenths >= 10 && tenths <= 99 ? "\(Int(percent.rounded())) %" : "\(tenths) %"
  }
}
