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

  /// A decoder of more parameters makes the page too large.
  static let maximumDecoderParameters = 1_500_000
  private static let maximumExamples = 10_000
  /// Of the codes, and of the small pictures before they are compressed.
  private static let maximumBytes = 4_000_000

  init(
    _ run: RunContents, labels: [String]?, for purpose: Purpose,
    maximumDecoderParameters limit: Int = maximumDecoderParameters
  ) {
    var run = run
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
    if run.test?.count == 0 { run.missing.append("The test set is empty.") }
    if let labels, let test = run.test, labels.count != test.count {
      run.missing.append(
        "The file has \(labels.count.counted("label")) for \(test.count.counted("test example")): left out.")
    }
    let names = labels.flatMap { $0.count == run.test?.count ? $0 : nil }
    self.init(
      name: run.name, sentence: run.sentence, missing: run.missing, facts: run.facts(use), settings: run.settings,
      repeat: run.repetition, hasDivergence: run.hasDivergence, curves: Self.curves(run.metrics),
      klPerDimension: use.flatMap { $0.klPerDimension.isEmpty ? nil : $0.klPerDimension },
      isActive: use.flatMap { use in use.activeUnits.map { _ in use.variancePerDimension.indices.map(use.isActive) } },
      examples: codes.flatMap { Self.examples(run, $0.mean, use, names, purpose) }, decoder: nil, decoderNote: nil,
      pictures: Self.pictures(run), configuration: run.configurationText, footer: RunReport.footer)
    guard purpose == .report, let model = run.model else { return }
    (decoder, decoderNote) = Self.decoder(model, run.data.imageShape, use, limit: limit)
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

  private static func examples(
    _ run: RunContents, _ means: [Float], _ use: LatentUse?, _ names: [String]?, _ purpose: Purpose
  ) -> Examples? {
    guard let test = run.test, let use else { return nil }
    let latentCount = use.variancePerDimension.count
    let shape = run.data.imageShape
    var count = min(test.count, maximumExamples, maximumBytes / (2 * latentCount))
    if purpose == .report, let shape { count = min(count, max(1, maximumBytes * 2 / shape.featureCount)) }
    let (whole, scales) = PackedNumbers.quantize(Array(means[..<(count * latentCount)]), columns: latentCount)
    let dimensions = latentCount == 2 ? [0, 1] : Array(use.dimensionsByUse.prefix(2))
    var note = "The posterior means of \(count == test.count ? "the" : "the first \(count)") test examples"
    note +=
      latentCount > 2 ? ", in the two dimensions of largest KL divergence (\(dimensions[0]), \(dimensions[1]))." : "."
    let classes = classes(test, names, count)
    var examples = Examples(
      count: count, latentCount: latentCount, codes: PackedNumbers.base64(whole), codeScales: scales,
      classes: classes.map { PackedNumbers.base64($0.indices) }, classNames: classes?.names ?? [],
      classColors: classes.map { classes in
        classes.names.indices.map { Palette.color(ofClass: $0, count: classes.names.count).hex }
      } ?? [],
      thumbnails: nil, shape: nil, dimensions: dimensions, note: note)
    if purpose == .report, let shape, shape.channels == 1 || shape.channels == 3 {
      examples.shape = Shape(width: shape.width, height: shape.height, channels: shape.channels)
      examples.thumbnails = thumbnails(test, run, count)
    }
    return examples
  }

  /// A number for each example, and the names of the numbers: those given, or the data's own labels.
  private static func classes(_ test: Dataset, _ names: [String]?, _ count: Int) -> (
    indices: [UInt16], names: [String]
  )? {
    guard let all = names ?? test.labels.map({ $0.map(String.init) }) else { return nil }
    let isNumeric = all.allSatisfy { Int($0) != nil }
    let known = Set(all).sorted { isNumeric ? Int($0)! < Int($1)! : $0 < $1 }
    guard known.count <= Int(UInt16.max) else { return nil }
    let numbers = Dictionary(uniqueKeysWithValues: zip(known, (0...).lazy.map { UInt16($0) }))
    return (all.prefix(count).map { numbers[$0]! }, known)
  }

  private static func thumbnails(_ test: Dataset, _ run: RunContents, _ count: Int) -> String {
    var packed: [UInt8] = []
    // An odd number of pixels would end in the middle of a byte: whole pairs of examples go on where others ended.
    let block = 512
    let buffer = AlignedBuffer(count: block * test.featureCount)
    for start in stride(from: 0, to: count, by: block) {
      let examples = (start..<min(start + block, count)).map { UInt32($0) }
      let rows = Matrix(buffer.base, rows: examples.count, columns: test.featureCount)
      examples.withUnsafeBufferPointer {
        test.gather(
          $0, run.binarization, RandomStream(seed: run.seed, purpose: .evaluationBinarization), into: rows)
      }
      packed += PackedNumbers.fourBits(rows.copyElements())
    }
    return PackedNumbers.base64(Gzip.compress(packed))
  }

  /// The decoder's layers, or why they are not there.
  private static func decoder(
    _ model: VariationalAutoencoder, _ shape: ImageShape?, _ use: LatentUse?, limit: Int
  ) -> (Decoder?, String?) {
    let architecture = model.architecture
    guard let shape, shape.channels == 1 || shape.channels == 3 else {
      return (nil, "The data are no images, so there is nothing to show of what a latent decodes to.")
    }
    guard let link = architecture.likelihood.meanLink else {
      return (nil, "The page knows no way from the decoder's output to the mean of \(architecture.likelihood).")
    }
    guard let layers = denseLayers(of: model.plan.decoder) else {
      return (
        nil,
        "The decoder has layers that the page cannot compute: \"vae-train decode\" shows what a latent decodes to."
      )
    }
    // Of a mean with a variance the mean alone.
    let outputCount = link.outputsPerFeature * architecture.inputCount
    let count =
      layers.dropLast().reduce(0) { $0 + $1.dense.weight.count } + layers.last!.dense.weight.rows * outputCount
    guard count <= limit else {
      return (
        nil,
        "The decoder has \(count) weights, more than the \(limit) that a page can hold: "
          + "\"vae-train decode\" shows what a latent decodes to."
      )
    }
    let packed = layers.enumerated().map { index, pair -> Layer in
      let (layer, activation) = pair
      let outputs = index == layers.count - 1 ? outputCount : layer.weight.columns
      let weights = model.weights[layer.weight].columns(0..<outputs).copyElements()
      let (whole, scales) = PackedNumbers.quantize(weights, columns: outputs)
      return Layer(
        inputs: layer.weight.rows, outputs: outputs, activation: activation.rawValue,
        weights: PackedNumbers.base64(whole), scales: PackedNumbers.base64(scales),
        bias: PackedNumbers.base64(model.weights[layer.bias].columns(0..<outputs).copyElements()))
    }
    let order = use?.dimensionsByUse ?? Array(0..<architecture.latentCount)
    let active = use?.activeDimensions
    let spread = use?.variancePerDimension.max().map { $0.squareRoot() } ?? 1
    return (
      Decoder(
        layers: packed, latentCount: architecture.latentCount, labelCount: architecture.labelCount,
        labels: architecture.labels, labelNames: nil,
        featureCount: architecture.inputCount,
        mean: link.name, levels: link.outputsPerFeature == 1 ? 0 : link.outputsPerFeature,
        shape: Shape(width: shape.width, height: shape.height, channels: shape.channels),
        sliderDimensions: active.flatMap { $0.isEmpty ? nil : $0 } ?? order,
        // Of a posterior mean under a standard normal prior; an autoencoder's code may lie anywhere.
        sliderRange: use?.klPerDimension.isEmpty == false ? 3 : max(3, 3 * spread)), nil
    )
  }

  /// A decoder's layers as the page computes them, each dense and then an activation; nil where there are others.
  private static func denseLayers(of stages: [any Stage]) -> [(dense: DenseStage, activation: Activation)]? {
    var layers: [(dense: DenseStage, activation: Activation)] = []
    for stage in stages {
      if let dense = stage as? DenseStage {
        layers.append((dense, dense.activation))
      } else if let own = stage as? ActivationStage, layers.last?.activation == .identity {
        layers[layers.count - 1].activation = own.activation
      } else {
        return nil
      }
    }
    return layers
  }

  private static func pictures(_ run: RunContents) -> [Picture] {
    guard let model = run.model, let shape = run.data.imageShape, shape.channels == 1 || shape.channels == 3 else {
      return []
    }
    let drawn = ModelPictures(model, shape: shape)
    let (rows, columns, _, _) = RunPictures.layout(of: shape)
    var images: [(String, PNGImage, String)] = []
    if let test = run.test, test.count > 0 {
      images.append(
        (
          "Reconstructions",
          drawn.reconstructions(
            of: test, binarization: run.binarization, seed: run.seed, rows: max(1, rows / 4), columns: columns),
          "Test examples, below each what the model makes of its posterior mean, and what is different"
            + (shape.channels == 1 ? ": blue where the reconstruction is brighter, red where it is darker." : ".")
        ))
    }
    images.append(
      (
        "Samples", drawn.samples(rows: max(1, rows / 2), columns: columns, seed: run.seed),
        run.hasDivergence
          ? "What draws from the prior, N(0, I), decode to."
          : "What draws from N(0, I) decode to: an autoencoder's code has no reason to be of that distribution."
      ))
    return images.compactMap { title, image, note in
      (try? image.encoded()).map {
        Picture(title: title, source: "data:image/png;base64,\(PackedNumbers.base64($0))", note: note)
      }
    }
  }
}

extension MeanLink {
  /// The outputs of a feature that it takes.
  fileprivate var outputsPerFeature: Int {
    if case .expectedLevel(let levels) = self { levels } else { 1 }
  }

  /// As the page calls it.
  fileprivate var name: String {
    switch self {
    case .identity: "identity"
    case .sigmoid: "sigmoid"
    case .expectedLevel: "softmax"
    }
  }
}
