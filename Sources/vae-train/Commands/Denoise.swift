import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// `vae-train denoise`.
struct Denoise: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write what a model of counts expects of each example: its counts without the noise of counting.",
    usage: "vae-train denoise <run> --output <file> [<options>]",
    discussion: """
      The mean of p(x|z) at the posterior mean of each example, where so much is counted in all as --library-size says. \
      FILE.csv (or .tsv) has the columns id and one for each feature; FILE.npy is a float32 array [examples, features]. \
      With --given sample=a every cell is decoded as if it were of that sample, with --average-over sample as one of each \
      in turn, of which the average is written: so what sets samples apart is taken out.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var told: ToldOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What is counted of each in all: a number, such as 1 for shares; or observed, what was, or what a model that learns that takes it to be (default: 10000).",
      valueName: "count"),
    transform: Self.librarySize)
  var librarySize: Exposure = .fixed(10_000)

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Features to write, by patterns of their names with commas between (default: all).", valueName: "names"),
    transform: Parse.columnNames)
  var features: [String]?

  @Option(
    name: .long, help: ArgumentHelp("What to write: a .csv, .tsv or .npy file.", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv", "npy"]), transform: Parse.path)
  var output: String

  func run() throws {
    let file = try OutputFile(output, extensions: ["csv", "tsv", "npy"])
    let saved = try saved.load()
    guard saved.kind == .counts else {
      throw ValidationError("denoise: expected a model of counts, such as cells, found one of \(saved.kind.rawValue)")
    }
    try file.check(keeping: data.inputs, of: saved)
    let told = try told.values(for: saved)
    let dataset = try data.loadRows(for: saved)
    let names = saved.data.featureNames ?? (0..<dataset.featureCount).map { "\($0)" }
    let places = try features.map { try saved.features($0, option: "--features") } ?? Array(names.indices)
    let evaluator = try data.evaluator(of: saved, threads: threads)
    func each(_ body: (Range<Int>, [Float]) throws -> Void) throws {
      try evaluator.forEachExpectation(of: dataset, exposure: librarySize, told: told) { examples, means in
        try body(examples, (0..<means.rows).flatMap { row in places.map { means[row, $0] } })
      }
    }
    let size =
      if case .fixed(let count) = librarySize { "where \(count.plain) are counted" } else {
        "of what was counted" + (saved.model.architecture.exposureEncoder == nil ? "" : ", as the model takes it to be")
      }
    let content = "\(dataset.count.counted("example")), \(places.count.counted("feature")), the mean \(size)"
    if file.fileExtension == "npy" {
      try NPY.write(shape: [dataset.count, places.count], to: file.path) { append in try each { try append($1) } }
      print("\(file.path): \(content)")
    } else {
      let ids = dataset.rowNames
      try TableOutput(file: file).write(showing: content) { append in
        try each { examples, values in
          try append(
            [("id", ids[examples])]
              + places.indices.map { place in
                (
                  names[places[place]],
                  .numbers(stride(from: place, to: values.count, by: places.count).map { values[$0] }, decimals: nil)
                )
              })
        }
      }
    }
  }

  @Sendable private static func librarySize(_ text: String) throws -> Exposure {
    if text == "observed" { return .observed }
    guard let value = Float(text), value.isFinite, value > 0 else {
      throw ValidationError("--library-size: expected observed or a number above 0, found \(text)")
    }
    return .fixed(value)
  }
}

extension Float {
  /// "10000" of a whole number.
  fileprivate var plain: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
