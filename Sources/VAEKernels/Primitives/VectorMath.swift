import CVectorMath

/// The elementwise loops, compiled for one instruction set.
///
/// The one place that sees `CVectorMath`. Each method checks its shapes and hands pointers to a C function; the
/// formulas stand with the layer, latent or likelihood that uses them, and in `vector_math.h`.
public struct VectorMath: @unchecked Sendable {
  private let table: UnsafePointer<vm_functions>

  /// The copy in use: the best that this processor supports, or the one that `VAE_INSTRUCTION_SET` in the environment
  /// names. It is chosen when the program is loaded, before there are threads, so that asking is a plain load.
  public static var active: VectorMath { VectorMath(table: vm_active()) }

  /// Puts the copy for `instructionSet` in use, for the whole process; false where this processor does not support it.
  ///
  /// For a program's own options: to be called before anything is computed, or while no other thread computes. Who
  /// multiplies goes by the copy in use, unless that has been said.
  package static func select(_ instructionSet: String) -> Bool { vm_select(instructionSet) }

  /// Whether it multiplies matrices too, for `MatrixProduct`.
  static var multipliesMatrices: Bool {
    get { vm_has_own_products() }
    set { vm_select_products(newValue) }
  }

  /// Every copy that this processor supports, from the plainest to the best, so that tests can compare them all.
  public static let supported: [VectorMath] = {
    var all: [VectorMath] = []
    while let table = vm_supported(Int32(all.count)) { all.append(VectorMath(table: table)) }
    return all
  }()

  private init(table: UnsafePointer<vm_functions>) {
    self.table = table
  }

  /// "baseline", "avx2", "avx512" or "neon".
  public var instructionSet: String { String(cString: table.pointee.name) }

  /// Whether the C functions were compiled with optimisation.
  public var isOptimized: Bool { table.pointee.optimized }

  // MARK: Products

  /// C ← A·B, or C += A·B where `accumulating`.
  public func multiply(_ a: Matrix, _ b: Matrix, into c: Matrix, accumulating: Bool = false) {
    checkProduct(a.rows, a.columns, b.rows, b.columns, c)
    table.pointee.multiply(
      c.rows, c.columns, a.columns, a.base, a.stride, b.base, b.stride, c.base, c.stride, accumulating)
  }

  /// C ← A·Bᵀ, or C += A·Bᵀ where `accumulating`.
  public func multiply(_ a: Matrix, transposed b: Matrix, into c: Matrix, accumulating: Bool = false) {
    checkProduct(a.rows, a.columns, b.columns, b.rows, c)
    table.pointee.multiply_by_transposed(
      c.rows, c.columns, a.columns, a.base, a.stride, b.base, b.stride, c.base, c.stride, accumulating)
  }

  /// C ← Aᵀ·B, or C += Aᵀ·B where `accumulating`.
  public func multiply(transposed a: Matrix, _ b: Matrix, into c: Matrix, accumulating: Bool = false) {
    checkProduct(a.columns, a.rows, b.rows, b.columns, c)
    table.pointee.multiply_transposed(
      c.rows, c.columns, a.rows, a.base, a.stride, b.base, b.stride, c.base, c.stride, accumulating)
  }

  // MARK: Layers

  /// X ← f(X + b), in place; `bias` [1, columns], or nothing added where it is nil.
  public func addBiasAndActivate(_ x: Matrix, bias: Matrix?, _ activation: Activation) {
    if let bias { precondition(bias.columns == x.columns, "bias \(bias.columns) for \(x.columns) columns") }
    table.pointee.bias_activation(activation.code, x.base, x.stride, bias?.base, x.rows, x.columns)
  }

  /// dX ← dX ⊙ f′, in place, given y = f(x).
  public func multiplyByGradient(of activation: Activation, at y: Matrix, _ dX: Matrix) {
    checkSameShape(dX, y)
    table.pointee.activation_gradient(activation.code, dX.base, dX.stride, y.base, y.stride, y.rows, y.columns)
  }

  /// The sum of each column of `x`, written or added to `sums` [1, columns].
  public func sumColumns(_ x: Matrix, into sums: Matrix, accumulating: Bool) {
    precondition(sums.columns == x.columns, "\(sums.columns) sums for \(x.columns) columns")
    table.pointee.column_sums(x.base, x.stride, x.rows, x.columns, sums.base, accumulating)
  }

  /// The sum of the squared deviations of each column of `x` from `center` [1, columns], into `sums` [1, columns].
  package func sumSquaredDeviations(_ x: Matrix, from center: Matrix, into sums: Matrix) {
    precondition(
      center.columns == x.columns && sums.columns == x.columns,
      "\(center.columns) centers and \(sums.columns) sums for \(x.columns) columns")
    table.pointee.squared_deviations(x.base, x.stride, center.base, x.rows, x.columns, sums.base)
  }

