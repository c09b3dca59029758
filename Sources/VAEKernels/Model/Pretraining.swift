extension VariationalAutoencoder {
  /// Copies the weights of `parts` from `other`, tensor by tensor under the same names.
  ///
  /// The encoder of an autoencoder may begin that of a variational one: its code becomes the posterior mean, and the
  /// log-variance, which it has none of, stays as it is. Throws `PretrainingError` where a tensor is missing or has
  /// another shape.
  public func copyWeights(of parts: ModelParts, from other: VariationalAutoencoder) throws {
    let heads = plan.encoder[plan.encoder.count - 1].parameters
    let others = Dictionary(uniqueKeysWithValues: other.layout.tensors.map { ($0.name, $0) })
    for tensor in layout.tensors where parts.contains(tensor.block.part) {
      // What only one of the two posteriors has: the log-variance of one that is drawn.
      if heads.contains(tensor.block) && others[tensor.name] == nil && !other.architecture.posterior.isRandom {
        continue
      }
      let found = others[tensor.name]
      guard let found, found.shape == tensor.shape else {
        throw PretrainingError(tensor: tensor.name, expected: tensor.shape, found: found?.shape)
      }
      weights.setElements(other.weights.elements(of: found), of: tensor)
    }
  }
}

/// A model that another cannot start from.
public struct PretrainingError: Error, Equatable, CustomStringConvertible {
  /// The first tensor that does not fit.
  public var tensor: String
  /// Its shape in the new model.
  public var expected: [Int]
  /// Its shape in the other, or nil where it has none.
  public var found: [Int]?

  /// One line, for a person.
  public var description: String {
    "pretrained model: expected \(tensor) of shape \(expected), found \(found.map { "\($0)" } ?? "none")"
  }
}
