import Foundation
import VAEKernels

/// What turns gradients into steps: Adam, AdamW, or gradient descent with momentum.
///
/// With the gradient g of step t = 1, 2, …, element by element,
///
///     adam, adamw     m ← β₁ m + (1 − β₁) g             first moment, from zero
///                     v ← β₂ v + (1 − β₂) g²            second moment, from zero
///                     m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
///                     θ ← (1 − α λ) θ − α m̂ / (√v̂ + ε)          λ = 0 in adam
///     sgd             m ← μ m + g                       from zero
///                     θ ← θ − α m
///
/// Sources: Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019, algorithm 2, whose schedule factor is in α here,
/// and whose decay applies to every parameter; Sutskever, Martens, Dahl and Hinton 2013, with α outside the velocity. The
/// loops are `VectorMath.adam` and `momentum`, one pass over weights, gradient and moments; a moment that decays until it
/// is subnormal becomes zero.
public final class Optimizer: Sendable {
  /// Which method.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Adaptive moments.
    case adam
    /// Adaptive moments, and weights that decay.
    case adamW = "adamw"
    /// Gradient descent with momentum.
    case sgd
  }

  /// The method and its constants.
  public struct Options: Sendable, Hashable, Codable {
    /// Which method.
    public var method: Method
    /// α before any schedule.
    public var learningRate: Float
    /// The decay of the first moment.
    public var beta1: Float
    /// The decay of the second moment.
    public var beta2: Float
    /// What keeps the quotient finite where v̂ is zero.
    public var epsilon: Float
    /// λ of AdamW.
    public var weightDecay: Float
    /// μ of gradient descent.
    public var momentum: Float

    /// The defaults are those of Kingma and Ba; a weight decay of 0.01 and a momentum of 0.9.
    public init(
      _ method: Method = .adam, learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999,
      epsilon: Float = 1e-8, weightDecay: Float = 0.01, momentum: Float = 0.9
    ) {
      self.method = method
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.momentum = momentum
    }
  }

  /// What is constant in one step.
  public struct Step: Sendable {
    let learningRate: Float
    let firstMomentCorrection: Float
    let secondMomentCorrection: Float
    /// What the gradient is multiplied by first; 1 unless it is clipped.
    var gradientScale: Float = 1
  }

  /// The constants in force.
  public let options: Options
  /// m.
  public let firstMoment: ParameterArena
  /// v, where the method has one.
  public let secondMoment: ParameterArena?

  /// An optimiser for parameters of this layout, all moments zero.
  public init(_ layout: ParameterLayout, options: Options = Options()) {
    self.options = options
    firstMoment = ParameterArena(layout)
    secondMoment = options.method == .sgd ? nil : ParameterArena(layout)
  }

  /// The constants of step `number`, counted from 1, at `learningRate`.
  public func step(_ number: Int, learningRate: Float) -> Step {
    precondition(number > 0, "an optimiser counts steps from 1, not \(number)")
    // In double precision: 1 − 0.999 has lost half its digits in a Float.
    let correction = { (beta: Float) in Float(1 / (1 - pow(Double(beta), Double(number)))) }
    return Step(
      learningRate: learningRate, firstMomentCorrection: correction(options.beta1),
      secondMomentCorrection: correction(options.beta2))
  }

  /// Updates one part of the parameters by its gradient, of the same shape.
  public func update(_ weights: ParameterArena, _ part: ParameterLayout.Part, gradient: Matrix, _ step: Step) {
    guard let secondMoment else {
      return VectorMath.active.momentum(
        weights: weights[part], gradient: gradient, velocity: firstMoment[part], learningRate: step.learningRate,
        momentum: options.momentum, gradientScale: step.gradientScale)
    }
    VectorMath.active.adam(
      weights: weights[part], gradient: gradient, firstMoment: firstMoment[part], secondMoment: secondMoment[part],
      learningRate: step.learningRate, beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon,
      firstMomentCorrection: step.firstMomentCorrection, secondMomentCorrection: step.secondMomentCorrection,
      gradientScale: step.gradientScale, weightDecay: options.method == .adamW ? options.weightDecay : 0)
  }

  /// Updates the parameters at `range`, offsets in floats from the start of the arenas.
  public func update(_ weights: ParameterArena, _ gradients: ParameterArena, range: Range<Int>, _ step: Step) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= weights.buffer.count
        && weights.buffer.count == gradients.buffer.count && weights.buffer.count == firstMoment.buffer.count,
      "floats \(range) of arenas of \(weights.buffer.count), \(gradients.buffer.count), \(firstMoment.buffer.count)")
    let part = ParameterLayout.Part(offset: range.lowerBound, rows: 1, columns: range.count, stride: range.count)
    update(weights, part, gradient: gradients[part], step)
  }

  /// Throws `TrainingOptionsError` for constants that make no sense.
  static func validate(_ options: Options) throws {
    func require(_ holds: Bool, _ option: String, _ expected: String, _ found: Float) throws {
      if !holds { throw TrainingOptionsError(option: option, expected: expected, found: "\(found)") }
    }
    let rate = options.learningRate
    try require(rate.isFinite && rate > 0 && rate <= 1000, "learning-rate", "more than 0, at most 1000", rate)
    try require((0..<1).contains(options.beta1), "beta1", "at least 0, less than 1", options.beta1)
    try require((0..<1).contains(options.beta2), "beta2", "at least 0, less than 1", options.beta2)
    try require(options.epsilon.isNormal && options.epsilon > 0, "epsilon", "more than 0", options.epsilon)
    try require((0...1).contains(options.weightDecay), "weight-decay", "0 to 1", options.weightDecay)
    try require((0..<1).contains(options.momentum), "momentum", "at least 0, less than 1", options.momentum)
  }
}
