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

  /// Y ← f(X·W + b).
  public func forward(_ x: Matrix, _ weights: ParameterArena, into y: Matrix) {
    BLAS.multiply(x, weights[weight], into: y)
    VectorMath.active.addBiasAndActivate(y, bias: weights[bias], activation)
  }

  /// dA ← dY ⊙ f′(A), in place of dY.
  public func backwardActivation(at y: Matrix, inPlace dY: Matrix) {
    guard activation != .identity else { return }
    VectorMath.active.multiplyByGradient(of: activation, at: y, dY)
  }

  /// dX ← dA·Wᵀ.
  public func backwardInput(_ dA: Matrix, _ weights: ParameterArena, into dX: Matrix) {
    BLAS.multiply(dA, transposed: weights[weight], into: dX)
  }

  /// Rows `inputs` of dW ← Xᵀ·dA. No two ranges of inputs share a float, so threads can each take one without a
  /// reduction.
  public func backwardWeight(_ x: Matrix, _ dA: Matrix, inputs: Range<Int>, into gradients: ParameterArena) {
    BLAS.multiply(
      transposed: x.columns(inputs), dA, into: gradients[weight].rows(inputs), accumulating: false)
  }

  /// The same, added to what is there.
  public func backwardWeight(
    _ x: Matrix, _ dA: Matrix, inputs: Range<Int>, accumulatingInto gradients: ParameterArena
  ) {
    BLAS.multiply(
      transposed: x.columns(inputs), dA, into: gradients[weight].rows(inputs), accumulating: true)
  }

  /// Columns `outputs` of db ← Σ over rows of dA.
  public func backwardBias(_ dA: Matrix, outputs: Range<Int>, into gradients: ParameterArena) {
    VectorMath.active.sumColumns(
      dA.columns(outputs), into: gradients[bias].columns(outputs), accumulating: false)
  }

  /// The same, added to what is there.
  public func backwardBias(_ dA: Matrix, outputs: Range<Int>, accumulatingInto gradients: ParameterArena) {
    VectorMath.active.sumColumns(
      dA.columns(outputs), into: gradients[bias].columns(outputs), accumulating: true)
  }
}
