import ArgumentParser
import Foundation
import VAEData
import VAEKernels

/// `vae-train encode`.
struct Encode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the posterior mean and log-variance of each example of a set.",
    usage: "vae-train encode <run> --output <file> [<options>]",
    discussion: """
      FILE.csv has the columns index, label (where the data have labels), mean_0 and so on, log_variance_0 and so on. \
      FILE.npy is a float32 array [examples, 2 L], the means before the log-variances; labels go to FILE.labels.npy \
      as bytes. L is the number of latent dimensions. An autoencoder's code stands where the means do, and there are no \
      log-variances. "--set all" takes every example of a file, in its order.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    name: .long, help: ArgumentHelp("What to write: a .csv or .npy file.", valueName: "file"),
    completion: .file(extensions: ["csv", "npy"]), transform: Parse.path)
  var output: String

  func run() throws {
    let file = try OutputFile(output, extensions: ["csv", "npy"])
    let saved = try saved.load()
    let dataset = try data.load(for: saved)
    let latentCount = saved.model.architecture.latentCount
    let (mean, logVariance) = try data.evaluator(of: saved, threads: threads).encode(dataset)
    let values = logVariance.isEmpty ? mean : Self.sideBySide(mean, logVariance, latentCount)
    let columns = logVariance.isEmpty ? latentCount : 2 * latentCount
    var written = file.path
    if file.fileExtension == "csv" {
      try AtomicFile.write(csv(values, columns / latentCount, latentCount, dataset), to: file.path)
    } else {
      // First, so that the file that was asked for is there only if all is.
      if let labels = dataset.labels {
        let path = file.path.dropLast("npy".count) + "labels.npy"
        try AtomicFile.write(NPY.encode(labels, shape: [labels.count]), to: String(path))
        written += " and \(path)"
      }
      try AtomicFile.write(NPY.encode(values, shape: [dataset.count, columns]), to: file.path)
    }
    print("\(written): \(dataset.count.counted("example")), \(latentCount.counted("latent dimension"))")
  }

  /// Two arrays [count, L] as one [count, 2 L].
  private static func sideBySide(_ mean: [Float], _ logVariance: [Float], _ latentCount: Int) -> [Float] {
    stride(from: 0, to: mean.count, by: latentCount).flatMap { start in
      mean[start..<start + latentCount] + logVariance[start..<start + latentCount]
    }
  }

  private func csv(_ values: [Float], _ groups: Int, _ latentCount: Int, _ dataset: Dataset) -> Data {
    var header = ["index"]
    var wholeNumbers = [Array(0..<dataset.count)]
    if let labels = dataset.labels {
      header.append("label")
      wholeNumbers.append(labels.map(Int.init))
    }
    for name in ["mean", "log_variance"].prefix(groups) { header += (0..<latentCount).map { "\(name)_\($0)" } }
    return CSV.encode(header: header, values: values, wholeNumbers: wholeNumbers)
  }
}
