/// Elementary functions.
extension VectorMath {
  /// The elementary functions that the loops are made of, for tests of their error.
  public enum ElementaryFunction: Int32, CaseIterable, Sendable {
    case exp = 0
    case expm1 = 1
    case log1p = 2
    case log = 3
    case tanh = 4
    case sigmoid = 5
    case softplus = 6
    case sin2Pi = 7
    case cos2Pi = 8
    case erf = 9
    case gelu = 10
    case silu = 11
    case logGamma = 12
    case digamma = 13
  }

  /// out[i] = f(x[i]), for benchmarks.
  package func map(
    _ function: ElementaryFunction, _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, count: Int
  ) {
    table.pointee.map(function.rawValue, x, out, count)
  }

  /// f of each number.
  public func map(_ function: ElementaryFunction, _ x: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: x.count) { buffer, count in
      if let base = buffer.baseAddress { table.pointee.map(function.rawValue, x, base, x.count) }
      count = x.count
    }
  }
}
