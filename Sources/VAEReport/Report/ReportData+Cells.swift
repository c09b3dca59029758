import Foundation
import VAEData
import VAEKernels
import VAETrainer

extension ReportData {
  /// Cells, or other examples of counts, in the plane.
  struct Cells: Encodable {
    var count: Int
    /// Of those in the data.
    var totalCount: Int
    var ids: [String]
    /// [count, 2] whole numbers of 16 bits in base64, times `mapScales` [2].
    var map: String
    var mapScales: [Float]
    /// What the cells may be coloured by, beside features.
    var columns: [Column]
    var features: Features?
    var note: String

    /// What is known of each cell.
    struct Column: Encodable {
      var name: String
      /// Floats of 32 bits, compressed, in base64: of categories their places; NaN where there is none.
      var values: String
      var categories: [String]?
      /// One of each category, or along a sequence.
      var colors: [String]
    }
  }

  /// What was counted of each feature, and what the model expects, ρ / (1 + exp(h v + a)) with log ρ = h w + b − c.
  struct Features: Encodable {
    var names: [String]
    /// H.
    var width: Int
    /// h [count, H] and w [D, H], whole numbers of 16 bits, compressed, in base64, times a scale for each of H.
    var activations: String
    var activationScales: [Float]
    var weights: String
    var weightScales: [Float]
    /// b [D] and c [count], floats of 32 bits.
    var bias: String
    var normalizers: String
    /// v [D, H] and a [D], where counts may be lost.
    var inflationWeights: String?
    var inflationScales: [Float]?
    var inflationBias: String?
    /// What is not zero: the entries of feature j from `starts[j]` on, cells of 16 bits, counts of 32, compressed.
    var starts: String
    var cells: String
    var counts: String
    /// What was counted of each cell in all, floats of 32 bits.
    var totals: String
    /// The features that differ most between cells: they are offered first.
    var first: [Int]
    /// Colours along a sequence.
    var colors: [String]
  }

  /// As many cells as a page draws, and as many numbers of theirs as it holds.
  private static let (mostCells, mostNumbers) = (20_000, 3_000_000)
  /// As many categories as have colours of their own, or along a sequence.
  private static let mostCategories = 60
  private static let mostColumns = 60
  /// Features are asked for by their names, which so are not to be shortened but for a page's sake.
  private static let longestFeatureName = 200
  /// Colours of numbers, from the least to the most.
  private static let sequence = (0...8).map { Palette.sequential(Double($0) / 8).hex }
  /// Of rates for so much: the scale that people know.
  private static let scale: Float = 10_000

  /// As many cells of `dataset` as the page has room for, evenly spaced, of a model with a latent that can be laid out.
  static func shownCells(_ dataset: Dataset, of model: VariationalAutoencoder) -> Dataset {
    let width = (model.plan.decoder.last as? DenseStage)?.input.columns ?? 0
    let stored = dataset.storedPerExample.map { $0.reduce(0, +) / max(dataset.count, 1) } ?? dataset.featureCount
    return dataset.shown(atMost: min(mostCells, max(500, mostNumbers / max(stored + width, 1))))
  }

  /// The section of `cells`, which are those on the page of `all`. Throws where they cannot be laid out.
  static func cells(
    _ model: VariationalAutoencoder, _ cells: Dataset, of totalCount: Int, seed: UInt64, _ evaluator: Evaluator
  ) throws -> Cells {
    let latentCount = model.architecture.latentCount
    let means = evaluator.encode(cells).mean
    var points = means
    var note = "The posterior means of "
    note += cells.count == totalCount ? "all \(cells.count.counted("cell"))" : "\(cells.count) of \(totalCount) cells"
    if latentCount > 2 {
      var embedding = TSNE()
      embedding.seed = seed
      points = try embedding.embed(means, dimension: latentCount, team: evaluator.team).points
      note +=
        ", of \(latentCount) dimensions, laid out in two by t-SNE: neighbours stay neighbours, and distances between "
      note += "heaps mean little."
    } else if latentCount == 2 {
      note += "."
    } else {
      points = means.flatMap { [$0, 0] }
      note += ", of one dimension."
    }
    let (map, scales) = PackedNumbers.quantize(points, columns: 2)
    return Cells(
      count: cells.count, totalCount: totalCount,
      ids: cells.ids.map { $0.map(shortened) } ?? (0..<cells.count).map { "row \(cells.rowOfWhole($0))" },
      map: PackedNumbers.base64(map), mapScales: scales, columns: columns(of: cells),
      features: try features(of: cells, evaluator), note: note)
  }

