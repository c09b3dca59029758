import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAEReport
import VAETrainer

/// `vae-train decode`.
struct Decode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what latents of your own decode to.",
    usage: "vae-train decode <run> --latents <file> [<options>]",
    discussion: """
      FILE.csv (or .tsv) has a row for each latent and a column for each of its L numbers, or columns mean_0 and so on, in \
      any order, among others, as "encode" writes them; a model that is told classes decodes for those in a column \
      "label", by name, or number where they have none, or beside FILE.npy in FILE.labels.npy; a line of names above the rows may begin with \
      "#". FILE.npy is an array [count, L], or [count, 2 L] with log-variances behind. Either may be compressed, \
      FILE.csv.gz. A model of pictures makes a PNG grid of them; one of a table the rows, in its columns, units and \
      categories, as .csv or .tsv (default: the terminal); one of counts what is to be expected of each feature where one \
      is counted in all, its share, as .csv, .tsv or .npy; one that is told columns makes them for the values of --given. \
      With an --output that ends in .npy the decoder's numbers themselves are written, float32 [count, features].
      """)

  @OptionGroup var saved: SavedModelOptions

  @Option(
    name: .long, help: ArgumentHelp("What to read: a .csv, .tsv or .npy file.", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv", "npy"]), transform: Parse.path)
  var latents: String

  @Option(
    name: .long, help: ArgumentHelp("Pictures in a row (default: as many as rows).", valueName: "count"),
    transform: Parse.gridSize)
  var columns: Int?

  @OptionGroup var labels: LabelOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Values of all columns that the model is told, as of sample: 'age=40, smoker=yes'.", valueName: "values"))
  var given: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A .png or .npy file, of a table a .csv, .tsv or .npy file (default: decoded.png here, or the terminal).",
      valueName: "file"),
    completion: .file(extensions: ["png", "csv", "tsv", "npy"]), transform: Parse.path)
  var output: String?

  func run() throws {
    let asked = try output.map { try OutputFile($0, extensions: ["png", "csv", "tsv", "npy"]) }
    let saved = try saved.load()
    try check(asked, for: saved)
    try (asked ?? OutputFile("decoded.png", extensions: ["png"]))
      .check(keeping: [latents, LatentFile.labelsPath(beside: latents)], of: saved)
    let architecture = saved.model.architecture
    let latentCount = architecture.latentCount
    let label = try labels.label(for: saved)
    let known = architecture.labels
    let classes = known.isEmpty || label != nil ? nil : saved.classes
    let (values, ofFile) = try LatentFile.read(latents, latentCount: latentCount, classes: classes)
    let count = values.count / latentCount
    let content =
      count.counted("latent")
      + (known.isEmpty
        ? ""
        : label.map { ", as class \(saved.classes.word($0))" }
          ?? (ofFile == nil ? ", each class in turn" : ", each as its class"))
    let told = known.isEmpty ? nil : ofFile ?? (0..<count).map { label ?? known[$0 % known.count] }
    let coding = saved.data.coding ?? saved.data.told
    let given = try coding.map { try givenValues($0) } ?? [:]
    let conditions = coding?.conditions(of: given) ?? []
    let decode = {
      saved.model.decode(values, labels: told, told: (0..<count).flatMap { _ in conditions })
    }
    if let asked, asked.fileExtension == "npy" {
      try AtomicFile.write(NPY.encode(decode(), shape: [count, architecture.inputCount]), to: asked.path)
      return print("\(asked.path): \(content), decoded")
    }
    if let coding = saved.data.coding {
      let rows = TableSampler.rows(ofDecoded: decode(), coding, given: given)
      return try TableOutput(file: asked)
        .write(coding.cells(ofRaw: rows) + saved.labelColumn(told), showing: "\(content), decoded")
    }
    if let asked, ["csv", "tsv"].contains(asked.fileExtension), let names = saved.data.featureNames {
      let shares = decode()
      return try TableOutput(file: asked)
        .write(
          names.indices.map { feature in
            let column = stride(from: feature, to: shares.count, by: names.count).map { shares[$0] }
            return (names[feature], .numbers(column, decimals: nil))
          } + saved.labelColumn(told), showing: "\(content), decoded")
    }
    let file = try asked ?? OutputFile("decoded.png", extensions: ["png"])
    let shape = try saved.pictureShape()
    let columns = columns ?? Int(Double(count).squareRoot().rounded(.up))
    let rows = (count + columns - 1) / columns
    try PictureLimit.check(rows * columns, of: shape, option: "--latents \(latents)")
    let image = ModelPictures(saved.model, shape: shape).decoded(values, columns: columns, label: label, labels: ofFile)
    try file.write(image, showing: content)
  }

  /// Throws where the model cannot make such a file.
  private func check(_ file: OutputFile?, for saved: SavedModel) throws {
    guard saved.data.coding != nil else {
      if given != nil, saved.data.told == nil {
        throw ValidationError(
          "--given: expected with a model that is told columns, found one of \(saved.kind.rawValue) that is told none")
      }
      if saved.kind == .counts, file.map({ $0.fileExtension == "png" }) ?? true {
        throw ValidationError(
          "--output: expected a .csv, .tsv or .npy file, for a model of counts, found \(file?.path ?? "none")")
      }
      if let file, ["csv", "tsv"].contains(file.fileExtension), saved.data.featureNames == nil {
        throw ValidationError(
          "--output \(file.path): expected \(saved.kind == .pictures ? ".png or " : "").npy from a model of \(saved.kind.rawValue), found .\(file.fileExtension)"
        )
      }
      if columns != nil, let file, file.fileExtension == "npy" {
        throw ValidationError(
          "--columns: expected with an --output of pictures, found with one of numbers, \(file.path)")
      }
      return
    }
    if let file, file.fileExtension == "png" {
      throw ValidationError(
        "--output \(file.path): expected .csv, .tsv or .npy from a model of a table, which makes rows, found .png")
    }
    if columns != nil {
      throw ValidationError("--columns: expected with a model of pictures, found one of a table")
    }
  }

  /// What the model is told of every latent, by the columns' places: all that it is told has to be given.
  private func givenValues(_ coding: TableCoding) throws -> [Int: Float] {
    let given = try GivenValues(given ?? "", coding).values
    let missing = coding.columns.indices.filter { coding.columns[$0].role == .condition && given[$0] == nil }
    guard missing.isEmpty else {
      let names = missing.map { coding.columns[$0].name }.joined(separator: ", ")
      throw ValidationError("--given: expected values of all columns that the model is told, found none of \(names)")
    }
    return given
  }
}

extension TableCoding {
  /// The numbers that a model is told of values of its columns, by their places.
  fileprivate func conditions(of values: [Int: Float]) -> [Float] {
    var raw = [Float](repeating: .nan, count: columns.count)
    for (column, value) in values { raw[column] = value }
    return conditions(ofRaw: raw)
  }
}
