import CStandardLibrary

/// Independent pixels of N levels, 0 to 1 in steps of 1/(N − 1), each with a probability: the softmax cross-entropy.
///
///     p_k = exp a_k / Σ exp a                              a [B, N·D], the logits of level k in columns k·D..<(k+1)·D
///     −log p(x|z) = Σ over pixels of (log Σ exp a − a_t)   nats an example; t the level nearest to x (N − 1), x [B, D]
///     da_k = p_k − [k = t]
///
/// times `scale`. The largest logit is taken out of the exponentials. With 256 levels and pixels stored as bytes this is
/// the probability of the very bytes, so that bits per dimension compare with those of other models of them.
public struct Categorical: Likelihood {
  /// "categorical".
  public static let name = "categorical"

  /// N.
  public let levels: Int

  /// The member with so many levels.
  public init(levels: Int) {
    self.levels = levels
  }

  /// The numbers of levels that there may be: x is stored as bytes.
  public static let possibleLevels = 2...256

  /// "categorical", of 256 levels as bytes have, or "categorical 4".
  public init(_ settings: inout Settings) throws {
    levels = try settings.wholeNumber("a number of levels", in: Self.possibleLevels, otherwise: 256)
  }

  /// N.
  public var settings: [String] { ["\(levels)"] }
  /// A logit for each level.
  public var outputs: [(name: String, perFeature: Int)] { [("output", levels)] }
  /// 0 to 1.
  public var domain: ClosedRange<Float> { 0...1 }
  /// A probability.
  public var isDiscrete: Bool { true }

  /// The loss of each example.
  public func forward(output logits: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix) {
    VectorMath.active.categorical(
      logits: logits, observed.target, levels: levels, scale: 0, lossInto: loss, gradientInto: nil)
  }

  /// Loss and gradient in one pass.
  public func forwardAndBackward(
    output logits: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dLogits: Matrix, _ dParameters: Matrix
  ) {
    VectorMath.active.categorical(
      logits: logits, observed.target, levels: levels, scale: scale, lossInto: loss, gradientInto: dLogits)
  }

  /// Σ p_k k / (N − 1).
  public var meanLink: MeanLink? { .expectedLevel(levels) }

  /// Σ p_k k / (N − 1).
  public func mean(inPlace logits: Matrix, parameters: Matrix) {
    forEachPixel(of: logits) { _, _, weights, total in
      var sum: Float = 0
      for level in 0..<levels { sum += weights[level] * Float(level) }
      return sum / total / Float(levels - 1)
    }
  }

  /// The level at which the running sum of the probabilities passes a uniform number.
  public func draw(
    inPlace logits: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>
  ) {
    let features = logits.columns / levels
    let buffer = AlignedBuffer(count: logits.rows * features)
    let uniform = Matrix(buffer.base, rows: logits.rows, columns: features)
    VectorMath.active.fillUniform(uniform, stream, examples: examples)
    forEachPixel(of: logits) { row, feature, weights, total in
      var left = uniform[row, feature] * total
      var level = 0
      while level < levels - 1, left >= weights[level] {
        left -= weights[level]
        level += 1
      }
      return Float(level) / Float(levels - 1)
    }
  }

  /// Replaces each pixel's first logit by what `value` makes of exp(a_k − max a) and their sum.
  private func forEachPixel(of logits: Matrix, _ value: (Int, Int, [Float], Float) -> Float) {
    let features = logits.columns / levels
    var weights = [Float](repeating: 0, count: levels)
    for row in 0..<logits.rows {
      for feature in 0..<features {
        var largest = -Float.infinity
        for level in 0..<levels { largest = max(largest, logits[row, level * features + feature]) }
        var total: Float = 0
        for level in 0..<levels {
          weights[level] = exp(logits[row, level * features + feature] - largest)
          total += weights[level]
        }
        logits[row, feature] = value(row, feature, weights, total)
      }
    }
  }

  /// Every level alike.
  public func initialOutput(mean: [Float], variance: [Float]) -> [Float] {
    [Float](repeating: 0, count: levels * mean.count)
  }
}

extension Likelihood where Self == Categorical {
  /// Independent pixels of a number of levels, each with a probability.
  public static func categorical(levels: Int) -> Categorical { Categorical(levels: levels) }
}