  // MARK: Likelihoods

  /// Bernoulli loss of each row in nats, and `scale` times its gradient with respect to the logits.
  public func bernoulli(
    logits: Matrix, _ x: Matrix, scale: Float, lossInto loss: Matrix, gradientInto dLogits: Matrix?
  ) {
    checkSameShape(logits, x)
    checkLosses(loss, rows: x.rows)
    if let dLogits { checkSameShape(dLogits, x) }
    table.pointee.bernoulli(
      logits.base, logits.stride, x.base, x.stride, x.rows, x.columns, scale, loss.base, dLogits?.base,
      dLogits?.stride ?? 0)
  }

  /// `weight` times half the squared error of each row, and `scale` times its gradient with respect to the mean.
  public func squaredError(
    mean: Matrix, _ x: Matrix, weight: Float, scale: Float, lossInto loss: Matrix, gradientInto dMean: Matrix?
  ) {
    checkSameShape(mean, x)
    checkLosses(loss, rows: x.rows)
    if let dMean { checkSameShape(dMean, x) }
    table.pointee.squared_error(
      mean.base, mean.stride, x.base, x.stride, x.rows, x.columns, weight, scale, loss.base, dMean?.base,
      dMean?.stride ?? 0)
  }

  /// Gaussian loss of each row in nats, and `scale` times its gradient with respect to the means and to a, where the
  /// log-variance is floor + softplus(a − floor).
  package func gaussian(
    mean: Matrix, a: Matrix, _ x: Matrix, floor: Float, scale: Float, lossInto loss: Matrix,
    gradientInto gradient: (dMean: Matrix, dA: Matrix)?
  ) {
    checkHalves(mean, a)
    checkSameShape(mean, x)
    checkLosses(loss, rows: x.rows)
    if let gradient {
      checkHalves(gradient.dMean, gradient.dA)
      checkSameShape(gradient.dMean, x)
    }
    table.pointee.gaussian(
      mean.base, a.base, mean.stride, x.base, x.stride, x.rows, x.columns, floor, scale, loss.base,
      gradient?.dMean.base, gradient?.dA.base, gradient?.dMean.stride ?? 0)
  }

  /// Categorical loss of each row in nats, and `scale` times its gradient with respect to the logits; the logits of level
  /// k are columns k·D..<(k+1)·D.
  package func categorical(
    logits: Matrix, _ x: Matrix, levels: Int, scale: Float, lossInto loss: Matrix, gradientInto dLogits: Matrix?
  ) {
    precondition(
      logits.rows == x.rows && logits.columns == levels * x.columns,
      "logits \(logits.shapeDescription) of \(levels) levels of pixels \(x.shapeDescription)")
    checkLosses(loss, rows: x.rows)
    if let dLogits { checkSameShape(dLogits, logits) }
    table.pointee.categorical(
      logits.base, logits.stride, x.base, x.stride, x.rows, x.columns, Int32(levels), scale, loss.base, dLogits?.base,
      dLogits?.stride ?? 0)
  }

  // MARK: Latents

  /// z = μ + exp(s/2) ⊙ ε.
  package func reparameterize(mean: Matrix, logVariance: Matrix, noise: Matrix, into latent: Matrix) {
    checkHalves(mean, logVariance)
    checkSameShape(noise, mean)
    checkSameShape(latent, mean)
    table.pointee.reparameterize(
      mean.base, logVariance.base, mean.stride, noise.base, noise.stride, latent.base, latent.stride, mean.rows,
      mean.columns)
  }

  /// dμ += dz;  ds += ½ dz ⊙ ε ⊙ exp(s/2).
  package func reparameterizeGradient(
    dLatent: Matrix, logVariance: Matrix, noise: Matrix, accumulatingInto dMean: Matrix, _ dLogVariance: Matrix
  ) {
    checkHalves(dMean, dLogVariance)
    checkSameShape(dLatent, logVariance)
    checkSameShape(noise, logVariance)
    checkSameShape(dMean, logVariance)
    table.pointee.reparameterize_gradient(
      dLatent.base, dLatent.stride, logVariance.base, logVariance.stride, noise.base, noise.stride, dMean.base,
      dLogVariance.base, dMean.stride, dLatent.rows, dLatent.columns)
  }

  /// KL(N(μ, exp s) ‖ N(0, I)) of each row in nats.
  package func klDivergence(mean: Matrix, logVariance: Matrix, into kl: Matrix) {
    checkHalves(mean, logVariance)
    checkLosses(kl, rows: mean.rows)
    table.pointee.kl_divergence(mean.base, logVariance.base, mean.stride, mean.rows, mean.columns, kl.base)
  }

