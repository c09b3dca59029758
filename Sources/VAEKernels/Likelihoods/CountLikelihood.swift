import CStandardLibrary

/// A distribution of counts, D of a row, most of which may be 0: x = 0, 1, 2, … of mean
///
///     m = E exp(a),   or   m = E softmax(a) over the row's D                 a, m [B, D];  E [B, 1], the row's exposure
///
/// With d = ∂loss/∂log m, da = d of the first, and of the second, as the means share E,
///
///     da = d − softmax(a) Σ d
///
/// and where E is learned, d(log E) = Σ d.
///
/// What is 0 has neither a factorial nor a gamma function, and only what is not is taken one by one: `counts.inc`. Zeros need
/// not be there: it takes the entries of sparse rows.
protocol CountLikelihood: LearnsExposure {
  /// How the mean follows from the output, and where θ comes from.
  var form: CountForm { get }
  /// Whether there is a θ.
  var isDispersed: Bool { get }
  /// Whether there are zeros beside those that are counted.
  var isInflated: Bool { get }
}

/// What distributions of counts have in common.
public struct CountForm: Sendable, Hashable {
  /// How a mean follows from the decoder's output.
  public enum Link: String, Sendable {
    /// The exposure times the softmax of a row: shares of all that was counted.
    case softmax
    /// The exposure times exp.
    case exp
  }

  /// Where the inverse dispersion of a count comes from.
  public enum Dispersion: String, Sendable, CaseIterable {
    /// One number of each feature, which is learned.
    case feature
    /// One of each feature in each batch that the model is told: `decoder.log_inverse_dispersion` is [D, C] of C batches.
    case batch
    /// The decoder puts it out.
    case decoder
  }

  /// Of the mean.
  public var link: Link
  /// Of the inverse dispersion.
  public var dispersion: Dispersion

  /// A form.
  public init(link: Link = .softmax, dispersion: Dispersion = .feature) {
    self.link = link
    self.dispersion = dispersion
  }

  /// "exp", "dispersion decoder", in either order; where the words are not there, as usual.
  init(_ settings: inout Settings, isDispersed: Bool) throws {
    self.init()
    var (hasLink, hasDispersion) = (false, !isDispersed)
    while true {
      if !hasLink, settings.take("exp") {
        (link, hasLink) = (.exp, true)
      } else if !hasDispersion, settings.take("dispersion") {
        dispersion = Dispersion(rawValue: try settings.word(Dispersion.allCases.map(\.rawValue))) ?? .feature
        hasDispersion = true
      } else {
        return
      }
    }
  }

  /// The words, but those of what is usual.
  var settings: [String] {
    (link == .softmax ? [] : [link.rawValue]) + (dispersion == .feature ? [] : ["dispersion", dispersion.rawValue])
  }
}

extension CountLikelihood {
  /// a; log θ where the decoder puts it out; b.
  public var outputs: [(name: String, perFeature: Int)] {
    [("output", 1)] + (hasDispersionOutput ? [("log_inverse_dispersion", 1)] : [])
      + (isInflated ? [("zero_inflation", 1)] : [])
  }

  /// log θ, where it is one of each feature, or of each in each batch.
  public func parameters(features: Int) -> [(name: String, count: Int)] {
    hasDispersionParameters ? [("log_inverse_dispersion", features)] : []
  }
  /// Where log θ is one of each feature in each batch.
  public var learnsByBatch: Bool { isDispersed && form.dispersion == .batch }

  /// From 0 up.
  public var domain: ClosedRange<Float> { 0 ... .greatestFiniteMagnitude }
  /// It is.
  public var isDiscrete: Bool { true }
  /// The row's exposure.
  public var sideInputs: SideInputs { .exposure }
  /// It does.
  public var readsEntries: Bool { true }
  /// Of moments.
  public var startsFromVariance: Bool { hasDispersionParameters }

  private var hasDispersionOutput: Bool { isDispersed && form.dispersion == .decoder }
  private var hasDispersionParameters: Bool { isDispersed && form.dispersion != .decoder }

  /// The loss of each example.
  public func forward(output: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix) {
    VectorMath.active.counts(terms(output, parameters), observed, scale: 0, lossInto: loss, gradientInto: nil)
  }

  /// Loss and gradients in one pass; the gradient may not take the output's place.
  public func forwardAndBackward(
    output: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dOutput: Matrix, _ dParameters: Matrix
  ) {
    backward(output, parameters, observed, scale, loss, dOutput, dParameters, nil)
  }

  /// The same, and d(log E) = Σ d.
  public func forwardAndBackward(
    output: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dOutput: Matrix, _ dParameters: Matrix, logExposure dLogExposure: Matrix
  ) {
    backward(output, parameters, observed, scale, loss, dOutput, dParameters, dLogExposure)
  }

  private func backward(
    _ output: Matrix, _ parameters: Matrix, _ observed: Observation, _ scale: Float, _ loss: Matrix, _ dOutput: Matrix,
    _ dParameters: Matrix, _ dLogExposure: Matrix?
  ) {
    precondition(dOutput.base != output.base, "a gradient in the place of the output")
    let gradient = terms(dOutput, dParameters)
    VectorMath.active.counts(
      terms(output, parameters), observed, scale: scale, lossInto: loss,
      gradientInto: (gradient.output, gradient.logTheta, gradient.inflation), logExposure: dLogExposure)
  }

