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
public struct Dense: Sendable {
  /// W.
  public let weight: ParameterLayout.Block
  /// b.
  public let bias: ParameterLayout.Block
  /// f.
  public let activation: Activation

  /// The number of inputs.
  public var inputCount: Int { weight.rows }
  /// The number of outputs.
  public var outputCount: Int { weight.columns }

  // The functions over `rows` fill this worker's part of their result, and return before the others have filled
  // theirs: see `Worker.part` for how it is divided. Between two of them that share a matrix belongs a barrier.

  /// Y ← f(X·W + b).
  public func forward(
    _ x: Matrix, _ weights: ParameterArena, into y: Matrix, rows: Range<Int>, worker: Worker = .alone
  ) {
    let part = worker.part(rows: rows, columns: outputCount)
    let y = y.rows(part.rows).columns(part.columns)
    MatrixProduct.multiply(x.rows(part.rows), weights[weight.part(columns: part.columns)], into: y)
    VectorMath.active.addBiasAndActivate(y, bias: weights[bias.part(columns: part.columns)], activation)
  }

  /// dX ← dA·Wᵀ.
  public func backwardInput(
    _ dA: Matrix, _ weights: ParameterArena, into dX: Matrix, rows: Range<Int>, worker: Worker = .alone
  ) {
    let part = worker.part(rows: rows, columns: inputCount)
    MatrixProduct.multiply(
      dA.rows(part.rows), transposed: weights[weight.part(rows: part.columns)],
      into: dX.rows(part.rows).columns(part.columns))
  }

  /// dA ← dX ⊙ f′(A), in place of dX: from the gradient of this layer's output, which the next layer's `backwardInput`
  /// wrote with the same rows and worker.
  public func backwardActivation(at y: Matrix, inPlace dY: Matrix, rows: Range<Int>, worker: Worker = .alone) {
    guard activation != .identity else { return }
    let part = worker.part(rows: rows, columns: outputCount)
    VectorMath.active.multiplyByGradient(
      of: activation, at: y.rows(part.rows).columns(part.columns), dY.rows(part.rows).columns(part.columns))
  }

  /// A part of dW ← Xᵀ·dA, or dW += Xᵀ·dA where `accumulating`: rows `inputs` and columns `outputs`.
  public func backwardWeight(
    _ x: Matrix, _ dA: Matrix, inputs: Range<Int>, outputs: Range<Int>, into dW: Matrix, accumulating: Bool = false
  ) {
    MatrixProduct.multiply(
      transposed: x.columns(inputs), dA.columns(outputs), into: dW, accumulating: accumulating)
  }

  /// A part of db ← Σ over rows of dA, or db += that where `accumulating`: columns `outputs`.
  public func backwardBias(_ dA: Matrix, outputs: Range<Int>, into db: Matrix, accumulating: Bool = false) {
    VectorMath.active.sumColumns(dA.columns(outputs), into: db, accumulating: accumulating)
  }
}