  /// The sum over the rows of each dimension's KL(N(μ, exp s) ‖ N(0, 1)), into `sums` [1, L].
  package func klColumns(mean: Matrix, logVariance: Matrix, into sums: Matrix) {
    checkHalves(mean, logVariance)
    precondition(sums.columns == mean.columns, "\(sums.columns) sums for \(mean.columns) dimensions")
    table.pointee.kl_columns(mean.base, logVariance.base, mean.stride, mean.rows, mean.columns, sums.base)
  }

  /// dμ ← scale μ;  ds ← scale ½ (exp s − 1).
  package func klDivergenceGradient(
    mean: Matrix, logVariance: Matrix, scale: Float, into dMean: Matrix, _ dLogVariance: Matrix
  ) {
    checkHalves(mean, logVariance)
    checkHalves(dMean, dLogVariance)
    checkSameShape(dMean, mean)
    table.pointee.kl_divergence_gradient(
      mean.base, logVariance.base, mean.stride, scale, dMean.base, dLogVariance.base, dMean.stride, mean.rows,
      mean.columns)
  }

  /// Each row times offset + slope · its weight, in place; `weights` [1, rows].
  package func scaleRows(_ x: Matrix, by weights: Matrix, slope: Float = 1, offset: Float = 0) {
    checkLosses(weights, rows: x.rows)
    table.pointee.scale_rows(x.base, x.stride, weights.base, slope, offset, x.rows, x.columns)
  }

  /// log N(z; 0, I) − log N(z; μ, exp s) of each row, where z = μ + exp(s/2) ⊙ ε.
  package func logDensityRatio(latent: Matrix, logVariance: Matrix, noise: Matrix, into ratio: Matrix) {
    checkSameShape(latent, logVariance)
    checkSameShape(noise, logVariance)
    checkLosses(ratio, rows: latent.rows)
    table.pointee.log_density_ratio(
      latent.base, latent.stride, logVariance.base, logVariance.stride, noise.base, noise.stride, latent.rows,
      latent.columns, ratio.base)
  }

  /// dz += scale weight (z − posterior ε exp(−s/2)), a weight [1, rows] for each row.
  package func addLogDensityGradient(
    latent: Matrix, logVariance: Matrix, noise: Matrix, weights: Matrix, scale: Float, posterior: Float,
    accumulatingInto dLatent: Matrix
  ) {
    checkSameShape(latent, logVariance)
    checkSameShape(noise, logVariance)
    checkSameShape(dLatent, logVariance)
    checkLosses(weights, rows: latent.rows)
    table.pointee.add_log_density_gradient(
      latent.base, latent.stride, logVariance.base, logVariance.stride, noise.base, noise.stride, weights.base,
      scale, posterior, dLatent.base, dLatent.stride, latent.rows, latent.columns)
  }

  // MARK: Parameters

  /// One Adam step on a matrix of weights, whose moments have its stride; see `Adam` in VAETrainer for the equations.
  public func adam(
    weights: Matrix, gradient: Matrix, firstMoment: Matrix, secondMoment: Matrix, learningRate: Float, beta1: Float,
    beta2: Float, epsilon: Float, firstMomentCorrection: Float, secondMomentCorrection: Float, gradientScale: Float,
    weightDecay: Float = 0
  ) {
    checkSameShape(gradient, weights)
    checkSameShape(firstMoment, weights)
    checkSameShape(secondMoment, weights)
    precondition(
      firstMoment.stride == weights.stride && secondMoment.stride == weights.stride,
      "weights and moments \(weights.stride), \(firstMoment.stride) and \(secondMoment.stride) floats apart")
    var constants = vm_adam_constants(
      learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      first_moment_correction: firstMomentCorrection, second_moment_correction: secondMomentCorrection,
      gradient_scale: gradientScale, weight_decay: weightDecay)
    table.pointee.adam(
      weights.base, firstMoment.base, secondMoment.base, weights.stride, gradient.base, gradient.stride, weights.rows,
      weights.columns, &constants)
  }

  /// One step of gradient descent with momentum, whose velocity has the weights' stride.
  package func momentum(
    weights: Matrix, gradient: Matrix, velocity: Matrix, learningRate: Float, momentum: Float, gradientScale: Float
  ) {
    checkSameShape(gradient, weights)
    checkSameShape(velocity, weights)
    precondition(
      velocity.stride == weights.stride, "weights and velocity \(weights.stride) and \(velocity.stride) floats apart")
    table.pointee.momentum(
      weights.base, velocity.base, weights.stride, gradient.base, gradient.stride, weights.rows, weights.columns,
      learningRate, momentum, gradientScale)
  }

