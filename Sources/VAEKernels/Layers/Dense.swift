/// A dense layer.
///
///     A = X·W + b,   Y = f(A)          X [B, in], W [in, out], b [out], A and Y [B, out]
///
/// With dY = ∂loss/∂Y, by the chain rule, element by element through f and then through the product,
///
///     dA = dY ⊙ f′(A)                  Y alone gives f′(A); see `Activation`
///     dX = dA·Wᵀ
///     dW = Xᵀ·dA,   db = Σ over rows of dA
///
/// Source: Rumelhart, Hinton and Williams 1986, in matrix form. No function here scales: the 1/B of the average over
/// a minibatch is already in dY.
///
/// X may be several matrices side by side, of which W has the rows one below the other: what is not zero of an example's
/// features, and what an encoder is told beside them; or the layer before, and what every layer is told.
public struct Dense: FusesActivation {
  /// "dense".
  public static let name = "dense"

  /// The number of outputs.
  public let width: Int

  /// So many outputs.
  public init(_ width: Int) {
    self.width = width
  }

  /// "dense 512".
  public init(_ settings: inout Settings) throws {
    width = try settings.wholeNumber("a number of outputs", in: 1...Architecture.maximumWidth)
  }

  /// The number of outputs.
  public var settings: [String] { ["\(width)"] }

  /// Behind an input of any width.
  public func lay(
    _ blueprint: inout Blueprint, _ input: Slot, name: String, activation: Activation
  ) throws -> any Stage {
    try Architecture.check(width: width, in: blueprint.part)
    return DenseStage(&blueprint, input, [(name, width)], activation, told: blueprint.takeTold())
  }
}

/// A dense layer in its place. Its outputs may be several tensors side by side, as those of the posterior are: one product
/// over 2L columns is faster than two over L.
public struct DenseStage: Stage {
  /// What files call it.
  public let name: String
  /// What it writes.
  public let output: Slot
  /// X.
  public let input: Slot
  /// What it is told beside that, the last columns of X.
  public let told: Slot?
  /// W [in, out].
  public let weight: ParameterLayout.Block
  /// b [1, out].
  public let bias: ParameterLayout.Block
  /// f, of those with a gradient by their own value.
  public let activation: Activation
  /// What is not zero in X, feature by feature, for dW.
  private let transposed: SparseSlot?

  /// With fewer outputs a product sums in another order than over entries.
  static let fewestSparseOutputs = 8

  /// After `input`, with the tensors `name.weight` and `name.bias` of each of some outputs.
  public init(
    _ blueprint: inout Blueprint, _ input: Slot, _ outputs: [(name: String, count: Int)],
    _ activation: Activation = .identity, told: Slot? = nil
  ) {
    precondition(!activation.gradientIsOfInput, "\(activation.rawValue) inside a dense layer")
    name = outputs[0].name
    self.input = input
    self.activation = activation
    self.told = told
    (weight, bias) = blueprint.weightAndBias(inputs: input.columns + (told?.columns ?? 0), outputs)
    transposed = input.sparse.map { blueprint.transposedSlot(of: $0) }
    output = blueprint.slot(columns: weight.columns, rows: input.rows)
  }

  /// What it learns.
  public var parameters: [ParameterLayout.Block] { [weight, bias] }
  /// What it multiplies.
  public var products: [Product] { [Product(rows: input.rows, inner: weight.rows, columns: weight.columns)] }

  /// Y ← f(X·W + b).
  public func forward(_ pass: Pass) {
    pass.barrier()
    let region = pass.region(of: output)
    let y = pass[output].rows(region.rows).columns(region.columns)
    let weights = pass.weights[weight.tile(columns: region.columns)]
    var first = 0
    if let entries = pass.entries(of: input) {
      VectorMath.active.multiply(entries.rows(region.rows), weights.rows(0..<entries.columns), into: y)
      first = entries.columns
    }
    for index in 0..<Self.partCount {
      guard let x = part(index, pass) else { continue }
      let rows = weights.rows(first..<first + x.columns)
      if first == 0 {
        MatrixProduct.multiply(x.rows(region.rows), rows, into: y)
      } else {
        // In the same order as one product over all columns.
        VectorMath.active.multiply(x.rows(region.rows), rows, into: y, accumulating: true)
      }
      first += x.columns
    }
    VectorMath.active.addBiasAndActivate(y, bias: pass.weights[bias.tile(columns: region.columns)], activation)
  }

  /// dA ← dY ⊙ f′(A), in place of dY;  dX ← dA·Wᵀ.
  public func backward(_ pass: Pass) {
    if activation != .identity {
      VectorMath.active.multiplyByGradient(of: activation, at: pass.own(pass[output]), pass.own(pass.d(output)))
    }
    guard input.hasGradient else { return }
    pass.barrier()
    let region = pass.region(of: input)
    // What it is told has none.
    MatrixProduct.multiply(
      pass.d(output).rows(region.rows), transposed: pass.weights[weight.tile(rows: region.columns)],
      into: pass.d(input).rows(region.rows).columns(region.columns))
  }

  /// dW ← Xᵀ·dA;  db ← Σ over rows of dA.
  public func backwardParameters(_ pass: Pass, into sink: any GradientSink) {
    let dA = pass.d(output)
    let features = transposeEntries(pass)
    pass.forEachTile(of: weight, into: sink) { inputs, dW in
      var first = 0
      if let features {
        let own = inputs.clamped(to: 0..<features.rows)
        if !own.isEmpty { VectorMath.active.multiply(features.rows(own), dA, into: dW.rows(0..<own.count)) }
        first = features.rows
      }
      for index in 0..<Self.partCount {
        guard let x = part(index, pass) else { continue }
        let own = inputs.clamped(to: first..<first + x.columns)
        if !own.isEmpty {
          MatrixProduct.multiply(
            transposed: x.columns(own.lowered(by: first)), dA, into: dW.rows(own.lowered(by: inputs.lowerBound)))
        }
        first += x.columns
      }
    }
    pass.forOwnColumns(of: bias, into: sink) { outputs, db in
      VectorMath.active.sumColumns(dA.columns(outputs), into: db, accumulating: false)
    }
  }

  // The dense matrices that X is made of, side by side, behind the entries where there are some.

  private static let partCount = 2

  private func part(_ index: Int, _ pass: Pass) -> Matrix? {
    if index == 1 { return told.map { pass[$0] } }
    let x = pass[input]
    let first = input.sparse != nil && pass.workspace.form.features != .dense ? x.columns - input.toldCount : 0
    return first < x.columns ? x.columns(first..<x.columns) : nil
  }

  /// The entries by feature, of this worker's own rows of W.
  private func transposeEntries(_ pass: Pass) -> SparseRows? {
    guard let entries = pass.entries(of: input), let transposed else { return nil }
    let own = pass.worker.share(of: weight.rows, grain: 8).clamped(to: 0..<entries.columns)
    let features = pass.workspace.transposedEntries(transposed, examples: entries.rows)
    VectorMath.active.transpose(entries, columns: own, into: features)
    return features
  }
}

extension Range<Int> {
  fileprivate func lowered(by distance: Int) -> Range<Int> { lowerBound - distance..<upperBound - distance }
}
