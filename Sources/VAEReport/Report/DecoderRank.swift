import VAEData
import VAEKernels

/// A decoder's last layer through fewer directions than it has inputs, so that a page has room for it.
///
///     W h + b ≈ (W U) Uᵀ(h − h̄) + (b + W h̄)                h [H], W [out, H], U [H, r] the first r principal directions
///
/// of what comes into the layer, over latents like those that a page decodes. What a small latent makes of many hidden
/// numbers lies near few directions, and no other r of them leave less out (Eckart and Young 1936). The layer is two then: U,
/// and what is behind it.
struct DecoderRank {
  /// A layer's weights [in, out] and biases [out].
  struct Layer {
    var inputs: Int
    var weights: [Float]
    var bias: [Float]
  }

  /// What may be left of the variance of the layer's inputs: a thousandth of their deviation is less than a pixel shows.
  private static let negligible = 1e-6

  /// From H to r, and from r to the outputs.
  let first: Layer
  let second: Layer
  /// The root mean square of what the layer's mean differs by, over `latents`.
  let error: Double

  /// Of the last layer `dense` of a model's decoder, and the first `outputs` of it, through at most `most` directions: fewer
  /// where they do.
  ///
  /// Throws `LAPACKError` where the layer's inputs are not finite.
  init(
    _ model: VariationalAutoencoder, _ dense: DenseStage, outputs: Int, most: Int, latents: [Float], labels: [UInt8]?
  ) throws {
    let latentCount = model.architecture.latentCount
    let count = latents.count / latentCount
    let width = dense.weight.rows
    let weights = model.weights[dense.weight].columns(0..<outputs)
    let bias = model.weights[dense.bias].columns(0..<outputs)
    let inputs = Self.inputs(of: dense, model, latents, labels)
    let components = try PrincipalComponents(rows: inputs, dimension: width, count: most)
    let rank = Self.rank(components.varianceShares)
    let mean = components.mean.map { Float($0) }
    let directions = components.directions.prefix(rank).flatMap { $0.map { Float($0) } }

    let buffer = AlignedBuffer(count: (rank + 1) * width + (rank + 1) * outputs)
    let u = Matrix(buffer.base, rows: rank + 1, columns: width)
    let product = Matrix(buffer.base + (rank + 1) * width, rows: rank + 1, columns: outputs)
    u.setElements(directions + mean)
    MatrixProduct.multiply(u, weights, into: product)
    var turned = [Float](repeating: 0, count: width * rank)
    for direction in 0..<rank {
      for place in 0..<width { turned[place * rank + direction] = directions[direction * width + place] }
    }
    let offsets = (0..<rank).map { direction in
      -(0..<width).reduce(Float(0)) { $0 + directions[direction * width + $1] * mean[$1] }
    }
    first = Layer(inputs: width, weights: turned, bias: offsets)
    let biases = zip(bias.copyElements(), product.rows(rank..<rank + 1).copyElements()).map { $0 + $1 }
    second = Layer(inputs: rank, weights: product.rows(0..<rank).copyElements(), bias: biases)

    let tried = (0..<min(count, 32)).map { $0 * count / min(count, 32) * width }.flatMap { inputs[$0..<$0 + width] }
    error = Self.error(
      of: model, exact: Self.output(tried, weights, bias.copyElements()),
      near: Self.output(Self.places(tried, components, rank), product.rows(0..<rank), biases))
  }

  /// The fewest directions that leave next to nothing out.
  private static func rank(_ shares: [Double]) -> Int {
    var rest = 1.0
    for (index, share) in shares.enumerated() {
      rest -= share
      if rest <= negligible { return index + 1 }
    }
    return shares.count
  }

  /// Uᵀ(h − h̄) of some rows.
  private static func places(_ rows: [Float], _ components: PrincipalComponents, _ rank: Int) -> [Float] {
    components.project(rows).enumerated().filter { $0.offset % components.directions.count < rank }
      .map { Float($0.element) }
  }

  /// What comes into the layer, [count, H].
  private static func inputs(
    of dense: DenseStage, _ model: VariationalAutoencoder, _ latents: [Float], _ labels: [UInt8]?
  ) -> [Float] {
    let latentCount = model.architecture.latentCount
    let count = latents.count / latentCount
    let capacity = min(count, 256, max(1, (1 << 24) / model.plan.workspaceCount(capacity: 1, gradients: false)))
    let workspace = Workspace(for: model, capacity: capacity, gradients: false)
    var inputs: [Float] = []
    for start in stride(from: 0, to: count, by: capacity) {
      let rows = 0..<min(capacity, count - start)
      workspace.latent.rows(rows).setElements(
        Array(latents[start * latentCount..<(start + rows.count) * latentCount]))
      labels?[start..<start + rows.count].withUnsafeBufferPointer { workspace.setLabels($0, rows: rows) }
      model.decode(Pass(workspace, model.weights, examples: rows))
      inputs += workspace[dense.input].rows(rows).copyElements()
    }
    return inputs
  }

  /// x·W + b, as a matrix that keeps its memory.
  private static func output(_ x: [Float], _ w: Matrix, _ bias: [Float]) -> (buffer: AlignedBuffer, output: Matrix) {
    let rows = x.count / w.rows
    let buffer = AlignedBuffer(count: rows * (w.rows + w.columns))
    let output = Matrix(buffer.base, rows: rows, columns: w.columns)
    let input = Matrix(buffer.base + rows * w.columns, rows: rows, columns: w.rows)
    input.setElements(x)
    MatrixProduct.multiply(input, w, into: output)
    bias.withUnsafeBufferPointer { bias in
      for row in 0..<rows {
        let values = output.base + row * output.stride
        for column in 0..<bias.count { values[column] += bias[column] }
      }
    }
    return (buffer, output)
  }

  /// In what the likelihood's mean makes of both outputs.
  private static func error(
    of model: VariationalAutoencoder, exact: (buffer: AlignedBuffer, output: Matrix),
    near: (buffer: AlignedBuffer, output: Matrix)
  ) -> Double {
    for output in [exact.output, near.output] {
      model.architecture.likelihood.mean(inPlace: output, parameters: model.likelihoodParameterValues)
    }
    let features = model.architecture.inputCount
    var sum = 0.0
    for row in 0..<exact.output.rows {
      for column in 0..<features {
        let difference = Double(exact.output[row, column] - near.output[row, column])
        sum += difference * difference
      }
    }
    return (sum / Double(exact.output.rows * features)).squareRoot()
  }
}
