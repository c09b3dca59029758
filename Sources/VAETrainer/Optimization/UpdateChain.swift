import Foundation
import VAEKernels

/// What turns gradients into steps: a chain of clipping, an L2 penalty and an optimiser's rule, and what the rule
/// remembers.
///
///     g ← s g              s the scale of `GradientClipping`, 1 without it
///     g ← g + λ θ          where the parameter decays and there is a penalty
///     θ ← rule(θ, g)       with a decay of its own where the parameter decays and the rule has one
///
/// The rule's arenas are of the weights' layout. A gradient is handed over once, a tile at a time or whole; where there is
/// a penalty it is overwritten.
public final class UpdateChain: Sendable {
  /// The rule and the decay.
  public let options: OptimizerOptions
  /// What the rule remembers, in the order of its `stateNames`.
  public let state: [ParameterArena]
  private let rule: any Optimizer
  private let groups: [ParameterGroup]

  /// A chain for the parameters of this layout that are of some `parts` of a model, all of the rule's state zero. It leaves
  /// the others, and statistics, as they are.
  public init(
    _ layout: ParameterLayout, options: OptimizerOptions = OptimizerOptions(), trained parts: ModelParts = .all
  ) {
    self.options = options
    rule = options.rule
    state = type(of: options.rule).stateNames.map { _ in ParameterArena(layout) }
    groups = ParameterGroup.groups(of: layout, trained: parts, decayed: options.decayed)
  }

  /// The names of `state`, as in checkpoints.
  public var stateNames: [String] { type(of: rule).stateNames }

  /// What the rule remembers under this name, if anything.
  public subscript(name: String) -> ParameterArena? { stateNames.firstIndex(of: name).map { state[$0] } }

  /// Updates one tile of the parameters by its gradient, of the same shape. All of a tile is of one block.
  public func update(_ weights: ParameterArena, _ tile: ParameterLayout.Tile, gradient: Matrix, _ step: UpdateStep) {
    // By index, here and below: in a debug build the standard library's searches allocate.
    for index in 0..<groups.count where groups[index].floats.contains(tile.offset) {
      update(weights, tile, gradient: gradient, step, decays: groups[index].decays)
    }
  }

  /// Updates the parameters at `range`, offsets in floats from the start of the arenas.
  public func update(_ weights: ParameterArena, _ gradients: ParameterArena, range: Range<Int>, _ step: UpdateStep) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= weights.buffer.count
        && weights.buffer.count == gradients.buffer.count,
      "floats \(range) of arenas of \(weights.buffer.count) and \(gradients.buffer.count)")
    for index in 0..<groups.count {
      let floats = groups[index].floats.clamped(to: range)
      let tile = ParameterLayout.Tile(offset: floats.lowerBound, rows: 1, columns: floats.count, stride: floats.count)
      if !floats.isEmpty {
        update(weights, tile, gradient: gradients[tile], step, decays: groups[index].decays)
      }
    }
  }

  private func update(
    _ weights: ParameterArena, _ tile: ParameterLayout.Tile, gradient: Matrix, _ step: UpdateStep, decays: Bool
  ) {
    var step = step
    step.decays = decays
    if decays && options.l2Penalty > 0 {
      // s g + λ θ as λ (s/λ g + θ): one pass, and the factor λ is the rule's to apply.
      VectorMath.active.addScaled(gradient, scale: step.gradientScale / options.l2Penalty, to: weights[tile])
      step.gradientScale = options.l2Penalty
    }
    rule.update(weights[tile], gradient: gradient, state: OptimizerState(state, tile), step)
  }
}

/// What is constant in one step.
public struct UpdateStep: Sendable {
  /// t, the number of the step, counted from 1.
  public let number: Int
  /// α, a schedule's factor included.
  public let learningRate: Float
  /// What the gradient is to be multiplied by first; 1 unless it is clipped.
  public var gradientScale: Float = 1
  /// Whether a rule with a decay of its own is to apply it here.
  public var decays = true

  /// Step `number`, counted from 1, at `learningRate`.
  public init(_ number: Int, learningRate: Float) {
    precondition(number > 0, "an optimiser counts steps from 1, not \(number)")
    self.number = number
    self.learningRate = learningRate
  }

  /// 1 / (1 − βᵗ): what a moving average that began at zero is too small by. In double precision: 1 − 0.999 has lost half
  /// its digits in a `Float`.
  public func correction(of beta: Float) -> Float { Float(1 / (1 - pow(Double(beta), Double(number)))) }
}

/// What a rule remembers of one tile of the parameters.
public struct OptimizerState: Sendable {
  private let arenas: [ParameterArena]
  private let tile: ParameterLayout.Tile

  init(_ arenas: [ParameterArena], _ tile: ParameterLayout.Tile) {
    self.arenas = arenas
    self.tile = tile
  }

  /// The numbers of the i-th of the rule's `stateNames`, of the tile's shape and the weights' stride.
  public subscript(index: Int) -> Matrix { arenas[index][tile] }
}
