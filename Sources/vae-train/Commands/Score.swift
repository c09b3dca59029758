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
    try file?.check(keeping: [data, reading.picture.labelTable], of: saved)
    guard saved.model.architecture.isVariational || measure == .elbo else {
      throw ValidationError("--measure: expected elbo for an autoencoder, which is no model of p(x), found likelihood")
    }
    guard explain == nil || saved.data.coding != nil else {
      throw ValidationError("--explain: expected a model of a table, found \(saved.path), one of other data")
    }
    let dataset = try saved.rows(at: data, reading)
    let evaluator = Evaluator(
      saved.model, binarization: saved.binarization, seed: seed ?? saved.seed, team: try threads.team())
    let scores = try evaluator.scores(of: dataset, by: measure, samples: samples).scores
    let limit =
      try threshold
      ?? thresholdQuantile.map { quantile in
        try evaluator.scores(of: trainingRows(of: saved), by: measure, samples: samples).threshold(quantile: quantile)
      }
    let explanations = try explain.map { try Explanations(dataset, saved, evaluator, count: $0) }
    var order = Array(scores.indices)
    if sorted { order.sort { scores[$0] > scores[$1] } }
    let strange = limit.map { limit in scores.count { $0 > limit } }
    try TextOutput.write(to: file) { append in
      try append("id,score\(limit == nil ? "" : ",strange")\(explanations?.header ?? "")\n")
      for row in order {
        let isStrange = limit.map { scores[row] > $0 ? ",1" : ",0" } ?? ""
        let id = CSVText.cell(dataset.ids?[row] ?? "\(row)")
        try append("\(id),\(Float(scores[row]))\(isStrange)\(explanations?.cells(ofRow: row) ?? "")\n")
      }
    }
    if let file {
      let found = strange.map { ", \($0) above \(String(format: "%.3f", limit!))" } ?? ""
      print("\(file.path): \(dataset.count.counted("row"))\(found)")
    }
    if let strange, strange > 0 {
      // What the exit status says is true only of scores that are written.
      try StandardStreams.finishOutput()
      throw ExitCode(Self.strangeExitCode)
    }
  }

  private func trainingRows(of saved: SavedModel) throws -> Dataset {
    if let absence = saved.absenceOfTrainingData {
      throw ValidationError(
        "--threshold-quantile: expected the training rows of the run (--threshold takes a score), found \(absence)")
    }
    do { return try saved.dataset(.train) } catch {
      throw ValidationError(
        "--threshold-quantile: expected training rows that can be read (--threshold takes a score), found \(error)")
    }
  }
}

/// For each row the columns whose loss is furthest above what it is on average in the training rows, or, where those are not
/// to be had, in these rows.
private struct Explanations {
  private let names: [String]
  private let count: Int
  private let excesses: [[(column: Int, excess: Float)]]

  init(_ dataset: Dataset, _ saved: SavedModel, _ evaluator: Evaluator, count: Int) throws {
    guard let coding = saved.data.coding else { preconditionFailure("columns of what is no table") }
    names = coding.modelled.map(\.name)
    self.count = min(count, names.count)
    let absence = saved.absenceOfTrainingData
    if let absence {
      Message.warn(
        "--explain: columns are compared with their average in these rows, not the training rows: \(absence)")
    }
    let usual = try evaluator.averageColumnLosses(of: absence == nil ? saved.dataset(.train) : dataset)
    excesses = try evaluator.largestExcesses(of: dataset, over: usual, count: self.count)
  }

  var header: String { (0..<count).map { ",column_\($0 + 1),excess_\($0 + 1)" }.joined() }

  /// A row has fewer than others where it has few columns that are known.
  func cells(ofRow row: Int) -> String {
    (0..<count).map { place in
      guard place < excesses[row].count else { return ",," }
      return ",\(CSVText.cell(names[excesses[row][place].column])),\(excesses[row][place].excess)"
    }.joined()
  }
}
