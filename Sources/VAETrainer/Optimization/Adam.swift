import Foundation
import VAEKernels

/// Adam with bias correction.
///
/// With the gradient g of step t = 1, 2, …, element by element,
///
///     m ← β₁ m + (1 − β₁) g             first moment, from zero
///     v ← β₂ v + (1 − β₂) g²            second moment, from zero
///     m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
///     θ ← θ − α m̂ / (√v̂ + ε)
///
/// Source: Kingma and Ba 2015, algorithm 1. The loop itself is `VectorMath.adam`, one pass over weights, gradients and
/// both moments; a moment that decays until it is subnormal becomes zero.
public final class Adam: Sendable {
  /// The constants of the method.
  public struct Options: Sendable, Hashable, Codable {
    /// α before any schedule.
    public var learningRate: Float
    /// The decay of the first moment.
    public var beta1: Float
    /// The decay of the second moment.
    public var beta2: Float
    /// What keeps the quotient finite where v̂ is zero.
    public var epsilon: Float

    /// The defaults are the paper's.
    public init(learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
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
  /// v.
  public let secondMoment: ParameterArena

  /// An optimiser for parameters of this layout, both moments zero.
  public init(_ layout: ParameterLayout, options: Options = Options()) {
    self.options = options
    firstMoment = ParameterArena(layout)
    secondMoment = ParameterArena(layout)
  }

  /// The constants of step `number`, counted from 1, at `learningRate`.
  public func step(_ number: Int, learningRate: Float) -> Step {
    precondition(number > 0, "Adam counts steps from 1, not \(number)")
    // In double precision: 1 − 0.999 has lost half its digits in a Float.
    let correction = { (beta: Float) in Float(1 / (1 - pow(Double(beta), Double(number)))) }
    return Step(
      learningRate: learningRate, firstMomentCorrection: correction(options.beta1),
      secondMomentCorrection: correction(options.beta2))
  }

  /// Updates one part of the parameters by its gradient, of the same shape.
  public func update(_ weights: ParameterArena, _ part: ParameterLayout.Part, gradient: Matrix, _ step: Step) {
    VectorMath.active.adam(
      weights: weights[part], gradient: gradient, firstMoment: firstMoment[part], secondMoment: secondMoment[part],
      learningRate: step.learningRate, beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon,
      firstMomentCorrection: step.firstMomentCorrection, secondMomentCorrection: step.secondMomentCorrection,
      gradientScale: step.gradientScale)
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
}