  /// Σ x², accumulated in double precision.
  public func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
    table.pointee.sum_of_squares(x, count)
  }

  /// The index of the first number that is NaN or infinite.
  public func firstNonFinite(_ x: UnsafePointer<Float>, count: Int) -> Int? {
    let index = table.pointee.first_non_finite(x, count)
    return index < 0 ? nil : index
  }

  // MARK: Data

  /// Asks for memory that will be read soon, so that it comes while something else is done.
  public func prefetch<Number>(_ numbers: UnsafePointer<Number>, count: Int) {
    vm_prefetch(numbers, count * MemoryLayout<Number>.stride)
  }

  /// x ← y + scale x.
  package func addScaled(_ x: Matrix, scale: Float, to y: Matrix) {
    checkSameShape(x, y)
    table.pointee.add_scaled(x.base, x.stride, y.base, y.stride, scale, x.rows, x.columns)
  }

  /// x ← y where x ≥ threshold, else 0.
  package func keep(_ y: Matrix, where x: Matrix, isAtLeast threshold: Float) {
    checkSameShape(x, y)
    table.pointee.keep_above(x.base, x.stride, y.base, y.stride, threshold, x.rows, x.columns)
  }

  /// out = byte / 255, correctly rounded.
  public func floats(from bytes: UnsafePointer<UInt8>, count: Int, into out: UnsafeMutablePointer<Float>) {
    table.pointee.bytes_to_floats(bytes, out, count)
  }

  /// out = 1 where byte ≥ threshold, else 0.
  public func threshold(
    _ bytes: UnsafePointer<UInt8>, at threshold: UInt8, count: Int, into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.threshold_bytes(bytes, threshold, out, count)
  }

  /// out = 1 where x ≥ threshold, else 0.
  public func threshold(
    _ x: UnsafePointer<Float>, at threshold: Float, count: Int, into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.threshold_floats(x, threshold, out, count)
  }

  /// out = 1 with probability byte / 255, else 0, from the numbers of `example` in `stream`.
  public func drawBernoulli(
    _ bytes: UnsafePointer<UInt8>, count: Int, _ stream: RandomStream, example: UInt32,
    into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.bernoulli_bytes(bytes, out, count, stream.code, example)
  }

  /// out = 1 with probability x, else 0, from the numbers of `example` in `stream`.
  public func drawBernoulli(
    _ x: UnsafePointer<Float>, count: Int, _ stream: RandomStream, example: UInt32,
    into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.bernoulli_floats(x, out, count, stream.code, example)
  }

  // MARK: Random numbers

  /// Uniform numbers in [0, 1); row i is that of `examples[i]` in `stream`.
  public func fillUniform(_ out: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>) {
    precondition(examples.count == out.rows, "\(examples.count) examples for \(out.rows) rows")
    guard let indices = examples.baseAddress else { return }
    table.pointee.uniform(out.base, out.stride, out.rows, out.columns, stream.code, indices)
  }

  /// Standard normal numbers; row i is that of `examples[i]` in `stream`.
  public func fillNormal(_ out: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>) {
    precondition(examples.count == out.rows, "\(examples.count) examples for \(out.rows) rows")
    guard let indices = examples.baseAddress else { return }
    table.pointee.normal(out.base, out.stride, out.rows, out.columns, stream.code, indices)
  }

  // MARK: Elementary functions

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

extension Activation {
  fileprivate var code: Int32 {
    switch self {
    case .identity: Int32(VM_IDENTITY)
    case .relu: Int32(VM_RELU)
    case .tanh: Int32(VM_TANH)
    case .sigmoid: Int32(VM_SIGMOID)
    case .softplus: Int32(VM_SOFTPLUS)
    }
  }
}

extension RandomStream {
  fileprivate var code: vm_random_stream {
    vm_random_stream(seed: seed, epoch: epoch, purpose_and_sample: purposeAndSample)
  }
}

private func checkProduct(_ rows: Int, _ inner: Int, _ inner2: Int, _ columns: Int, _ c: Matrix) {
  precondition(
    inner == inner2 && c.rows == rows && c.columns == columns,
    "a product of \(rows) × \(inner) and \(inner2) × \(columns) into \(c.shapeDescription)")
}

private func checkSameShape(_ a: Matrix, _ b: Matrix) {
  precondition(
    a.rows == b.rows && a.columns == b.columns, "shapes differ: \(a.shapeDescription) and \(b.shapeDescription)")
}

/// μ and s, and their gradients, are halves of one matrix and so share a stride.
private func checkHalves(_ mean: Matrix, _ logVariance: Matrix) {
  checkSameShape(mean, logVariance)
  precondition(mean.stride == logVariance.stride, "strides differ: \(mean.stride) and \(logVariance.stride)")
}

private func checkLosses(_ loss: Matrix, rows: Int) {
  precondition(loss.rows == 1 && loss.columns == rows, "\(loss.shapeDescription) losses for \(rows) examples")
}
