import ArgumentParser
import Foundation
import VAEData
import VAEKernels

/// `vae-train encode`.
struct Encode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the posterior mean and log-variance of each example of a set.",
    usage: """
      vae-train encode <run> --output <file> [<options>]
      vae-train encode <run> --data <cells.h5ad> --into <copy.h5ad>
      vae-train encode <run> --data <cells.h5ad> --in-place
      """,
    discussion: """
      FILE.csv (or .tsv) has the columns id, mean_0 and so on, log_variance_0 and so on, and last label where the data \
      have labels; id is what the data call an example, or the number of its row in the data, from 0 and without the \
      header, also of a set that was held out of them; in a file of its own a test set has numbers of its own, but with \
      --set all, where they follow those of the training set. FILE.npy is a float32 array [examples, L] of the means, \
      with --log-variance [examples, 2 L], these behind; labels go to FILE.labels.npy, whole numbers as what they are, and \
      others as their numbers from 0, whose names are the lines of FILE.classes.txt in their order; names, or the numbers \
      of rows that are not all, to FILE.ids.txt, a line each (a line break in a name is \\n, a return \\r). L is the \
      number of latent dimensions. An \
      autoencoder's code stands where the means do, and there are no log-variances. Of a file named by \
      --data every row is encoded, in its order, unless --set or --test-fraction asks for a part, or a test set stands apart.

      --into writes a copy of a file of AnnData with the means in obsm/X_vae, and both parts of the negative ELBO, in nats and \
      with one draw of each latent, in obs/vae_reconstruction and obs/vae_kl; --in-place takes the file's own place. \
      Whatever is interrupted, the file that was there is whole.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(name: .long, help: "Of an .npy file: the log-variances too.")
  var logVariance = false

  @Option(
    name: .long, help: ArgumentHelp("What to write: a .csv, .tsv or .npy file.", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv", "npy"]), transform: Parse.path)
  var output: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Write a copy of the .h5ad file that --data names, with the latent in it.", valueName: "file"),
    completion: .file(extensions: ["h5ad"]), transform: Parse.path)
  var into: String?

  @Flag(name: .long, help: "Add the latent to the .h5ad file itself.")
  var inPlace = false

  func validate() throws {
    let given = [("output", output != nil), ("into", into != nil), ("in-place", inPlace)].filter(\.1).map(\.0)
    guard given.count == 1 else {
      throw ValidationError(
        given.isEmpty
          ? "--output: expected, or --into or --in-place, found none of them"
          : "--\(given[1]): expected without --\(given[0]), found both")
    }
    if given[0] != "output", data.data == nil {
      throw ValidationError("--\(given[0]): expected with --data, the file of cells that is encoded, found without it")
    }
    if given[0] != "output", logVariance {
      throw ValidationError("--log-variance: expected with an .npy file, found with --\(given[0])")
    }
  }

  func run() throws {
    guard let output else { return try add(to: into ?? data.data ?? "") }
    let file = try OutputFile(output, extensions: ["csv", "tsv", "npy"])
    if logVariance, file.fileExtension != "npy" {
      throw ValidationError("--log-variance: expected with an .npy file, found with \(output), which has them")
    }
    let saved = try saved.load()
    try file.check(keeping: data.inputs, of: saved)
    let dataset = try data.loadRows(for: saved)
    let asides = file.fileExtension == "npy" ? asides(dataset, beside: file.path) : []
    try KeptFiles(data.inputs + saved.inputs).check(asides.map { ("--output", $0.path) })
    let latentCount = saved.model.architecture.latentCount
    let (mean, logVariance) = try data.evaluator(of: saved, threads: threads).encode(dataset)
    if let failure = dataset.failure { throw failure }
    var written = file.path
    if file.fileExtension == "npy" {
      let values = self.logVariance && !logVariance.isEmpty ? Self.sideBySide(mean, logVariance, latentCount) : mean
      // First, so that the file that was asked for is there only if all is.
      for (path, data) in asides {
        try AtomicFile.write(data, to: path)
        written += " and \(path)"
      }
      for path in DataSource.pathsBeside(array: file.path) + [Self.path("classes.txt", beside: file.path)]
      where Path.exists(path) && !asides.contains(where: { $0.path == path }) {
        Message.warn("\(path) was there before: remove it, or it is taken for that of \(file.path)")
      }
      let columns = values.count / max(dataset.count, 1)
      try AtomicFile.write(NPY.encode(values, shape: [dataset.count, columns]), to: file.path)
    } else {
      var format = TableFormat()
      if file.fileExtension == "tsv" { format.delimiter = .tab }
      let columns = Self.columns(mean, logVariance, latentCount, dataset)
      try AtomicFile.write(TableWriter.encode(columns: columns, format: format), to: file.path)
    }
    print("\(written): \(dataset.count.counted("example")), \(latentCount.counted("latent dimension"))")
  }

  /// Two arrays [count, L] as one [count, 2 L].
  private static func sideBySide(_ mean: [Float], _ logVariance: [Float], _ latentCount: Int) -> [Float] {
    stride(from: 0, to: mean.count, by: latentCount).flatMap { start in
      mean[start..<start + latentCount] + logVariance[start..<start + latentCount]
    }
  }

  /// What goes beside an array at `path`: labels, what they are called, and names.
  private func asides(_ dataset: Dataset, beside path: String) -> [(path: String, data: Data)] {
    var files: [(String, Data)] = []
    if let labels = dataset.labels {
      let numbers = dataset.classNames.flatMap(ClassNumbers.init)
      let array =
        numbers.map { numbers in NPY.encode(labels.map { numbers.all[Int($0)] }, shape: [labels.count]) }
        ?? NPY.encode(labels, shape: [labels.count])
      files.append((Self.path("labels.npy", beside: path), array))
      if numbers == nil, let names = dataset.classNames {
        files.append((Self.path("classes.txt", beside: path), Data(LinesOfNames.encode(names))))
      }
    }
    if let names = dataset.rowNamesBesidePlaces {
      files.append((Self.path("ids.txt", beside: path), Data(LinesOfNames.encode(names))))
    }
    return files
  }

  /// "latents.ids.txt" beside "latents.npy".
  private static func path(_ ending: String, beside path: String) -> String { path.dropLast("npy".count) + ending }

  private static func columns(
    _ mean: [Float], _ logVariance: [Float], _ latentCount: Int, _ dataset: Dataset
  ) -> [(name: String, cells: TableWriter.Cells)] {
    var columns: [(name: String, cells: TableWriter.Cells)] = [
      ("id", dataset.rowNames)
    ]
    for (name, values) in [("mean", mean), ("log_variance", logVariance)] where !values.isEmpty {
      for dimension in 0..<latentCount {
        let column = stride(from: dimension, to: values.count, by: latentCount).map { values[$0] }
        columns.append(("\(name)_\(dimension)", .numbers(column, decimals: nil)))
      }
    }
    if let labels = dataset.labels {
      let names = dataset.classNames
      columns.append(
        ("label", names.map { names in .texts(labels.map { names[Int($0)] }) } ?? .wholeNumbers(labels.map(Int.init))))
    }
    return columns
  }
}
