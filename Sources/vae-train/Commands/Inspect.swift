import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// `vae-train inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what was understood of some data, and what training would do with them.",
    usage: "vae-train inspect <data> [<options>]",
    discussion: """
      Format, rows, columns with what they are taken for, a few rows, what is held out, the model, and what is likely to \
      be wrong: columns that repeat others, give the label away, or name the rows. The options are those of training.
      """)

  @Argument(
    help: ArgumentHelp("What --data would be.", valueName: "data"), completion: .file(), transform: Parse.path)
  var data: String

  @OptionGroup var reading: ReadingOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Share of a single file held out as the test set (default: 0.1).", valueName: "share"),
    transform: Parse.share)
  var testFraction: Double?

  @Option(
    name: .long, help: ArgumentHelp("Chooses the rows held out, as of training.", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64?

  @Flag(name: .long, help: "Print one JSON object.")
  var json = false

  func run() throws {
    var source = RunConfiguration.Data(path: data)
    try reading.apply(to: &source)
    try DataOptions.check(testFraction: testFraction, of: source)
    if let testFraction { source.testFraction = testFraction }
    let summary = try source.source(seed: seed ?? TrainingOptions().seed, formats: DataOptions.formats).summary()
    let architecture = try summary.training.map {
      try ModelOptions.parse([]).architecture(for: $0, labelCount: 0, preset: nil)
    }
    if json {
      print(try JSONOutput.text(of: SummaryJSON(summary, architecture)))
    } else {
      print(SummaryText(summary, architecture).text)
    }
  }
}
