import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// What a run's folder holds, as far as it can be read.
struct RunContents {
  let directory: RunDirectory
  var configuration: RunConfiguration?
  var configurationText: String?
  var model: VariationalAutoencoder?
  var data = DataDescription()
  /// The numbers of each readable line of metrics.jsonl, and what else it holds.
  var metrics: [[String: Double]] = []
  var test: Dataset?
  /// Of a model of counts, all examples there are, with what else is known of them.
  var cells: Dataset?
  /// −log p(x) as `evaluate` last found it.
  var likelihood: StoredLikelihood?
  /// A sentence for everything that could not be read.
  var missing: [String] = []

  /// Reads what is there, data of `formats`. Throws `DataError` where there is no such folder.
  init(_ path: String, test given: Dataset? = nil, formats: [any DataFormat] = DataFormats.standard) throws {
    guard try Path.kind(path) == .folder else {
      throw DataError(path: path, expected: "a run's folder", found: "none")
    }
    let directory = RunDirectory(path)
    self.directory = directory
    configuration = attempt("config.json") { try directory.readConfiguration() }
    configurationText = try? FileReader.text(path: directory.configuration)
    readMetrics()
    if let read = attempt("model.safetensors", { try ModelFile.read(directory.model) }) {
      (model, data) = (read.model, read.data)
    }
    if let text = try? FileReader.text(path: directory.likelihood) {
      likelihood = try? StoredLikelihood(json: text)
    }
    if let given {
      test = given
    } else if let configuration {
      let known = data
      test = attempt("the test set") {
        try configuration.data.load(seed: configuration.training.seed, known: known, formats: formats).test
      }
    }
    if let model, let test, test.featureCount != model.architecture.inputCount {
      missing.append(
        "The test set has \(test.featureCount.counted("feature")), the model \(model.architecture.inputCount.counted("input")): its examples "
          + "are left out.")
      self.test = nil
    }
    readCells(formats)
    if let model, let test {
      do { try test.check(for: model.architecture, binarization) } catch {
        missing.append("The test set cannot be shown to the model: \(error).")
        self.test = nil
      }
    }
  }

  var binarization: Binarization { configuration?.training.binarization ?? .none }
  var seed: UInt64 { configuration?.training.seed ?? 0 }

  private mutating func readCells(_ formats: [any DataFormat]) {
    guard let model, model.architecture.likelihood.sideInputs.contains(.exposure), let configuration,
      configuration.data.path != nil
    else { return }
    var source = configuration.data.source(seed: configuration.training.seed, known: data, formats: formats)
    source.reading.annotations = .all
    let (found, binarization) = (source, binarization)
    let read = attempt("the cells") {
      let cells = try found.all()
      try cells.check(for: model.architecture, binarization)
      return cells
    }
    if let read, read.isSparse { cells = read }
  }

  private mutating func attempt<Value>(_ name: String, _ read: () throws -> Value) -> Value? {
    do { return try read() } catch {
      missing.append("\(name) is missing or cannot be read: \(error)")
      return nil
    }
  }

  /// Line by line: what a reader of JSON refuses, such as NaN, is taken for nothing.
  private mutating func readMetrics() {
    guard let text = try? FileReader.text(path: directory.metrics) else {
      missing.append("metrics.jsonl is missing or cannot be read: there are no curves.")
      return
    }
    var damaged = 0
    for line in TextLines.split(text.utf8) where !line.allSatisfy(\.isWhitespace) {
      let clean = line.replacingOccurrences(
        of: #":\s*-?(NaN|nan|Infinity|inf)\b"#, with: ":null", options: .regularExpression)
      guard let object = try? JSONSerialization.jsonObject(with: Data(clean.utf8)) as? [String: Any],
        object["epoch"] is Int
      else {
        damaged += 1
        continue
      }
      metrics.append(object.compactMapValues { ($0 as? NSNumber)?.doubleValue })
    }
    metrics.sort { $0["epoch"]! < $1["epoch"]! }
    if damaged > 0 { missing.append("\(damaged) line\(damaged == 1 ? "" : "s") of metrics.jsonl cannot be read.") }
  }
}