  /// The columns of each term; of gradients as well.
  private func terms(_ output: Matrix, _ parameters: Matrix) -> VectorMath.CountTerms {
    // Not `outputs`, which would be an array: this is part of every step.
    let count = output.columns / (1 + (hasDispersionOutput ? 1 : 0) + (isInflated ? 1 : 0))
    func part(_ index: Int) -> Matrix { output.columns(index * count..<(index + 1) * count) }
    return VectorMath.CountTerms(
      isSoftmax: form.link == .softmax, output: part(0),
      logTheta: hasDispersionOutput ? part(1) : isDispersed ? parameters : nil,
      inflation: isInflated ? part(hasDispersionOutput ? 2 : 1) : nil)
  }

  // MARK: Means and draws

  /// What is to be expected of an exposure of 1: of the softmax, shares.
  public func mean(inPlace output: Matrix, parameters: Matrix) {
    mean(inPlace: output, parameters: parameters, exposure: nil)
  }

  /// E m, but for the zeros that are not counted.
  public func mean(inPlace output: Matrix, parameters: Matrix, exposure: Matrix?) {
    mean(of: terms(output, parameters), exposure: exposure)
  }

  /// m.
  public func rate(inPlace output: Matrix, parameters: Matrix, exposure: Matrix?) {
    var terms = terms(output, parameters)
    terms.inflation = nil
    mean(of: terms, exposure: exposure)
  }

  private func mean(of terms: VectorMath.CountTerms, exposure: Matrix?) {
    let output = terms.output
    for row in 0..<output.rows {
      let a = output.base + row * output.stride
      let scale = Double(exposure.map { $0.base[row * $0.stride] } ?? 1)
      let count = output.columns
      var (largest, total) = (0.0, 1.0)
      if form.link == .softmax {
        largest = -Double.infinity
        for j in 0..<count { largest = max(largest, Double(a[j])) }
        total = 0
        for j in 0..<count { total += exp(Double(a[j]) - largest) }
      }
      for j in 0..<count {
        let counted = terms.inflation.map { 1 / (1 + exp(Double($0.base[row * $0.stride + j]))) } ?? 1
        a[j] = Float(scale * counted * exp(Double(a[j]) - largest) / total)
      }
    }
  }

  /// A count of each feature for an exposure of 1.
  public func draw(
    inPlace output: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>
  ) {
    draw(inPlace: output, parameters: parameters, exposure: nil, stream, examples: examples)
  }

  /// A count of each feature: Poisson of a rate that is m, or of a gamma distribution with that mean; or a zero of its own.
  public func draw(
    inPlace output: Matrix, parameters: Matrix, exposure: Matrix?, _ stream: RandomStream,
    examples: UnsafeBufferPointer<UInt32>
  ) {
    let terms = terms(output, parameters)
    var plain = terms
    plain.inflation = nil
    for row in 0..<output.rows {
      var numbers = RandomSequence(stream, example: examples[row])
      let a = terms.output.base + row * terms.output.stride
      let scale = Double(exposure.map { $0.base[row * $0.stride] } ?? 1)
      let count = terms.output.columns
      let largest = form.link == .softmax ? (0..<count).reduce(-Double.infinity) { max($0, Double(a[$1])) } : 0
      let total = form.link == .softmax ? (0..<count).reduce(0.0) { $0 + exp(Double(a[$1]) - largest) } : 1
      for j in 0..<count {
        var rate = scale * exp(Double(a[j]) - largest) / total
        if let theta = terms.logTheta {
          let shape = exp(Double(theta.base[(theta.rows == 1 ? 0 : row * theta.stride) + j]))
          rate *= numbers.gamma(shape: shape) / shape
        }
        var drawn = numbers.poisson(rate: rate)
        if let inflation = terms.inflation {
          let probability = 1 / (1 + exp(-Double(inflation.base[row * inflation.stride + j])))
          if numbers.fineUniform() < probability { drawn = 0 }
        }
        a[j] = Float(drawn)
      }
    }
  }

  // MARK: Where it starts

  /// The logarithms of shares that are those of the means; no dispersion of the rows; a zero of its own one time in ten.
  public func initialOutput(mean: [Float], variance: [Float]) -> [Float] {
    let total = mean.reduce(0.0) { $0 + Double($1) }
    // A feature that never was may still be.
    let least = max(total, 1e-30) / Double(max(mean.count, 1)) * 1e-3
    let shares = mean.map { Float(log(max(Double($0), least) / max(total, 1e-30))) }
    return shares + (hasDispersionOutput ? mean.map { _ in 0 } : [])
      + (isInflated ? mean.map { _ in Float(log(1.0 / 9)) } : [])
  }

  /// log θ by moments, θ = m² / (v − m), between 0.1 and 100: variances of whole columns have what differs between rows in
  /// them too.
  public func initialParameters(mean: [Float], variance: [Float]) -> [Float] {
    guard startsFromVariance else { return [] }
    return zip(mean, variance).map { m, v in
      let theta = v > m && m > 0 ? m * m / (v - m) : 1
      return log(min(max(theta, 0.1), 100))
    }
  }
}
