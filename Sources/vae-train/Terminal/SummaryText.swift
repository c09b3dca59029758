import VAEData
import VAEKernels

/// What `inspect` prints for a person: within 80 columns, whatever the names.
struct SummaryText {
  private let summary: DataSummary
  private var lines: [String] = []

  /// Of more columns the first are shown, and how many there are of each kind.
  private static let mostColumns = 200
  private static let shownOfMany = 10
  private static let labelWidth = 12

  var text: String { lines.joined(separator: "\n") }

  init(_ summary: DataSummary, _ architecture: Architecture?) {
    self.summary = summary
    add("data", summary.path ?? "generated digits")
    add("format", contents)
    if summary.imageShape != nil { add("values", values) }
    add("held out", division)
    if !summary.classes.isEmpty { add("classes", classes) }
    for beside in summary.beside {
      add(beside.name, TerminalText.list(beside.items, to: 6 * (TerminalText.width - Self.labelWidth)))
    }
    if let ids = summary.ids { add("names", ids.joined(separator: ", ") + (summary.rowCount > ids.count ? ", …" : "")) }
    if let architecture {
      add("likelihood", LikelihoodWords(architecture.likelihood).text)
      add("model", "\(architecture.kind)\(architecture.shape), unless told otherwise")
    }
    if !summary.columns.isEmpty { addColumns() }
    addSentences(summary.remarks, label: "remark")
    addSentences(summary.warnings, label: "warning")
  }

  private mutating func add(_ label: String, _ text: String) {
    lines += TerminalText.wrapped(text, label: label, indent: Self.labelWidth)
  }

  private mutating func addSentences(_ sentences: [String], label: String) {
    guard !sentences.isEmpty else { return }
    lines.append("")
    for sentence in sentences { add(label, sentence) }
  }

  // MARK: Lines

  private var contents: String {
    var words = "\(summary.format): \(summary.rowCount.counted(summary.kind == .images ? "picture" : "row"))"
    if let shape = summary.imageShape {
      words += " of \(shape)"
    } else {
      words += " of \(summary.columnCount.counted("column"))"
    }
    if let stored = summary.stored, let share = summary.storedShare {
      words += ", \(stored.counted("number")) stored (\(DataSummary.percent(share)))"
      if summary.kind == .counts { words += ", all counts" }
    }
    return words
  }

  private var values: String {
    let channels = summary.imageShape?.channels == 3 ? "colour" : "grey"
    let range = summary.range.map { ", \(Self.words($0))" } ?? ""
    return channels + range + (summary.isBytes ? ", a model sees them as value / 255" : "")
  }

  private var division: String {
    let division = summary.division
    guard division.train > 0 else { return "nothing: see below" }
    var words = "\(division.test.counted("row")) (\(division.words)), \(division.train) to train on"
    if division.validation > 0 { words += ", \(division.validation) for validation" }
    return words
  }

  private var classes: String {
    let words = summary.classes.map { "\(TerminalText.clipped($0.name, to: 20)) (\($0.count))" }
    return "\(summary.classes.count): "
      + TerminalText.list(words, to: 2 * (TerminalText.width - Self.labelWidth) - 10)
  }

  private static func words(_ range: ClosedRange<Float>) -> String {
    "\(DecimalText.short(range.lowerBound)) … \(DecimalText.short(range.upperBound))"
  }

  // MARK: Columns

  private mutating func addColumns() {
    var shown = summary.columns
    lines.append("")
    if shown.count > Self.mostColumns {
      add("columns", summary.kindCounts.map { Self.counted($0.count, $0.kind) }.joined(separator: ", "))
      let missing = summary.columns.count { $0.missing > 0 }
      if missing > 0 { add("missing", "something in \(missing.counted("column"))") }
      if let range = summary.range { add("values", Self.words(range)) }
      shown = Array(shown.prefix(Self.shownOfMany))
      lines.append("")
    }
    let nameWidth = min(max(shown.map { TerminalText.width(of: $0.name) }.max() ?? 0, 6), 24)
    let treatmentWidth = min(max(shown.map { TerminalText.width(of: $0.treatment) }.max() ?? 0, 16), 24)
    let valuesWidth = TerminalText.width - nameWidth - treatmentWidth - 19
    func line(_ name: String, _ kind: String, _ missing: String, _ values: String, _ treatment: String) -> String {
      let cells = [
        TerminalText.padded(name, to: nameWidth), TerminalText.padded(kind, to: 8),
        TerminalText.padded(missing, to: 7, isRight: true), TerminalText.padded(values, to: valuesWidth),
        TerminalText.clipped(treatment, to: treatmentWidth),
      ]
      return Self.trimmed(cells.joined(separator: " "))
    }
    lines.append(line("column", "kind", "missing", "values", "becomes"))
    for column in shown {
      let missing = column.missing > 0 ? DataSummary.percent(column.missingShare) : ""
      lines.append(
        line(column.name, column.kind.rawValue, missing, values(of: column, to: valuesWidth), column.treatment))
    }
    if shown.count < summary.columns.count { lines.append("… and \(summary.columns.count - shown.count) more") }
    addRows(shown, nameWidth: nameWidth)
  }

  private func values(of column: ColumnSummary, to width: Int) -> String {
    if column.fault != nil, column.range == nil {
      return column.levelCount.map { "\($0) different texts" } ?? "too many texts to count"
    }
    if let (text, share) = column.usual, let range = column.range {
      let usual = "\(text) \(DataSummary.percent(share))"
      let both = "\(usual), \(Self.words(range))"
      return TerminalText.width(of: both) <= width ? both : usual
    }
    if column.levels.isEmpty { return column.range.map(Self.words) ?? "" }
    if column.levels.count == 1 { return column.levels[0].text }
    let longest = max(width / 2 - 6, 6)
    let words = column.levels.map { "\(TerminalText.clipped($0.text, to: longest)) \(DataSummary.percent($0.share))" }
    for shown in stride(from: words.count, to: 0, by: -1) {
      let text = words.prefix(shown).joined(separator: ", ") + (shown < words.count ? ", …" : "")
      if TerminalText.width(of: text) <= width { return text }
    }
    return words[0]
  }

  private mutating func addRows(_ shown: [ColumnSummary], nameWidth: Int) {
    let count = shown.first?.firstCells.count ?? 0
    guard count > 0 else { return }
    let widths = (0..<count).map { row in
      min(
        max(shown.map { TerminalText.width(of: $0.firstCells[row]) }.max() ?? 0, 5),
        (TerminalText.width - nameWidth) / count - 2)
    }
    func line(_ name: String, _ cells: [String]) -> String {
      let cells = zip(cells, widths).map { TerminalText.padded($0, to: $1, isRight: true) }
      return Self.trimmed(([TerminalText.padded(name, to: nameWidth)] + cells).joined(separator: "  "))
    }
    lines.append("")
    lines.append(line("", (1...count).map { "row \($0)" }))
    for column in shown { lines.append(line(column.name, column.firstCells)) }
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  /// "6 numbers", "1 category".
  static func counted(_ count: Int, _ kind: ColumnSummary.Kind) -> String {
    switch kind {
    case .number, .count: count.counted(kind.rawValue)
    case .yesNo, .constant: "\(count) \(kind.rawValue)"
    case .category: count.counted("category", plural: "categories")
    case .id: count.counted("id")
    case .text: "\(count) of text"
    }
  }
}
