import CVectorMath

/// What a layer does besides its product.
extension VectorMath {
  /// X ← f(X + b), in place; `bias` [1, columns], or nothing added where it is nil.
  public func addBiasAndActivate(_ x: Matrix, bias: Matrix?, _ activation: Activation) {
    if let bias { precondition(bias.columns == x.columns, "bias \(bias.columns) for \(x.columns) columns") }
    table.pointee.bias_activation(activation.code, x.base, x.stride, bias?.base, x.rows, x.columns)
  }

  /// Y ← f(X), of the same shape; Y may be X itself, but no other window on its floats.
  public func activate(_ x: Matrix, into y: Matrix, _ activation: Activation) {
    checkSameShape(x, y)
    precondition(x.base != y.base || x.stride == y.stride, "in place with strides \(x.stride) and \(y.stride)")
    table.pointee.activation_values(activation.code, x.base, x.stride, y.base, y.stride, x.rows, x.columns)
  }

  /// dX ← dX ⊙ f′, in place, given y = f(x); given x as `y` where the activation's `gradientIsOfInput`.
  public func multiplyByGradient(of activation: Activation, at y: Matrix, _ dX: Matrix) {
    checkSameShape(dX, y)
    table.pointee.activation_gradient(activation.code, dX.base, dX.stride, y.base, y.stride, y.rows, y.columns)
  }

  /// What dropout multiplies by (Srivastava et al. 2014), in place of uniform numbers u in [0, 1): 1 / (1 − p) where
  /// u ≥ p, else 0, for a probability p to drop, less than 1.
  public func dropoutMask(inPlace uniform: Matrix, probability p: Float) {
    precondition(p >= 0 && p < 1, "a probability of \(p) to drop")
    table.pointee.dropout_mask(uniform.base, uniform.stride, p, uniform.rows, uniform.columns)
  }

  /// Z ← X ⊙ Y; Z may be X or Y itself.
  public func multiplyElements(_ x: Matrix, _ y: Matrix, into z: Matrix) {
    checkSameShape(x, y)
    checkSameShape(z, y)
    table.pointee.multiply_elements(x.base, x.stride, y.base, y.stride, z.base, z.stride, x.rows, x.columns)
  }
}

extension Activation {
  fileprivate var code: Int32 {
    switch self {
    case .identity: Int32(VM_IDENTITY)
    case .relu: Int32(VM_RELU)
    case .tanh: Int32(VM_TANH)
    case .sigmoid: Int32(VM_SIGMOID)
    case .softplus: Int32(VM_SOFTPLUS)
    case .elu: Int32(VM_ELU)
    case .gelu: Int32(VM_GELU)
    case .silu: Int32(VM_SILU)
    case .leakyReLU: Int32(VM_LEAKY_RELU)
    }
  }
}
