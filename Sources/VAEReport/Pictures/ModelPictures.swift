import VAEData
import VAEKernels
import VAETrainer

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

  /// Draws from the prior [count, L], by the numbers of purpose `.priorSample` under `seed`.
  public func priorDraws(_ count: Int, seed: UInt64) -> [Float] {
    model.priorDraws(count, RandomStream(seed: seed, purpose: .priorSample))
  }

  /// The classes that a grid of `count` pictures is decoded for.
  private func labels(count: Int, columns: Int, _ label: UInt8?) -> [UInt8]? {
    let known = model.architecture.labels
    guard !known.isEmpty else {
      precondition(label == nil, "a class for a model that is not told classes")
      return nil
    }
    precondition(label.map(known.contains) ?? true, "class \(label ?? 0) of \(known)")
    return (0..<count).map { label ?? known[$0 % columns % known.count] }
  }

  /// Examples of `dataset` above their reconstructions, E[x|z] at z = μ, and below these the differences, in `rows` such
  /// groups of three rows.
  ///
  /// The examples are the set's first, as the model is shown them: binarised where it was trained so. A difference of
  /// grey images is white where there is none, blue where the reconstruction is brighter and vermilion where it is
  /// darker; one of colours is a middle grey and what each channel lacks or has too much of.
  public func reconstructions(
    of dataset: Dataset, binarization: Binarization = .none, seed: UInt64 = 0, rows: Int, columns: Int
  ) -> PNGImage {
    let count = min(rows * columns, dataset.count)
    let rows = (count + columns - 1) / columns
    let indices = Array(0..<count)
    let inputs = examples(indices, of: dataset, binarization, seed)
    let labels = labels(of: indices, in: dataset)
    let outputs = model.decode(model.encode(inputs, labels: labels).mean, labels: labels)
    let (shownInputs, shownOutputs) = (inColor(inputs), inColor(outputs))
    let differences = differences(inputs, outputs)
    let inputCount = shownInputs.count / count
    var pixels: [Float] = []
    pixels.reserveCapacity(3 * rows * columns * inputCount)
    for row in 0..<rows {
      let place = row * columns * inputCount..<min((row + 1) * columns, count) * inputCount
      for part in [shownInputs, shownOutputs, differences] {
        // The last row may have fewer; an empty place is black, like the images' ground.
        pixels += part[place] + [Float](repeating: 0, count: columns * inputCount - place.count)
      }
    }
    return grid(rows: 3 * rows, columns: columns, channels: 3).image(of: pixels)
  }

  /// Every half of a standard deviation from −3 to 3.
  public static let traversalSteps = 13

  /// What becomes of a picture as one dimension after another, a row each, goes from −3 to 3 standard deviations, while
  /// the others stay in the middle: of the prior, or of codes whose mean and deviation in each dimension are given.
  public func traversals(
    of dimensions: [Int], middle: [Float]? = nil, deviation: [Float]? = nil, label: UInt8? = nil
  ) -> PNGImage {
    let latentCount = model.architecture.latentCount
    precondition(
      !dimensions.isEmpty && dimensions.allSatisfy { (0..<latentCount).contains($0) },
      "dimensions \(dimensions) of \(latentCount)")
    let middle = middle ?? [Float](repeating: 0, count: latentCount)
    let deviation = deviation ?? [Float](repeating: 1, count: latentCount)
    let steps = Self.traversalSteps
    var latents: [Float] = []
    for dimension in dimensions {
      for step in 0..<steps {
        latents += middle
        let share = 6 * Float(step) / Float(steps - 1) - 3
        latents[latents.count - latentCount + dimension] += share * deviation[dimension]
      }
    }
    let labels = labels(count: dimensions.count * steps, columns: 1, label)
    return grid(rows: dimensions.count, columns: steps).image(of: model.decode(latents, labels: labels))
  }

  /// The same of the active dimensions, the most used first, or where none is active of the most used; an autoencoder's
  /// goes around the middle of its `codes` [N, L], since nothing holds them to a prior.
  public func traversals(
    of use: LatentUse, codes: [Float], atMost most: Int, label: UInt8? = nil
  ) -> PNGImage {
    let active = use.activeDimensions
    let dimensions = Array((active.isEmpty ? use.dimensionsByUse : active).prefix(most))
    guard use.klPerDimension.isEmpty else { return traversals(of: dimensions, label: label) }
    let latentCount = model.architecture.latentCount
    let middle = SampleCovariance(rows: codes, dimension: latentCount).mean.map { Float($0) }
    return traversals(
      of: dimensions, middle: middle, deviation: use.variancePerDimension.map { Float($0.squareRoot()) }, label: label)
  }

  /// From one example of `dataset` to another, a pair in each row: the two at the ends, and between them what is decoded
  /// along the straight line from the one's posterior mean to the other's, ends included.
  ///
  /// A pair is of two classes where the data have labels and the model is not told them; a model that is told them stays in
  /// one.
  public func interpolations(
    between dataset: Dataset, binarization: Binarization = .none, seed: UInt64 = 0, rows: Int, steps: Int = 10
  ) -> PNGImage {
    precondition(
      dataset.count > 0 && rows > 0 && steps > 1, "\(rows) rows of \(steps) steps of \(dataset.count) examples")
    let pairs = pairs(of: dataset, atMost: rows)
    let ends = pairs.flatMap { [$0.0, $0.1] }
    let inputs = examples(ends, of: dataset, binarization, seed)
    let codes = model.encode(inputs, labels: labels(of: ends, in: dataset)).mean
    let (latentCount, inputCount) = (model.architecture.latentCount, shape.featureCount)
    var latents: [Float] = []
    for pair in pairs.indices {
      let (from, to) = (2 * pair * latentCount, (2 * pair + 1) * latentCount)
      for step in 0..<steps {
        let share = Float(step) / Float(steps - 1)
        for index in 0..<latentCount { latents.append(codes[from + index] * (1 - share) + codes[to + index] * share) }
      }
    }
    let stays = pairs.flatMap { [Int](repeating: $0.0, count: steps) }
    let outputs = model.decode(latents, labels: labels(of: stays, in: dataset))
    var pixels: [Float] = []
    for pair in pairs.indices {
      pixels += inputs[2 * pair * inputCount..<(2 * pair + 1) * inputCount]
      pixels += outputs[pair * steps * inputCount..<(pair + 1) * steps * inputCount]
      pixels += inputs[(2 * pair + 1) * inputCount..<(2 * pair + 2) * inputCount]
    }
    return grid(rows: pairs.count, columns: steps + 2).image(of: pixels)
  }

  /// Pairs of neighbours in the set; each but the last example starts at most one.
  private func pairs(of dataset: Dataset, atMost most: Int) -> [(Int, Int)] {
    guard dataset.count > 1 else { return [(0, 0)] }
    let staysInClass = model.architecture.labelCount > 0
    var pairs: [(Int, Int)] = []
    var start = 0
    while pairs.count < most, start + 1 < dataset.count {
      let end = dataset.labels.map { labels in
        (start + 1..<dataset.count).first { (labels[$0] == labels[start]) == staysInClass }
      }
      // Where there is no such partner, a conditional model stays with the example, and another takes the next.
      pairs.append((start, (end ?? start + 1) ?? (staysInClass ? start : start + 1)))
      start += 2
    }
    return pairs
  }

  /// Examples as the model is shown them [count, D].
  private func examples(
    _ indices: [Int], of dataset: Dataset, _ binarization: Binarization, _ seed: UInt64
  ) -> [Float] {
    var inputs = [Float](repeating: 0, count: indices.count * shape.featureCount)
    let examples = indices.map { UInt32($0) }
    inputs.withUnsafeMutableBufferPointer { inputs in
      examples.withUnsafeBufferPointer { examples in
        dataset.gather(
          examples, binarization, RandomStream(seed: seed, purpose: .evaluationBinarization),
          into: Matrix(inputs.baseAddress!, rows: indices.count, columns: shape.featureCount))
      }
    }
    return inputs
  }

  /// The classes of examples, for a model that is told them.
  private func labels(of indices: [Int], in dataset: Dataset) -> [UInt8]? {
    guard model.architecture.labelCount > 0 else { return nil }
    return dataset.labels.map { labels in indices.map { labels[$0] } }
  }

  private func inColor(_ pixels: [Float]) -> [Float] {
    shape.channels == 3 ? pixels : pixels.flatMap { [$0, $0, $0] }
  }

  /// What `outputs` have more than `inputs`, in colour.
  private func differences(_ inputs: [Float], _ outputs: [Float]) -> [Float] {
    if shape.channels == 3 { return zip(inputs, outputs).map { 0.5 + ($1 - $0) / 2 } }
    return zip(inputs, outputs).flatMap { input, output -> [Float] in
      let color = Palette.diverging(Double(output - input))
      return [color.red, color.green, color.blue].map { Float($0) / 255 }
    }
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
  /// from its distribution. For the class `label`, or those of `labels`, one a latent.
  public func decoded(
    _ latents: [Float], columns: Int, label: UInt8? = nil, labels: [UInt8]? = nil, drawingPixels seed: UInt64? = nil
  ) -> PNGImage {
    let count = latents.count / model.architecture.latentCount
    let labels = labels ?? self.labels(count: count, columns: columns, label)
    let pixels =
      seed.map { model.draw(latents, labels: labels, RandomStream(seed: $0, purpose: .pixels)) }
      ?? model.decode(latents, labels: labels)
    return grid(rows: (count + columns - 1) / columns, columns: columns).image(of: pixels)
  }

  /// Small images are shown twice as large.
  private func grid(rows: Int, columns: Int, channels: Int? = nil) -> ImageGrid {
    var grid = ImageGrid(
      imageWidth: shape.width, imageHeight: shape.height, channels: channels ?? shape.channels, rows: rows,
      columns: columns)
    grid.scale = max(shape.width, shape.height) <= 48 ? 2 : 1
    return grid
  }
}
