import VAEData
import VAEKernels

/// Grids of what a model decodes, for models of images.
///
/// A conditional model decodes for a class: `label`, or without one a class for each column in turn.
public struct ModelPictures {
  /// The model.
  public let model: VariationalAutoencoder
  /// The shape of an example as an image.
  public let shape: ImageShape

  /// The pictures of `model`, whose examples are images of `shape`.
  public init(_ model: VariationalAutoencoder, shape: ImageShape) {
    precondition(
      shape.featureCount == model.architecture.inputCount,
      "images of \(shape.featureCount) numbers for a model of \(model.architecture.inputCount) inputs")
    self.model = model
    self.shape = shape
  }

  /// Decoded draws from the prior.
  public func samples(rows: Int, columns: Int, seed: UInt64) -> PNGImage {
    decoded(priorDraws(rows * columns, seed: seed), columns: columns)
  }

  /// Draws from the prior [count, L], z ~ N(0, I): the numbers of purpose `.priorSample` under `seed`.
  public func priorDraws(_ count: Int, seed: UInt64) -> [Float] {
    var latents = [Float](repeating: 0, count: count * model.architecture.latentCount)
    let examples = (0..<count).map { UInt32($0) }
    latents.withUnsafeMutableBufferPointer { latents in
      examples.withUnsafeBufferPointer { examples in
        VectorMath.active.fillNormal(
          Matrix(latents.baseAddress!, rows: count, columns: model.architecture.latentCount),
          RandomStream(seed: seed, purpose: .priorSample), examples: examples)
      }
    }
    return latents
  }

  /// The classes that a grid of `count` pictures is decoded for.
  private func labels(count: Int, columns: Int, _ label: UInt8?) -> [UInt8]? {
    let labelCount = model.architecture.labelCount
    guard labelCount > 0 else {
      precondition(label == nil, "a class for a model that is not told classes")
      return nil
    }
    precondition(label.map { Int($0) < labelCount } ?? true, "class \(label ?? 0) of \(labelCount)")
    return (0..<count).map { label ?? UInt8($0 % columns % labelCount) }
  }

  /// Examples of `dataset` above their reconstructions, E[x|z] at z = μ, in `rows` such pairs of rows.
  ///
  /// The examples are the set's first, as the model is shown them: binarised where it was trained so.
  public func reconstructions(
    of dataset: Dataset, binarization: Binarization = .none, seed: UInt64 = 0, rows: Int, columns: Int
  ) -> PNGImage {
    let count = min(rows * columns, dataset.count)
    let rows = (count + columns - 1) / columns
    let inputCount = shape.featureCount
    var inputs = [Float](repeating: 0, count: count * inputCount)
    let examples = (0..<count).map { UInt32($0) }
    inputs.withUnsafeMutableBufferPointer { inputs in
      examples.withUnsafeBufferPointer { examples in
        dataset.gather(
          examples, binarization, RandomStream(seed: seed, purpose: .evaluationBinarization),
          into: Matrix(inputs.baseAddress!, rows: count, columns: inputCount))
      }
    }
    let labels = model.architecture.labelCount > 0 ? dataset.labels.map { Array($0.prefix(count)) } : nil
    let outputs = model.decode(model.encode(inputs, labels: labels).mean, labels: labels)
    var pixels: [Float] = []
    pixels.reserveCapacity(2 * rows * columns * inputCount)
    for row in 0..<rows {
      let place = row * columns * inputCount..<min((row + 1) * columns, count) * inputCount
      // The last row may have fewer; an empty place is black, like the images' ground.
      let padding = [Float](repeating: 0, count: columns * inputCount - place.count)
      pixels += inputs[place] + padding + outputs[place] + padding
    }
    return grid(rows: 2 * rows, columns: columns).image(of: pixels)
  }

  /// A walk through two latent dimensions, the others at 0: decoded at the quantiles of the prior, so that equal steps
  /// in the picture are equal amounts of probability. The `horizontal` dimension grows to the right, the `vertical`
  /// one upwards.
  public func manifold(size: Int, horizontal: Int = 0, vertical: Int = 1, label: UInt8? = nil) -> PNGImage {
    let latentCount = model.architecture.latentCount
    precondition(
      horizontal != vertical && (0..<latentCount).contains(horizontal) && (0..<latentCount).contains(vertical),
      "dimensions \(horizontal) and \(vertical) of \(latentCount)")
    let quantiles = (0..<size).map { Float(NormalDistribution.quantile((Double($0) + 0.5) / Double(size))) }
    var latents = [Float](repeating: 0, count: size * size * latentCount)
    for row in 0..<size {
      for column in 0..<size {
        let start = (row * size + column) * latentCount
        latents[start + horizontal] = quantiles[column]
        latents[start + vertical] = quantiles[size - 1 - row]
      }
    }
    var grid = grid(rows: size, columns: size)
    grid.gap = 0
    // All of one class: a walk through the columns is one through the latent alone.
    return grid.image(of: model.decode(latents, labels: labels(count: size * size, columns: 1, label)))
  }

  /// Latents of your own [count, L], decoded, `columns` in a row: the mean of each pixel, or under a seed for them a draw
  /// from its distribution.
  public func decoded(
    _ latents: [Float], columns: Int, label: UInt8? = nil, drawingPixels seed: UInt64? = nil
  ) -> PNGImage {
    let count = latents.count / model.architecture.latentCount
    let labels = labels(count: count, columns: columns, label)
    let pixels =
      seed.map { model.draw(latents, labels: labels, RandomStream(seed: $0, purpose: .pixels)) }
      ?? model.decode(latents, labels: labels)
    return grid(rows: (count + columns - 1) / columns, columns: columns).image(of: pixels)
  }

  /// Small images are shown twice as large.
  private func grid(rows: Int, columns: Int) -> ImageGrid {
    var grid = ImageGrid(
      imageWidth: shape.width, imageHeight: shape.height, channels: shape.channels, rows: rows, columns: columns)
    grid.scale = max(shape.width, shape.height) <= 48 ? 2 : 1
    return grid
  }
}
