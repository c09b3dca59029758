import VAEKernels

/// One function of `VectorMath` on matrices of any size.
struct VectorFunction {
  let name: String
  let call: (VectorMath, Operands) -> Void

  /// What the functions work on: numbers above 0 and below 1 at first, and finite ever after.
  final class Operands {
    let count: Int
    let matrices: [Matrix]
    /// The halves of a matrix of twice the columns: μ and s.
    let mean: Matrix
    let logVariance: Matrix
    let dMean: Matrix
    let dLogVariance: Matrix
    let row: Matrix
    let losses: Matrix
    let bytes: [UInt8]
    let examples: [UInt32]
    private let buffers: [AlignedBuffer]

    init(rows: Int, columns: Int) {
      count = rows * columns
      buffers = (0..<4).map { _ in AlignedBuffer(count: 2 * rows * columns) } + [AlignedBuffer(count: rows + columns)]
      for buffer in buffers {
        for index in 0..<buffer.count { buffer.base[index] = Float(index % 101 + 1) / 128 }
      }
      matrices = buffers.prefix(4).map { Matrix($0.base, rows: rows, columns: columns) }
      let head = Matrix(buffers[0].base, rows: rows, columns: 2 * columns)
      let dHead = Matrix(buffers[1].base, rows: rows, columns: 2 * columns)
      (mean, logVariance) = (head.columns(0..<columns), head.columns(columns..<2 * columns))
      (dMean, dLogVariance) = (dHead.columns(0..<columns), dHead.columns(columns..<2 * columns))
      row = Matrix(buffers[4].base, rows: 1, columns: columns)
      losses = Matrix(buffers[4].base + columns, rows: 1, columns: rows)
      bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      examples = (0..<UInt32(rows)).map { $0 }
    }
  }

  /// What the first matrix holds, where it matters.
  private let first: Float?

  private init(_ name: String, first: Float? = nil, _ call: @escaping (VectorMath, Operands) -> Void) {
    self.name = name
    self.first = first
    self.call = call
  }

  /// A y, or an x where the slope is of the input, at which the size of the slope is 1, so that a gradient multiplied in
  /// place again and again does not vanish.
  private static func slopeOfOne(_ activation: Activation) -> Float {
    switch activation {
    case .identity, .relu, .elu, .leakyReLU: 1
    case .tanh: 0
    case .sigmoid: 1.618034  // y (1 − y) = −1
    case .softplus, .gelu, .silu: 50
    }
  }

  /// The best of many runs, of at least 30 ms together.
  func nanoseconds(_ copy: VectorMath, rows: Int, columns: Int) -> Double {
    let operands = Operands(rows: rows, columns: columns)
    if let first { operands.matrices[0].fill(first) }
    let calls = max(1, 20_000 / operands.count)
    var best = Double.infinity
    var spent = 0.0
    while spent < 0.03 {
      let time = seconds { for _ in 0..<calls { call(copy, operands) } }
      best = min(best, time)
      spent += time
    }
    return best / Double(calls * operands.count) * 1e9
  }

  static var all: [VectorFunction] { layers + elementary + others }

  private static var layers: [VectorFunction] {
    Activation.allCases.map { activation in
      VectorFunction("bias_activation \(activation)") {
        $0.addBiasAndActivate($1.matrices[0], bias: $1.row, activation)
      }
    }
      + Activation.allCases.map { activation in
        VectorFunction("activation_gradient \(activation)", first: slopeOfOne(activation)) {
          $0.multiplyByGradient(of: activation, at: $1.matrices[0], $1.matrices[1])
        }
      }
  }

  private static var elementary: [VectorFunction] {
    VectorMath.ElementaryFunction.allCases.map { function in
      VectorFunction("map \(function)") {
        $0.map(function, $1.matrices[0].base, into: $1.matrices[1].base, count: $1.count)
      }
    }
  }

  private static let stream = RandomStream(seed: 0, purpose: .user)

