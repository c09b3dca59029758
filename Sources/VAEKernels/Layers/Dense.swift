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
    return DenseStage(&blueprint, input, [(name, width)], activation)
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
  /// W [in, out].
  public let weight: ParameterLayout.Block
  /// b [1, out].
  public let bias: ParameterLayout.Block
  /// f, of those with a gradient by their own value.
  public let activation: Activation

  /// After `input`, with the tensors `name.weight` and `name.bias` of each of some outputs.
  public init(
    _ blueprint: inout Blueprint, _ input: Slot, _ outputs: [(name: String, count: Int)],
    _ activation: Activation = .identity
  ) {
    precondition(!activation.gradientIsOfInput, "\(activation.rawValue) inside a dense layer")
    name = outputs[0].name
    self.input = input
    self.activation = activation
    (weight, bias) = blueprint.weightAndBias(inputs: input.columns, outputs)
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
    MatrixProduct.multiply(
      pass[input].rows(region.rows), pass.weights[weight.tile(columns: region.columns)], into: y)
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
    MatrixProduct.multiply(
      pass.d(output).rows(region.rows), transposed: pass.weights[weight.tile(rows: region.columns)],
      into: pass.d(input).rows(region.rows).columns(region.columns))
  }

  /// dW ← Xᵀ·dA;  db ← Σ over rows of dA.
  public func backwardParameters(_ pass: Pass, into sink: any GradientSink) {
    let (x, dA) = (pass[input], pass.d(output))
    pass.forEachTile(of: weight, into: sink) { inputs, dW in
      MatrixProduct.multiply(transposed: x.columns(inputs), dA, into: dW)
    }
    pass.forOwnColumns(of: bias, into: sink) { outputs, db in
      VectorMath.active.sumColumns(dA.columns(outputs), into: db, accumulating: false)
    }
  }
}
