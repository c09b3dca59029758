import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// `vae-train differential-expression`.
struct DifferentialExpressionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "differential-expression",
    abstract: "Find the features, such as genes, that differ between groups of examples, by a model of counts.",
    usage: "vae-train differential-expression <run> --group <column> [<options>]",
    discussion: """
      A line a feature and group, those most surely different first: group; against, what it was compared with; feature; \
      probability, that its rate differs by more than --delta doublings, by draws of pairs of examples and of their \
      posteriors; bayes_factor, its logit; log2_fold_change and deviation, mean and standard deviation in doublings, above \
      0 where the group has more; mean and mean_against, what was counted on average; seen and seen_against, the shares \
      of examples in which it was seen; different, 1 for the features that are called different, of which --fdr are \
      expected to be false. Examples of which the column says nothing are left out. All examples of the run's data are \
      compared, or of --data.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var told: ToldOptions

  @Option(
    name: .long, help: ArgumentHelp("Column of what is known of the examples, such as cell_type.", valueName: "column"))
  var group: String

  @Option(
    name: .long, help: ArgumentHelp("The group that is compared (default: each in turn).", valueName: "name"))
  var compare: String?

  @Option(name: .long, help: ArgumentHelp("What it is compared with (default: all others).", valueName: "name"))
  var against: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The least change that matters, in doublings (default: 0.25).", valueName: "number"),
    transform: Parse.preciseNumber)
  var delta = 0.25

  @Option(
    name: .long, help: ArgumentHelp("Pairs of draws for each comparison (default: 5000).", valueName: "count"),
    transform: Parse.wholeNumber)
  var draws = 5000

  @Option(
    name: .customLong("fdr"),
    help: ArgumentHelp("False ones expected among those called different (default: 0.05).", valueName: "share"),
    transform: Parse.share)
  var falseDiscoveryRate = 0.05

  @Option(
    name: .long, help: ArgumentHelp("A .csv or .tsv file (default: the terminal).", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv"]), transform: Parse.path)
  var output: String?

  func validate() throws {
    if against != nil, compare == nil {
      throw ValidationError("--against: expected with --compare, found without it")
    }
    if compare != nil, compare == against {
      throw ValidationError("--against: expected another group than --compare, found \(against ?? "") twice")
    }
    if !(delta >= 0 && delta.isFinite) {
      throw ValidationError("--delta: expected a number from 0 up, found \(delta)")
    }
    // A probability is a share of them.
    if !(100...10_000_000).contains(draws) {
      throw ValidationError("--draws: expected 100 to 10000000, found \(draws)")
    }
  }

  func run() throws {
    let file = try output.map { try OutputFile($0, extensions: ["csv", "tsv"]) }
    let saved = try saved.load()
    guard saved.kind == .counts, saved.model.architecture.isVariational else {
      throw ValidationError(
        "differential-expression: expected a variational model of counts, such as cells, found one of \(saved.kind.rawValue)"
      )
    }
    try file?.check(keeping: data.inputs, of: saved)
    let told = try told.values(for: saved)
    let dataset = try data.loadRows(for: saved, unless: .all, drawingLatents: true, annotations: .named([group]))
    let groups = try Groups(dataset, column: group, classesOf: saved)
    if let warning = groups.warning { Message.warn(warning) }
    let evaluator = try data.evaluator(of: saved, threads: threads)
    var search = DifferentialExpression()
    (search.threshold, search.draws, search.falseDiscoveryRate) = (delta, draws, falseDiscoveryRate)
    search.seed = data.seed ?? saved.seed
    let comparisons = try groups.comparisons(compare, against)
    var different = 0
    let names = saved.data.featureNames ?? (0..<dataset.featureCount).map { "\($0)" }
    try TableOutput(file: file).write(
      showing: "\(comparisons.count.counted("comparison")) of \(names.count.counted("feature"))"
    ) { append in
      for comparison in comparisons {
        let found = try search.compare(
          comparison.first, with: comparison.second, in: dataset, told: told, by: evaluator)
        different += found.count(where: \.isDifferent)
        try append(columns(of: found, comparison, names, dataset))
      }
    }
    if file != nil { print("\(different.counted("feature")) called different") }
  }

  private func columns(
    of found: [DifferentialExpression.Feature], _ comparison: Groups.Comparison, _ names: [String], _ dataset: Dataset
  ) -> TableOutput.Columns {
    let (own, other) = (dataset.totals(of: comparison.first), dataset.totals(of: comparison.second))
    let (n, m) = (Double(comparison.first.count), Double(comparison.second.count))
    func numbers(_ value: (DifferentialExpression.Feature) -> Double) -> TableWriter.Cells {
      .numbers(found.map { Float(value($0)) }, decimals: nil)
    }
    return [
      ("group", .texts(found.map { _ in comparison.name })),
      ("against", .texts(found.map { _ in comparison.against ?? "rest" })),
      ("feature", .texts(found.map { names[$0.index] })),
      ("probability", numbers { $0.probability }),
      ("bayes_factor", numbers { $0.bayesFactor(draws: draws) }),
      ("log2_fold_change", numbers { $0.logFoldChange }), ("deviation", numbers { $0.deviation }),
      ("mean", numbers { own.sums[$0.index] / n }), ("mean_against", numbers { other.sums[$0.index] / m }),
      ("seen", numbers { Double(own.seen[$0.index]) / n }),
      ("seen_against", numbers { Double(other.seen[$0.index]) / m }),
      ("different", .wholeNumbers(found.map { $0.isDifferent ? 1 : 0 })),
    ]
  }
}

/// The examples of each group that a column tells.
private struct Groups {
  struct Comparison {
    let name: String
    /// nil for all others.
    let against: String?
    let first: [Int]
    let second: [Int]
  }

  private let column: String
  private let names: [String]
  private let members: [[Int]]

  init(_ dataset: Dataset, column: String, classesOf saved: SavedModel) throws {
    self.column = column
    let isOfClasses = ["label", saved.configuration?.data.reading.labelColumn].contains(column)
    let known = dataset.annotation(column) ?? (isOfClasses ? dataset.annotationOfLabels(named: column) : nil)
    guard let annotation = known?.grouped, let categories = annotation.categories else {
      throw ValidationError(
        "--group: expected a column of categories of files of cells, or label for the classes of other data, found "
          + "\"\(column.onOneLine)\", \(known == nil ? "of which nothing is known" : "of numbers")")
    }
    var members = [[Int]](repeating: [], count: categories.count)
    for (example, code) in annotation.codes.enumerated() { if let code { members[code].append(example) } }
    let kept = categories.indices.filter { !members[$0].isEmpty }
    names = kept.map { categories[$0] }
    self.members = kept.map { members[$0] }
    guard kept.count > 1 else {
      throw ValidationError(
        "--group: expected a column with at least two groups, found \(names.count) in \(column.onOneLine)")
    }
  }

  /// Of groups of few examples pairs are always the same ones.
  var warning: String? {
    let few = names.indices.filter { members[$0].count < Self.fewest }
    guard let first = few.first else { return nil }
    return "\(few.count.counted("group")) of \(column.onOneLine) with fewer than \(Self.fewest) members, such as "
      + "\(names[first].onOneLine) with \(members[first].count): what is found of them says little"
  }

  private static let fewest = 10

  func comparisons(_ name: String?, _ other: String?) throws -> [Comparison] {
    let chosen = try name.map { [try place(of: $0, option: "--compare")] } ?? Array(names.indices)
    let against = try other.map { try place(of: $0, option: "--against") }
    return chosen.map { group in
      Comparison(
        name: names[group], against: against.map { names[$0] }, first: members[group],
        second: against.map { members[$0] } ?? names.indices.filter { $0 != group }.flatMap { members[$0] })
    }
  }

  private func place(of name: String, option: String) throws -> Int {
    guard let place = names.firstIndex(of: name) else {
      throw ValidationError(
        "\(option): expected one of the groups \(names.prefix(20).map(\.onOneLine).joined(separator: ", ")), found "
          + "\"\(name.onOneLine)\"")
    }
    return place
  }
}