  /// What colours cells apart: classes first, then columns of categories, then numbers.
  private static func columns(of cells: Dataset) -> [Cells.Column] {
    let known = cells.annotationNames.compactMap { cells.annotation($0) }
    // The classes are mostly one of the columns.
    let classes = cells.annotationOfLabels(named: "class").map { [$0] } ?? []
    let labels = classes.filter { one in !known.contains { $0.texts == one.texts } }
    let ordered = labels + known.filter { $0.categories != nil } + known.filter { $0.categories == nil }
    return ordered.filter(saysSomething).prefix(mostColumns).map { annotation in
      let names = annotation.categories.map { $0.map(shortened) }
      return Cells.Column(
        name: shortened(annotation.name), values: packed(annotation.values), categories: names,
        colors: names.map { names in
          names.indices.map { Palette.color(ofClass: $0, count: max(names.count, 2)).hex }
        } ?? sequence)
    }
  }

  /// Names of cells, and what is the same of all, say nothing.
  private static func saysSomething(_ annotation: Annotation) -> Bool {
    if let categories = annotation.categories { return (2...mostCategories).contains(categories.count) }
    let known = annotation.values.filter(\.isFinite)
    return Set(known).count > 1
  }

  private static func features(of cells: Dataset, _ evaluator: Evaluator) throws -> Features? {
    guard let columns = cells.sparseColumns, let factors = try evaluator.rateFactors(of: cells) else { return nil }
    let (activations, activationScales) = PackedNumbers.quantize(factors.activations, columns: factors.width)
    let (weights, weightScales) = PackedNumbers.quantize(factors.weights, columns: factors.width)
    let inflation = factors.inflation.map { PackedNumbers.quantize($0.weights, columns: factors.width) }
    var totals = [Float](repeating: 0, count: cells.count)
    for (cell, value) in zip(columns.examples, columns.values) { totals[Int(cell)] += value }
    let names = cells.featureNames ?? (0..<cells.featureCount).map { "\($0)" }
    return Features(
      names: names.map { String($0.prefix(longestFeatureName)) }, width: factors.width,
      activations: packed(activations),
      activationScales: activationScales, weights: packed(weights), weightScales: weightScales,
      bias: packed(factors.bias), normalizers: packed(factors.normalizers),
      inflationWeights: inflation.map { packed($0.whole) }, inflationScales: inflation?.scales,
      inflationBias: factors.inflation.map { packed($0.bias) }, starts: packed(columns.starts),
      cells: packed(columns.examples.map { UInt16($0) }), counts: packed(columns.values), totals: packed(totals),
      first: mostTelling(factors, count: cells.count), colors: sequence)
  }

  /// The features whose expected logarithms vary most between cells, by the rates' own size.
  private static func mostTelling(_ factors: RateFactors, count: Int) -> [Int] {
    let some = stride(from: 0, to: count, by: max(1, count / 200))
    let spread = factors.bias.indices.map { feature -> Float in
      let values = some.map { log1pOfScaled(factors.logRate($0, feature)) }
      let mean = values.reduce(0, +) / Float(max(values.count, 1))
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    return Array(spread.indices.sorted { (spread[$1], $0) < (spread[$0], $1) }.prefix(20))
  }

  private static func log1pOfScaled(_ logRate: Float) -> Float {
    log1p(exp(logRate) * scale)
  }

  private static func packed<Number: BitwiseCopyable>(_ numbers: [Number]) -> String {
    PackedNumbers.base64(Gzip.compress(numbers.withUnsafeBytes { [UInt8]($0) }))
  }
}
