import VAEData
import VAEKernels
import VAETrainer

extension ReportData {
  /// A decoder of more parameters makes the page too large.
  static let maximumDecoderParameters = 2_000_000
  /// A decoder of a table of no more is kept as it is, in floats of 32 bits.
  private static let mostExactParameters = 500_000
  /// The fewest directions that are worth a picture, and the widest layer whose directions are looked for.
  private static let (fewestDirections, widestLayer) = (8, 1024)
  /// The largest root mean square that pixels, from 0 to 1, may be off by.
  private static let largestError = 0.05

  /// The decoder's layers, or why they are not there.
  static func decoder(
    _ model: VariationalAutoencoder, _ data: DataDescription, _ use: LatentUse?, codes: [Float], limit: Int
  ) -> (Decoder?, String?) {
    let architecture = model.architecture
    let shape = data.imageShape.flatMap { $0.channels == 1 || $0.channels == 3 ? $0 : nil }
    guard shape != nil || data.coding != nil else {
      return (nil, "The data are no images and no table, so there is nothing to show of what a latent decodes to.")
    }
    guard let link = architecture.likelihood.meanLink else {
      return (nil, "The page knows no way from the decoder's output to the mean of \(architecture.likelihood).")
    }
    let instead =
      data.coding == nil
      ? "\"vae-train decode\" shows what a latent decodes to." : "\"vae-train sample\" shows what it draws."
    guard let dense = denseLayers(of: model.plan.decoder), let last = dense.last else {
      return (nil, "The decoder has layers that the page cannot compute: \(instead)")
    }
    // Of a mean with a variance the mean alone.
    let outputCount = link.outputsPerFeature * architecture.inputCount
    let others = dense.dropLast().reduce(0) { $0 + $1.dense.weight.count }
    let count = others + last.dense.weight.rows * outputCount
    var layers: [Layer]
    var note: String?
    if count <= limit {
      let isExact = shape == nil && count <= mostExactParameters
      layers = dense.enumerated().map { index, pair in
        layer(model, pair, outputs: index == dense.count - 1 ? outputCount : nil, isExact: isExact)
      }
    } else if let shape = data.imageShape,
      let near = nearDecoder(model, shape, last.dense, outputs: outputCount, limit: limit - others, codes: codes)
    {
      layers = dense.dropLast().map { layer(model, $0) } + near.layers
      note = near.note
    } else {
      return (nil, "The decoder has \(count) weights, more than the \(limit) that a page can hold: \(instead)")
    }
    let order = use?.dimensionsByUse ?? Array(0..<architecture.latentCount)
    let active = use?.activeDimensions
    let spread = use?.variancePerDimension.max().map { $0.squareRoot() } ?? 1
    let decoded = data.coding.map { columns($0) }
    return (
      Decoder(
        layers: layers, latentCount: architecture.latentCount, labelCount: architecture.labelCount,
        labels: architecture.labels, labelNames: data.classNames,
        featureCount: architecture.inputCount,
        mean: link.name, levels: link.outputsPerFeature == 1 ? 0 : link.outputsPerFeature,
        shape: shape.map { Shape($0) }, columns: shape == nil ? decoded?.modelled : nil, told: decoded?.told ?? [],
        sliderDimensions: active.flatMap { $0.isEmpty ? nil : $0 } ?? order,
        // Of a posterior mean under a standard normal prior; an autoencoder's code may lie anywhere.
        sliderRange: use?.klPerDimension.isEmpty == false ? 3 : max(3, 3 * spread), note: note), nil
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

  /// A layer, the first `outputs` of it.
  private static func layer(
    _ model: VariationalAutoencoder, _ pair: (dense: DenseStage, activation: Activation), outputs: Int? = nil,
    isExact: Bool = false
  ) -> Layer {
    let (dense, activation) = pair
    let columns = 0..<(outputs ?? dense.weight.columns)
    return Layer(
      inputs: dense.weight.rows, activation, weights: model.weights[dense.weight].columns(columns).copyElements(),
      bias: model.weights[dense.bias].columns(columns).copyElements(), isExact: isExact)
  }

  /// The last layer through as many directions as there is room for; nil where they are too few, or leave out too much.
  private static func nearDecoder(
    _ model: VariationalAutoencoder, _ shape: ImageShape, _ dense: DenseStage, outputs: Int, limit: Int,
    codes: [Float]
  ) -> (layers: [Layer], note: String)? {
    let (width, latentCount) = (dense.weight.rows, model.architecture.latentCount)
    let most = min(limit / (width + outputs), width)
    guard most >= fewestDirections, width <= widestLayer else { return nil }
    // Half of them where the test examples are, half where sliders and draws may go.
    let count = 500
    let places = codes.count / latentCount
    var latents = (0..<min(count, places)).map { $0 * places / min(count, places) * latentCount }
      .flatMap { codes[$0..<$0 + latentCount] }
    latents += ModelPictures(model, shape: shape).priorDraws(count, seed: 0).map { 1.5 * $0 }
    let known = model.architecture.labels
    let labels = known.isEmpty ? nil : (0..<latents.count / latentCount).map { known[$0 % known.count] }
    guard
      let near = try? DecoderRank(model, dense, outputs: outputs, most: most, latents: latents, labels: labels),
      near.error <= largestError
    else { return nil }
    let layers = [near.first, near.second].map {
      Layer(inputs: $0.inputs, .identity, weights: $0.weights, bias: $0.bias)
    }
    let note =
      "So that the page has room for it, the decoder's last layer is kept through the \(near.second.inputs) of its "
      + "\(width) inputs' directions that matter most: its pixels are within "
      + "\(DecimalText.of(Float(max(near.error, 0.0001)), decimals: 4)) (root mean square, of 1) of the model's."
    return (layers, note)
  }
}

extension ReportData.Layer {
  /// A layer of weights [in, out] and biases [out], in whole numbers of 16 bits or, where it is to be exact, as it is.
  fileprivate init(inputs: Int, _ activation: Activation, weights: [Float], bias: [Float], isExact: Bool = false) {
    self.init(
      inputs: inputs, outputs: bias.count, activation: activation.rawValue, weights: nil, scales: nil, exact: nil,
      bias: PackedNumbers.base64(bias))
    if isExact {
      exact = PackedNumbers.base64(weights)
    } else {
      let (whole, scales) = PackedNumbers.quantize(weights, columns: bias.count)
      (self.weights, self.scales) = (PackedNumbers.base64(whole), PackedNumbers.base64(scales))
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
    case .byColumn: "by-column"
    }
  }
}
