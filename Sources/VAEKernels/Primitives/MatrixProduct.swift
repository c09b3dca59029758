/// The matrix products of the layers, by whichever engine is faster here.
///
/// `products.inc` reads a layer's operands where they lie, while a BLAS copies both into an order of its own first. A
/// minibatch has few rows, so the copy of a weight matrix is a good part of what OpenBLAS does: measured on one core
/// with AVX-512 (Zen 4, OpenBLAS 0.3.21), GFLOP/s,
///
///     [B, in] × [in, out]        B = 20, 200 × 392     B = 128, 784 × 256     B = 512, 784 × 1024
///                                 OpenBLAS    here       OpenBLAS    here       OpenBLAS    here
///     forward                        84       114           104       117          105       108
///     gradient of the input          70        87           102       111          101       110
///     gradient of the weight         87       101           105       108          103       103
///
/// Also, its results do not depend on how a product is divided between threads. OpenBLAS is the engine in a build
/// without optimisation and on processors without AVX2, unless `VAE_PRODUCTS=openblas` or `=own` in the environment, or
/// `select`, says otherwise.
public enum MatrixProduct {
  /// Who multiplies.
  public enum Engine: String, Sendable, CaseIterable {
    /// `products.inc`, through `VectorMath.active`.
    case own
    /// `BLAS`.
    case openblas
  }

  /// The engine in use. It is chosen when the program is loaded, as `VectorMath.active` is.
  public static var engine: Engine { VectorMath.multipliesMatrices ? .own : .openblas }

  /// Puts an engine in use, for the whole process: before anything is computed, or while no other thread computes.
  package static func select(_ engine: Engine) { VectorMath.multipliesMatrices = engine == .own }

  /// C ← A·B.
  package static func multiply(_ a: Matrix, _ b: Matrix, into c: Matrix, by engine: Engine = engine) {
    switch engine {
    case .own: VectorMath.active.multiply(a, b, into: c)
    case .openblas: BLAS.multiply(a, b, into: c)
    }
  }

  /// C ← A·Bᵀ.
  package static func multiply(_ a: Matrix, transposed b: Matrix, into c: Matrix, by engine: Engine = engine) {
    switch engine {
    case .own: VectorMath.active.multiply(a, transposed: b, into: c)
    case .openblas: BLAS.multiply(a, transposed: b, into: c)
    }
  }

  /// C ← Aᵀ·B, or C += Aᵀ·B where `accumulating`.
  package static func multiply(
    transposed a: Matrix, _ b: Matrix, into c: Matrix, accumulating: Bool = false, by engine: Engine = engine
  ) {
    switch engine {
    case .own: VectorMath.active.multiply(transposed: a, b, into: c, accumulating: accumulating)
    case .openblas: BLAS.multiply(transposed: a, b, into: c, accumulating: accumulating)
    }
  }
}