  private static var others: [VectorFunction] {
    [
      VectorFunction("map_rising") {
        $0.mapRising(
          $1.matrices[0].base, $1.matrices[1].base, values: $1.matrices[2].base, slopes: $1.matrices[3].base,
          count: $1.count)
      },
      VectorFunction("map_poisson", first: 7) {
        $0.mapPoisson(
          $1.matrices[0].base, logMean: $1.matrices[1].base, losses: $1.matrices[2].base,
          slopes: $1.matrices[3].base, count: $1.count)
      },
      VectorFunction("map_negative_binomial", first: 7) {
        $0.mapNegativeBinomial(
          $1.matrices[0].base, logMean: $1.matrices[1].base, logTheta: $1.matrices[1].base,
          losses: $1.matrices[2].base, byLogMean: $1.matrices[3].base, byLogTheta: $1.matrices[3].base, count: $1.count)
      },
      VectorFunction("map_negative_binomial of 0") {
        $0.mapNegativeBinomial(
          nil, logMean: $1.matrices[0].base, logTheta: $1.matrices[1].base, losses: $1.matrices[2].base,
          byLogMean: $1.matrices[3].base, byLogTheta: $1.matrices[3].base, count: $1.count)
      },
      VectorFunction("activation_values gelu") { $0.activate($1.matrices[0], into: $1.matrices[1], .gelu) },
      VectorFunction("layer_norm") {
        $0.layerNorm(
          $1.matrices[0], scale: $1.row, shift: $1.row, epsilon: 1e-5, into: $1.matrices[1], mean: $1.losses,
          inverseDeviation: $1.losses)
      },
      VectorFunction("layer_norm_gradient") {
        $0.layerNormGradient(
          $1.matrices[0], x: $1.matrices[1], scale: $1.row, mean: $1.losses, inverseDeviation: $1.losses,
          into: $1.matrices[2])
      },
      VectorFunction("layer_norm_parameter_gradient") {
        $0.layerNormParameterGradient(
          $1.matrices[0], x: $1.matrices[1], mean: $1.losses, inverseDeviation: $1.losses,
          dScale: $1.dMean.rows(0..<1), dShift: $1.dLogVariance.rows(0..<1))
      },
      VectorFunction("column_statistics") {
        $0.columnStatistics($1.matrices[0], mean: $1.dMean.rows(0..<1), variance: $1.dLogVariance.rows(0..<1))
      },
      VectorFunction("normalize_columns") {
        $0.normalizeColumns(
          $1.matrices[0], mean: $1.row, inverseDeviation: $1.row, scale: $1.row, shift: $1.row, into: $1.matrices[1])
      },
      VectorFunction("batch_norm_gradient") {
        $0.batchNormGradient(
          $1.matrices[0], x: $1.matrices[1], mean: $1.row, inverseDeviation: $1.row, scale: $1.row, dScale: $1.row,
          dShift: $1.row, into: $1.matrices[2])
      },
      VectorFunction("column_sums") { $0.sumColumns($1.matrices[0], into: $1.row, accumulating: false) },
      VectorFunction("bernoulli") {
        $0.bernoulli(
          logits: $1.matrices[0], $1.matrices[1], scale: 1, lossInto: $1.losses, gradientInto: $1.matrices[2])
      },
      VectorFunction("squared_error") {
        $0.squaredError(
          mean: $1.matrices[0], $1.matrices[1], weight: 1, scale: 1, lossInto: $1.losses,
          gradientInto: $1.matrices[2])
      },
      VectorFunction("gaussian") {
        $0.gaussian(
          mean: $1.mean, a: $1.logVariance, $1.matrices[2], floor: -11, scale: 1, lossInto: $1.losses,
          gradientInto: ($1.dMean, $1.dLogVariance))
      },
      // A logit is an element: of four levels.
      VectorFunction("categorical") {
        let logits = $1.matrices[0]
        $0.categorical(
          logits: logits, $1.matrices[1].columns(0..<logits.columns / 4), levels: 4, scale: 1, lossInto: $1.losses,
          gradientInto: $1.matrices[2])
      },
      VectorFunction("reparameterize") {
        $0.reparameterize(mean: $1.mean, logVariance: $1.logVariance, noise: $1.matrices[2], into: $1.matrices[3])
      },
      VectorFunction("reparameterize_gradient") {
        $0.reparameterizeGradient(
          dLatent: $1.matrices[3], logVariance: $1.logVariance, noise: $1.matrices[2], accumulatingInto: $1.dMean,
          $1.dLogVariance)
      },
      VectorFunction("kl_divergence") {
        $0.klDivergence(mean: $1.mean, logVariance: $1.logVariance, into: $1.losses)
      },
      VectorFunction("kl_divergence_gradient") {
        $0.klDivergenceGradient(
          mean: $1.mean, logVariance: $1.logVariance, scale: 1, into: $1.dMean, $1.dLogVariance)
      },
      VectorFunction("kl_columns") { $0.klColumns(mean: $1.mean, logVariance: $1.logVariance, into: $1.row) },
      VectorFunction("log_density_ratio") {
        $0.logDensityRatio(
          latent: $1.matrices[3], logVariance: $1.logVariance, noise: $1.matrices[2], into: $1.losses)
      },
      VectorFunction("add_log_density_gradient") {
        $0.addLogDensityGradient(
          latent: $1.matrices[3], logVariance: $1.logVariance, noise: $1.matrices[2], weights: $1.losses, scale: 1e-9,
          posterior: 1, accumulatingInto: $1.matrices[1])
      },
      VectorFunction("scale_rows", first: 1) {
        $0.scaleRows($1.matrices[0], by: $1.losses, slope: 0, offset: 1)
      },
      VectorFunction("adam") {
        $0.adam(
          weights: $1.matrices[0], gradient: $1.matrices[1], firstMoment: $1.matrices[2],
          secondMoment: $1.matrices[3], learningRate: 1e-9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
          firstMomentCorrection: 1, secondMomentCorrection: 1, gradientScale: 1)
      },
      VectorFunction("adamax") {
        $0.adamax(
          weights: $1.matrices[0], gradient: $1.matrices[1], firstMoment: $1.matrices[2],
          infinityNorm: $1.matrices[3], learningRate: 1e-9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
          firstMomentCorrection: 1, gradientScale: 1)
      },
      VectorFunction("rmsprop") {
        $0.rmsprop(
          weights: $1.matrices[0], gradient: $1.matrices[1], secondMoment: $1.matrices[2], learningRate: 1e-9,
          decay: 0.99, epsilon: 1e-8, gradientScale: 1)
      },
      VectorFunction("momentum") {
        $0.momentum(
          weights: $1.matrices[0], gradient: $1.matrices[1], velocity: $1.matrices[2], learningRate: 1e-9,
          momentum: 0.9, gradientScale: 1)
      },
      VectorFunction("add_scaled", first: 1) { $0.addScaled($1.matrices[0], scale: 0.5, to: $1.matrices[1]) },
      VectorFunction("keep_above", first: 1) {
        $0.keep($1.matrices[1], where: $1.matrices[0], isAtLeast: 0)
      },
      VectorFunction("bytes_to_floats") {
        $0.floats(from: $1.bytes, count: $1.count, into: $1.matrices[0].base)
      },
      VectorFunction("threshold_bytes") {
        $0.threshold($1.bytes, at: 128, count: $1.count, into: $1.matrices[0].base)
      },
      VectorFunction("threshold_floats") {
        $0.threshold($1.matrices[1].base, at: 0.5, count: $1.count, into: $1.matrices[0].base)
      },
      VectorFunction("bernoulli_bytes") {
        $0.drawBernoulli($1.bytes, count: $1.count, stream, example: 0, into: $1.matrices[0].base)
      },
      VectorFunction("bernoulli_floats") {
        $0.drawBernoulli($1.matrices[1].base, count: $1.count, stream, example: 0, into: $1.matrices[0].base)
      },
      VectorFunction("uniform") { math, operands in
        operands.examples.withUnsafeBufferPointer { math.fillUniform(operands.matrices[0], stream, examples: $0) }
      },
      VectorFunction("normal") { math, operands in
        operands.examples.withUnsafeBufferPointer { math.fillNormal(operands.matrices[0], stream, examples: $0) }
      },
      VectorFunction("sum_of_squares") { _ = $0.sumOfSquares($1.matrices[0].base, count: $1.count) },
      VectorFunction("first_non_finite") { _ = $0.firstNonFinite($1.matrices[0].base, count: $1.count) },
    ]
  }
}
