import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// The tables of a page, and its sentence.
extension RunContents {
  var name: String { Path.name(of: directory.path) }
  /// Whether its figures have a KL divergence in them.
  var hasDivergence: Bool { architecture?.isVariational ?? true }
  private var architecture: Architecture? { model?.architecture ?? configuration?.architecture }
  private var last: [String: Double]? { metrics.last }

  /// The result in one sentence.
  var sentence: String {
    guard let architecture else { return "Nothing is known of the model of this run." }
    let kind = hasDivergence ? "A variational autoencoder" : "An autoencoder"
    let what = "\(kind), \(architecture.summary)"
    guard let last, let epoch = last["epoch"] else { return "\(what), that has not finished an epoch." }
    let after = "after \(Int(epoch).counted("epoch"))"
    if hasDivergence, let loss = last["test_negative_elbo"] {
      return "\(what): the test set's negative ELBO is \(nats(loss)) \(after)."
    }
    if let loss = last["test_reconstruction"] {
      return "\(what): the test set's reconstruction loss is \(nats(loss)) \(after)."
    }
    return "\(what), \(after)."
  }

  private func nats(_ value: Double) -> String { String(format: "%.2f nats", value) }

  /// The table of results.
  func facts(_ use: LatentUse?) -> [[String]] {
    var facts: [[String]] = []
    func add(_ name: String, _ value: String?) { if let value { facts.append([name, value]) } }
    add(
      "data",
      configuration.map { $0.data.path.map { Path.name(of: $0) } ?? "generated digits" })
    add("model", architecture.map { $0.kind + $0.summary })
    add("parameters", model.map { "\($0.layout.parameterCount)" } ?? architecture.map { "\($0.parameterCount)" })
    add("likelihood", architecture.map { "\($0.likelihood)" })
    add("epochs", last?["epoch"].map { "\(Int($0))" })
    let seconds = metrics.compactMap { $0["seconds"] }
    add("training time", seconds.isEmpty ? nil : String(format: "%.1f s", seconds.reduce(0, +)))
    add("examples a second", last?["examples_per_second"].map { "\(Int($0.rounded()))" })
    if hasDivergence {
      add("test negative ELBO", last?["test_negative_elbo"].map(nats))
      add("reconstruction", last?["test_reconstruction"].map(nats))
      add("KL", last?["test_kl"].map(nats))
    } else {
      add("reconstruction", last?["test_reconstruction"].map(nats))
    }
    add(
      "active units",
      use.map { use in use.activeUnits.map { "\($0) of \(use.variancePerDimension.count)" } ?? "unknown, of one example"
      })
    add(
      "−log p(x)",
      likelihood.map {
        String(
          format: "%.2f %@ nats, %@", $0.negativeLogLikelihood, LikelihoodEstimate.margin($0.standardError, digits: 2),
          $0.importanceSamples.counted("sample")) + earlier($0)
      })
    return facts
  }

  /// What is to be said where the run has gone on since.
  private func earlier(_ likelihood: StoredLikelihood) -> String {
    guard let epoch = likelihood.epoch, epoch != last?["epoch"].map({ Int($0) }) else {
      return ""
    }
    return ", of the model after epoch \(epoch)"
  }

  /// Everything that was chosen, by its name in config.json.
  var settings: [[String]] {
    guard let configurationText,
      let object = try? JSONSerialization.jsonObject(with: Data(configurationText.utf8)) as? [String: Any]
    else { return [] }
    var settings: [[String]] = []
    func add(_ value: Any, _ path: String) {
      if let object = value as? [String: Any] {
        for key in object.keys.sorted() { add(object[key]!, path.isEmpty ? key : "\(path).\(key)") }
      } else if let list = value as? [Any] {
        settings.append([path, list.map { "\($0)" }.joined(separator: ", ")])
      } else {
        settings.append([path, "\(value)"])
      }
    }
    add(object, "")
    return settings
  }

  /// What it takes to repeat the run.
  var repetition: [[String]] {
    guard let configuration else { return [] }
    let environment = configuration.environment
    var facts: [[String]] = []
    if let command = configuration.command { facts.append(["command", command]) }
    facts += [
      ["seed", "\(configuration.training.seed)"],
      ["version", "vae-train \(environment.version), \(environment.build) build"],
      ["threads", "\(environment.threads)"], ["loops", environment.instructionSet],
      ["products", environment.products == "own" ? "its own kernels" : "OpenBLAS"],
      ["OpenBLAS", "\(environment.openblas)"], ["system", environment.system],
    ]
    if let path = configuration.data.path { facts.append(["data", path]) }
    return facts
  }
}
