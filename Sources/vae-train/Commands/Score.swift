import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `vae-train score`.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how strange each row of some data is to a model: anomaly detection.",
    usage: "vae-train score <run> <data> [<options>]",
    discussion: """
      A line a row in the order of the data: id,score, and with --explain the columns that contribute most. The score is \
      in nats, −log p(x) by importance sampling unless --measure says otherwise, and the higher the stranger. With \
      --threshold-quantile 0.99 a row is strange where its score is above that of 99 % of the training rows: it says so in \
      a column "strange", and exits with 3 where there is any, so that a script can ask.
      """)

  @OptionGroup var saved: SavedModelOptions
  @Argument(
    help: ArgumentHelp("The rows, raw, as for training.", valueName: "data"), completion: .file(), transform: Parse.path
  )
  var data: String

  @OptionGroup var reading: NewDataOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    name: .long,
    help: ArgumentHelp("\(Parse.names(RowScores.Measure.self)) (default: likelihood).", valueName: "name"),
    completion: .choices(RowScores.Measure.self), transform: Parse.choice)
  var measure = RowScores.Measure.likelihood

  @Option(
    name: .long, help: ArgumentHelp("Latents drawn for each row (default: 64).", valueName: "count"),
    transform: Parse.wholeNumber)
  var samples = 64

  @Option(
    name: .long,
    help: ArgumentHelp("Name so many columns of each row, those furthest above their usual loss.", valueName: "count"),
    transform: Parse.wholeNumber)
  var explain: Int?

  @Flag(name: .long, help: "The strangest first.")
  var sorted = false

  @Option(
    name: .long,
    help: ArgumentHelp("A row is strange above this quantile of the training rows' scores.", valueName: "share"),
    transform: Parse.share)
  var thresholdQuantile: Double?

  @Option(
    name: .long, help: ArgumentHelp("A row is strange above this score.", valueName: "nats"),
    transform: Parse.preciseNumber)
  var threshold: Double?

  @Option(
    name: .long, help: ArgumentHelp("Key of the noise (default: the run's).", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64?

  @Option(
    name: .long, help: ArgumentHelp("A .csv file (default: the terminal).", valueName: "file"),
    completion: .file(extensions: ["csv"]), transform: Parse.path)
  var output: String?

  /// The exit status where a row is above the threshold.
  static let strangeExitCode: Int32 = 3

  func validate() throws {
    if !(1...maximumSamples).contains(samples) {
      throw ValidationError("--samples: expected 1 to \(maximumSamples), found \(samples)")
    }
    if let explain, explain < 1 { throw ValidationError("--explain: expected 1 or more, found \(explain)") }
    if threshold != nil && thresholdQuantile != nil {
      throw ValidationError("--threshold: expected without --threshold-quantile, found both")
    }
  }

  func run() throws {
    let file = try output.map { try OutputFile($0, extensions: ["csv"]) }
    let saved = try saved.load()
    try file?.check(keeping: [data], of: saved)
    guard saved.model.architecture.isVariational || measure == .elbo else {
      throw ValidationError("--measure: expected elbo for an autoencoder, which is no model of p(x), found likelihood")
    }
    let dataset = try saved.rows(at: data, reading)
    let evaluator = Evaluator(
      saved.model, binarization: saved.binarization, seed: seed ?? saved.seed, team: try threads.team())
    let scores = try evaluator.scores(of: dataset, by: measure, samples: samples).scores
    var limit = threshold
    if let thresholdQuantile {
      let usual = try evaluator.scores(of: saved.dataset(.train), by: measure, samples: samples)
      limit = usual.threshold(quantile: thresholdQuantile)
    }
    let explanations = try explain.map { count in try explained(dataset, saved, evaluator, count: count) }
    var order = Array(scores.indices)
    if sorted { order.sort { scores[$0] > scores[$1] } }
    var text = "id,score" + (limit == nil ? "" : ",strange")
    for place in 0..<(explain ?? 0) { text += ",column_\(place + 1),excess_\(place + 1)" }
    text += "\n"
    for row in order {
      text += "\(CSVText.cell(dataset.ids?[row] ?? "\(row)")),\(Float(scores[row]))"
      if let limit { text += scores[row] > limit ? ",1" : ",0" }
      for (name, excess) in explanations?[row] ?? [] { text += ",\(CSVText.cell(name)),\(excess)" }
      text += "\n"
    }
    let strange = limit.map { limit in scores.count { $0 > limit } }
    if let file {
      try AtomicFile.write(Data(text.utf8), to: file.path)
      let found = strange.map { ", \($0) above \(String(format: "%.3f", limit!))" } ?? ""
      print("\(file.path): \(dataset.count.counted("row"))\(found)")
    } else {
      print(text, terminator: "")
    }
    if let strange, strange > 0 { throw ExitCode(Self.strangeExitCode) }
  }

  /// For each row the columns whose loss is furthest above what it is on average in the training rows, or, where those are
  /// not to be had, in these rows.
  private func explained(
    _ dataset: Dataset, _ saved: SavedModel, _ evaluator: Evaluator, count: Int
  ) throws -> [[(name: String, excess: Float)]] {
    guard let coding = saved.data.coding else {
      throw ValidationError("--explain: expected a model of a table, found one of \(dataset.name)")
    }
    let names = coding.modelled.map(\.name)
    let usual = (try? saved.dataset(.train)) ?? dataset
    let usualLosses = Self.averages(try evaluator.columnLosses(of: usual), columns: names.count)
    let losses = try evaluator.columnLosses(of: dataset)
    return (0..<dataset.count).map { row in
      let excess = names.indices.map { losses[row * names.count + $0] - usualLosses[$0] }
      return excess.indices.sorted { excess[$0] > excess[$1] }.prefix(count).map { (names[$0], excess[$0]) }
    }
  }

  private static func averages(_ losses: [Float], columns: Int) -> [Float] {
    var sums = [Double](repeating: 0, count: columns)
    for (index, loss) in losses.enumerated() { sums[index % columns] += Double(loss) }
    return sums.map { Float($0 / Double(max(losses.count / columns, 1))) }
  }
}
