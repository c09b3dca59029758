import VAEKernels

/// The first place, in the order of the computation, where a value is NaN or infinite.
public struct NonFinitePlace: Sendable, Hashable, CustomStringConvertible {
  /// The tensor or activation, such as `encoder.hidden.0.weight` or "posterior log-variance".
  public var name: String
  /// Its value there.
  public var value: Float

  /// "encoder.hidden.0.weight (nan)".
  public var description: String { "\(name) (\(value))" }

  /// Looks through a forward pass whose results are still in `workspace`, and the weights it used.
  public static func first(
    in model: VariationalAutoencoder, _ workspace: Workspace, batchSize: Int
  ) -> NonFinitePlace? {
    let rows = 0..<batchSize
    let latents = workspace.latents(of: rows)
    return first(workspace.input.rows(rows), "input")
      ?? first(model.plan.encoder, model.weights, workspace, rows, output: "posterior mean or log-variance")
      ?? model.plan.exposure.flatMap { first($0.stages, model.weights, workspace, rows, output: "learned exposure") }
      ?? first(workspace.latent.rows(latents), "latent sample")
      ?? first(model.plan.decoder, model.weights, workspace, rows, output: "decoder output")
      ?? first(workspace.reconstructionLoss.columns(latents), "reconstruction loss")
      ?? first(workspace.klDivergence.columns(rows), "KL divergence")
      ?? first(workspace.logDensityRatio.columns(latents), "log-density ratio")
      ?? first(workspace.objective.columns(rows), "objective")
  }

  /// The first weight or moment that is not finite.
  public static func first(in arena: ParameterArena, prefix: String = "") -> NonFinitePlace? {
    for tensor in arena.layout.tensors {
      if let place = first(arena[tensor.block].columns(tensor.columns), prefix + tensor.name) { return place }
    }
    return nil
  }

  private static func first(
    _ stages: [any Stage], _ weights: ParameterArena, _ workspace: Workspace, _ examples: Range<Int>, output: String
  ) -> NonFinitePlace? {
    let pass = Pass(workspace, weights, examples: examples)
    for (index, stage) in stages.enumerated() {
      for tensor in weights.layout.tensors where stage.parameters.contains(tensor.block) {
        if let place = first(weights[tensor.block].columns(tensor.columns), tensor.name) { return place }
      }
      let name = index == stages.count - 1 ? output : "output of \(stage.name)"
      if let place = first(pass[stage.output], name) { return place }
    }
    return nil
  }

  private static func first(_ matrix: Matrix, _ name: String) -> NonFinitePlace? {
    for row in 0..<matrix.rows {
      let start = matrix.base + row * matrix.stride
      if let column = VectorMath.active.firstNonFinite(start, count: matrix.columns) {
        return NonFinitePlace(name: name, value: start[column])
      }
    }
    return nil
  }
}

/// A loss, or what a step left, that is not a number or infinite: the run cannot go on.
public struct NonFiniteError: Error, CustomStringConvertible {
  /// What was being done.
  public enum Activity: Sendable {
    /// A step of training, both counted from 1, the step within the epoch.
    case training(epoch: Int, step: Int)
    /// A pass over a set, of which `example` says where the first is whose loss is not finite, where others' are.
    case evaluation(set: String, example: String? = nil)
    /// A checkpoint was about to be written, when so many steps of the epoch were made: none where the one before it
    /// has just ended.
    case checkpoint(epoch: Int, step: Int)
  }

  /// Where the first such value is.
  public var place: NonFinitePlace?
  /// What was being done.
  public var during: Activity

  /// One line, for a person.
  public var description: String {
    // A loss is of what was computed; before a checkpoint it is weights and moments that are looked at.
    let what =
      if case .checkpoint = during { "what the last step left is not finite" } else { "the loss stopped being finite" }
    let activity =
      switch during {
      case .training(let epoch, let step): "epoch \(epoch), step \(step)"
      case .evaluation(let set, _): "evaluation of the \(set) set"
      case .checkpoint(let epoch, let step): "checkpoint \(TrainingState.place(epoch: epoch, stepInEpoch: step))"
      }
    let place = place.map { "first in \($0)" } ?? "in the sum over the examples"
    if case .evaluation(_, let example?) = during {
      return
        "\(activity): the loss is not finite in \(example), \(place): it is far from all that the model was trained on"
    }
    let condition = if case .evaluation = during { "where these rows are like those trained on, " } else { "" }
    return "\(activity): \(what), \(place); \(condition)try a lower learning rate, a clip norm "
      + "of 1, or a warm-up epoch"
  }
}
