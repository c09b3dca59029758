import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `vae-train evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the figures of a saved model on a data set.",
    usage: "vae-train evaluate <run> [<options>]",
    discussion: """
      The negative ELBO and its two parts, in nats per example, over all examples with one draw of noise each: with the \
      data and seed of the run, those of the last line of its metrics.jsonl. Reconstruction is also called distortion, \
      KL rate. What each latent dimension is used for. And with --importance-samples, −log p(x) itself, by importance \
      sampling.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var kernels: KernelOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Estimate −log p(x) from so many samples of each example's latent, such as 5000 (default: do not).",
      valueName: "count"),
    transform: Parse.wholeNumber)
  var importanceSamples: Int?

  @Flag(
    name: .long,
    help: "Fit a linear read-out of the classes to the encoded training set, and report how often it is right.")
  var probe = false

  @OptionGroup(title: "Integration") var integration: IntegrationOptions

  @Flag(name: .long, help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if let importanceSamples, !(1...maximumSamples).contains(importanceSamples) {
      throw ValidationError(
        "--importance-samples: expected 1 to \(maximumSamples), found \(importanceSamples)")
    }
  }

  func run() throws {
    kernels.apply()
    let saved = try saved.load()
    let dataset = try data.load(
      for: saved, drawingLatents: true, annotations: .named(integration.columns))
    let evaluator = try data.evaluator(of: saved, threads: threads)
    let set = data.part.rawValue
    let isVariational = saved.model.architecture.isVariational
    guard isVariational || importanceSamples == nil else {
      throw ValidationError(
        "--importance-samples: expected with a vae alone, found an autoencoder, which is no model of p(x)")
    }
    let (evaluation, health) = try evaluator.examine(dataset, named: set)
    let likelihood = try importanceSamples.map {
      try evaluator.logLikelihood(of: dataset, samples: $0, named: set)
    }
    let figures = Figures(
      set: set, examples: dataset.count, epoch: saved.epoch, inputCount: dataset.featureCount,
      isVariational: isVariational, isDiscrete: saved.model.architecture.likelihood.isDiscrete,
      evaluation: evaluation, use: health.latentUse, likelihood: likelihood,
      reconstructionError: evaluator.reconstructionError(of: dataset),
      probe: probe ? try probe(saved, dataset, evaluator) : nil,
      integration: try integration.figures(of: dataset, saved, evaluator))
    // Of the run's own test set, where a report finds it; a folder that cannot be written to keeps nobody from the figure.
    if let likelihood, let run = saved.directory, data.isOfRun {
      try? StoredLikelihood(likelihood, epoch: saved.epoch).write(to: run)
    }
    if json { return print(try JSONOutput.text(of: figures)) }
    let epoch = saved.epoch.map { ", after epoch \($0)" } ?? ""
    print("model           \(saved.path): \(saved.model.architecture.kind)\(saved.model.architecture.summary)\(epoch)")
    print("examples        \(dataset.count) of \(dataset.name) (\(set))")
    print(figures.text)
  }

  /// The share of `dataset` that a read-out fitted to the training set gets right.
  private func probe(_ saved: SavedModel, _ dataset: Dataset, _ evaluator: Evaluator) throws -> Probe {
    let train = try data.trainingSet(for: saved)
    guard let trainLabels = train.labels, let labels = dataset.labels else {
      throw ValidationError("--probe: expected data with labels, found none in \(train.name)")
    }
    let readOut = LinearProbe(features: evaluator.encode(train).mean, labels: trainLabels)
    return Probe(
      accuracy: readOut.accuracy(features: evaluator.encode(dataset).mean, labels: labels), examples: train.count)
  }

  private struct Probe {
    let accuracy: Double
    /// That it was fitted to.
    let examples: Int
  }

  private struct Figures: Encodable {
    let set: String
    let examples: Int
    let epoch: Int?
    let inputCount: Int
    let isVariational: Bool
    let isDiscrete: Bool
    let evaluation: Evaluation
    let use: LatentUse
    let likelihood: LikelihoodEstimate?
    let reconstructionError: Double
    let probe: Probe?
    let integration: Integration?

    /// Of −log p(x), or of its bound where there is no estimate.
    private var bitsPerDimension: Double {
      (likelihood?.negativeLogLikelihood ?? evaluation.negativeELBO) / (Double(inputCount) * log(2))
    }

    var text: String {
      var lines: [String] = []
      if isVariational {
        lines += [
          String(format: "negative ELBO  %9.4f nats per example", evaluation.negativeELBO),
          String(format: "reconstruction %9.4f (distortion)", evaluation.reconstruction),
          String(format: "KL             %9.4f (rate)", evaluation.kl),
        ]
      } else {
        lines.append(String(format: "reconstruction %9.4f nats per example", evaluation.reconstruction))
      }
      if let likelihood {
        lines += [
          String(
            format: "−log p(x)      %9.4f %@, from %@, as good as %.1f independent of their weights",
            likelihood.negativeLogLikelihood, LikelihoodEstimate.margin(likelihood.standardError, digits: 4),
            likelihood.samples.counted("sample"), likelihood.effectiveSampleSize)
        ]
      }
      if isVariational {
        lines.append(
          String(
            format: "per dimension  %9.4f bits of the data%@", bitsPerDimension, isDiscrete ? "" : " (of a density)"))
      }
      lines.append(String(format: "squared error  %9.6f per feature, reconstructed from the mean", reconstructionError))
      lines.append(
        "active units   "
          + (use.activeUnits.map { "\($0) of \(use.variancePerDimension.count)" }
            ?? "unknown: one example does not tell what varies"))
      lines += klLines
      if let probe {
        lines.append(
          String(
            format: "linear probe   %9.4f of the classes right, fitted to %@", probe.accuracy,
            probe.examples.counted("training example")))
      }
      if let integration { lines += IntegrationOptions.lines(of: integration) }
      if isVariational && use.hasCollapsed == true {
        lines.append("the posterior has collapsed: no latent dimension says anything about the example")
      }
      return lines.joined(separator: "\n")
    }

    /// The nats of each latent dimension, ten a line.
    private var klLines: [String] {
      let values = use.klPerDimension.map { String(format: "%6.3f", $0) }
      return stride(from: 0, to: values.count, by: 10).map { start in
        (start == 0 ? "nats in each  " : String(repeating: " ", count: 14))
          + values[start..<min(start + 10, values.count)].joined(separator: " ")
      }
    }

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(_ name: String) { stringValue = name }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    /// Also under the names of metrics.jsonl, whose prefix says which set they are of.
    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: Key.self)
      for prefix in ["", "\(set)_"] {
        try values.encode(evaluation.negativeELBO, forKey: Key("\(prefix)negative_elbo"))
        try values.encode(evaluation.reconstruction, forKey: Key("\(prefix)reconstruction"))
        try values.encode(evaluation.kl, forKey: Key("\(prefix)kl"))
      }
      try values.encode(examples, forKey: Key("examples"))
      try values.encodeIfPresent(epoch, forKey: Key("epoch"))
      try values.encode(bitsPerDimension, forKey: Key("bits_per_dimension"))
      try values.encode(evaluation.kl, forKey: Key("rate"))
      try values.encode(evaluation.reconstruction, forKey: Key("distortion"))
      try values.encode(reconstructionError, forKey: Key("reconstruction_error"))
      try values.encodeIfPresent(use.activeUnits, forKey: Key("active_units"))
      try values.encode(use.klPerDimension, forKey: Key("kl_per_dimension"))
      if isVariational { try values.encodeIfPresent(use.hasCollapsed, forKey: Key("posterior_collapsed")) }
      try values.encodeIfPresent(probe?.accuracy, forKey: Key("probe_accuracy"))
      try values.encodeIfPresent(probe?.examples, forKey: Key("probe_examples"))
      if let integration {
        try values.encodeIfPresent(integration.mixing?.share, forKey: Key("neighbors_of_other_batches"))
        try values.encodeIfPresent(
          integration.mixing?.expectedShare, forKey: Key("neighbors_of_other_batches_expected"))
        try values.encodeIfPresent(integration.batchSilhouette, forKey: Key("batch_silhouette"))
        try values.encodeIfPresent(integration.labelSilhouette, forKey: Key("label_silhouette"))
        try values.encodeIfPresent(integration.clusters?.adjustedRandIndex, forKey: Key("adjusted_rand_index"))
        try values.encodeIfPresent(
          integration.clusters?.normalizedMutualInformation, forKey: Key("normalized_mutual_information"))
      }
      if let likelihood {
        try values.encode(likelihood.samples, forKey: Key("importance_samples"))
        try values.encode(likelihood.negativeLogLikelihood, forKey: Key("negative_log_likelihood"))
        try values.encodeIfPresent(likelihood.standardError, forKey: Key("standard_error"))
        try values.encode(likelihood.effectiveSampleSize, forKey: Key("effective_sample_size"))
      }
    }
  }
}
