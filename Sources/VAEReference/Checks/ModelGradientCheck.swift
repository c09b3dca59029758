import VAEKernels

/// The gradient check of a whole model, tensor by tensor.
extension GradientCheck {
  /// How finely to look at each tensor.
  public enum Thoroughness: Sendable, Equatable {
    /// Every coordinate: two forward passes for each parameter.
    case everyCoordinate
    /// So many random directions for each tensor: two forward passes for each.
    case directions(Int)
  }

  /// Compares a gradient of the objective with differences of `model`'s, one report for each tensor, in the order
  /// of `ReferenceModel.tensors(of:)`.
  ///
  /// - Parameters:
  ///   - analytic: the gradient under test by tensor name, weights as [out, in].
  ///   - model: the parameters at which it was taken.
  ///   - objective: what it is the gradient of; its estimator must be the standard one.
  ///   - examples: the batch [B][D].
  ///   - labels: the class of each, for a conditional model.
  ///   - numbers: what else it is told of each [B][N].
  ///   - targets: what is to be reconstructed [B][D], where it is not the examples.
  ///   - masks: 1 where that is known, else 0 [B][D]; nil where all of it is.
  ///   - exposures: the exposure of each, where it is not its sum.
  ///   - noise: ε of each example [B][K][L], or [B][K][L + 1] where the exposure is learned.
  ///   - klWeight: β.
  ///   - training: what the batch is, where layers are to do what they do in training.
  ///   - thoroughness: every coordinate, or random directions.
  ///   - tolerance: by default, that of as many layers as the model has.
  public static func compare(
    analytic: [String: [Float]], model: ReferenceModel, objective: any Objective = .elbo, examples: [[Double]],
    labels: [Int]? = nil, numbers: [[Double]]? = nil, targets: [[Double]]? = nil, masks: [[Double]]? = nil,
    exposures: [Double]? = nil, noise: [[[Double]]], klWeight: Double = 1, training: ReferenceTraining? = nil,
    thoroughness: Thoroughness = .everyCoordinate, tolerance: Double? = nil
  ) -> [GradientReport] {
    let architecture = model.architecture
    let headSampleOutputAndLoss = 4
    let layers =
      [architecture.encoder, architecture.decoder].reduce(headSampleOutputAndLoss) {
        $0 + $1.layers.count { !($0 is Activate) }
      }
    let tolerance = tolerance ?? GradientTolerance.through(layers: layers)
    let scaleOfZero = analytic.values.map { rootMeanSquare($0.map(Double.init)) }.max() ?? 0
    return ReferenceModel.tensors(of: architecture).filter { !$0.isGiven }.map { tensor in
      guard let gradient = analytic[tensor.name] else { preconditionFailure("no gradient of \(tensor.name)") }
      let point = model.parameters[tensor.name]!
      let loss = { (values: [Double]) in
        model.replacing(tensor.name, with: values)
          .objective(
            objective, examples, labels: labels, numbers: numbers, targets: targets, masks: masks,
            exposures: exposures, noise: noise, klWeight: klWeight, training: training)
      }
      switch thoroughness {
      case .everyCoordinate:
        return compare(
          name: tensor.name, analytic: gradient, point: point, tolerance: tolerance, scaleOfZero: scaleOfZero,
          loss: loss)
      case .directions(let count):
        return compareAlongDirections(
          name: tensor.name, analytic: gradient, point: point, directions: count, tolerance: tolerance, loss: loss)
      }
    }
  }

  /// The same for one sample of each example, with noise [B][L].
  public static func compare(
    analytic: [String: [Float]], model: ReferenceModel, examples: [[Double]], noise: [[Double]],
    klWeight: Double = 1, thoroughness: Thoroughness = .everyCoordinate, tolerance: Double? = nil
  ) -> [GradientReport] {
    compare(
      analytic: analytic, model: model, examples: examples, noise: noise.map { [$0] }, klWeight: klWeight,
      thoroughness: thoroughness, tolerance: tolerance)
  }
}
