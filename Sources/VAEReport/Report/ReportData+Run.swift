import Foundation
import VAEData
import VAEKernels
import VAETrainer

extension ReportData {
  /// What the page is for.
  enum Purpose {
    /// One run, with its decoder and small pictures of its examples.
    case report
    /// Several side by side, without them.
    case comparison
  }

  init(
    _ run: RunContents, labels: [String]?, for purpose: Purpose,
    maximumDecoderParameters limit: Int = maximumDecoderParameters
  ) {
    var run = run
    if run.test?.count == 0 { run.missing.append("The test set is empty.") }
    if let labels, let test = run.test, labels.count != test.count {
      run.missing.append(
        "The file has \(labels.count.counted("label")) for \(test.count.counted("test example")): left out.")
    }
    let given = labels.flatMap { $0.count == run.test?.count ? $0 : nil }
    let shown = run.test.map { ShownExamples($0, names: given, latentCount: run.model?.architecture.latentCount ?? 1) }
    run.test = shown?.examples
    var use: LatentUse?
    var codes: (mean: [Float], logVariance: [Float])?
    if let model = run.model, let test = run.test, test.count > 0,
      let team = try? ThreadTeam(count: min(4, ProcessorLimits.current.threadCount))
    {
      let found = Evaluator(model, binarization: run.binarization, seed: run.seed, team: team).encode(test)
      codes = found
      use = LatentUse(
        mean: found.mean, logVariance: found.logVariance, latentCount: model.architecture.latentCount)
    }
    self.init(
      name: run.name, sentence: run.sentence, missing: run.missing, facts: run.facts(use), settings: run.settings,
      repeat: run.repetition, hasDivergence: run.hasDivergence, curves: Self.curves(run.metrics),
      klPerDimension: use.flatMap { $0.klPerDimension.isEmpty ? nil : $0.klPerDimension },
      isActive: use.flatMap { use in use.activeUnits.map { _ in use.variancePerDimension.indices.map(use.isActive) } },
      examples: nil, decoder: nil, decoderNote: nil, table: nil, pictures: Self.pictures(run),
      configuration: run.configurationText, footer: RunReport.footer)
    if purpose == .report, let model = run.model, let all = run.cells {
      do {
        let team = try ThreadTeam(count: min(4, ProcessorLimits.current.threadCount))
        let evaluator = Evaluator(model, binarization: run.binarization, seed: run.seed, team: team)
        let shown = Self.shownCells(all, of: model)
        cells = try Self.cells(model, shown, of: all.count, seed: run.seed, evaluator)
      } catch { missing.append("The cells cannot be laid out: \(error).") }
    }
    if cells == nil, let codes, let use, let shown { examples = Self.examples(run, shown, codes.mean, use, purpose) }
    guard purpose == .report, let model = run.model else { return }
    (decoder, decoderNote) = Self.decoder(model, run.data, use, codes: codes?.mean ?? [], limit: limit)
    if let test = run.test {
      table = Self.table(
        ModelledRows(model, test, seed: run.seed), isVariational: model.architecture.isVariational,
        isToldClass: model.architecture.labelCount > 0)
    }
  }

  private static func curves(_ metrics: [[String: Double]]) -> Curves? {
    guard !metrics.isEmpty else { return nil }
    let names = ["train", "test"].flatMap { set in
      ["negative_elbo", "reconstruction", "kl"].map { "\(set)_\($0)" }
    }
    return Curves(
      epochs: metrics.map { Int($0["epoch"]!) },
      values: names.reduce(into: [:]) { values, name in
        values[name] = metrics.map { line in line[name].flatMap { $0.isFinite ? $0 : nil } }
      })
  }
}
