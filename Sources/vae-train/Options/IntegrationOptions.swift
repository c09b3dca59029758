import ArgumentParser
import Foundation
import VAEData
import VAETrainer

/// Figures of how batches mix in the latent, and of whether labels are apart.
struct IntegrationOptions: ParsableArguments {
  @Flag(
    name: .customLong("integration"),
    help: "How batches mix among the posterior means, and how far apart labels are.")
  var isWanted = false

  @Option(
    name: .customLong("batches-by"),
    help: ArgumentHelp("Column with the batches (default: the first that the model is told).", valueName: "column"))
  var batchColumn: String?

  @Option(
    name: .customLong("labels-by"),
    help: ArgumentHelp("Column with the labels (default: the run's classes).", valueName: "column"))
  var labelColumn: String?

  func validate() throws {
    for (name, value) in [("batches-by", batchColumn), ("labels-by", labelColumn)] where value != nil && !isWanted {
      throw ValidationError("--\(name): expected with --integration, found without it")
    }
  }

  /// The columns to be read, beside what the model is told.
  var columns: [String] { isWanted ? [batchColumn, labelColumn].compactMap { $0 } : [] }

  /// The batches: of the column that was asked for, or of the first that the model is told, where that says something.
  private func batches(of dataset: Dataset, _ saved: SavedModel) throws -> Annotation? {
    if let batchColumn { return try annotation(batchColumn, of: dataset, option: "batches-by") }
    let name = saved.data.told?.columns.first { $0.levels.count > 1 }?.name
    return name.flatMap { dataset.annotation($0)?.grouped }.flatMap { $0.codes.contains { $0 != nil } ? $0 : nil }
  }

  private func annotation(_ name: String, of dataset: Dataset, option: String) throws -> Annotation {
    guard let annotation = dataset.annotation(name) else {
      throw ValidationError(
        "--\(option): expected a column of cells, or one that the model is told, found \"\(name.onOneLine)\", of which nothing is "
          + "known in \(dataset.name)")
    }
    return annotation.grouped
  }

  /// The figures; nil where they are not wanted. Throws where nothing says what batches or labels are.
  func figures(of dataset: Dataset, _ saved: SavedModel, _ evaluator: Evaluator) throws -> Integration? {
    guard isWanted else { return nil }
    let batches = try batches(of: dataset, saved)
    let labels =
      try labelColumn.map { try annotation($0, of: dataset, option: "labels-by") }
      ?? dataset.annotationOfLabels(named: "label")
    for (option, annotation) in [("batches-by", batches), ("labels-by", labels)] {
      if let annotation, annotation.categories == nil {
        throw ValidationError(
          "--\(option): expected a column of categories, found \(annotation.name.onOneLine), of numbers")
      }
    }
    guard batches != nil || labels != nil else {
      throw ValidationError(
        "--integration: expected a model that is told batches, data with classes, or columns of cells by --batches-by and "
          + "--labels-by, found none")
    }
    return Integration(
      evaluator.encode(dataset).mean, dimension: saved.model.architecture.latentCount, batches: batches, labels: labels,
      seed: saved.seed, team: evaluator.team)
  }

  /// For a person.
  static func lines(of figures: Integration) -> [String] {
    var lines: [String] = []
    if let mixing = figures.mixing {
      lines.append(
        String(
          format: "batches        %9.4f of %d neighbours are of another, %.4f if batches meant nothing", mixing.share,
          Integration.neighborCount, mixing.expectedShare))
    }
    if let silhouette = figures.batchSilhouette {
      lines.append(
        String(format: "               %9.4f silhouette by batch (0 where they lie on each other)", silhouette))
    }
    if let silhouette = figures.labelSilhouette {
      lines.append(String(format: "labels         %9.4f silhouette (1 where they are apart)", silhouette))
    }
    if let clusters = figures.clusters {
      lines.append(
        String(
          format: "               %9.4f adjusted Rand index, %.4f normalised mutual information, of as many clusters",
          clusters.adjustedRandIndex, clusters.normalizedMutualInformation))
    }
    return lines
  }
}
