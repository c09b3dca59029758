/// Hidden layers with an activation, then one layer that is linear but for an autoencoder's code: the form of both the
/// encoder and the decoder.
///
///     Y₀ = X,   Yₖ = fₖ(Yₖ₋₁·Wₖ + bₖ)
///
/// It holds no numbers: weights come from a `ParameterArena`, activations go to `Activations`.
public struct DenseNetwork: Sendable {
  /// The layers, first to last; at least one.
  public let layers: [Dense]

  /// Appends to `layout` the hidden layers `prefix.hidden.0`, `prefix.hidden.1`, …, and a last layer whose outputs are
  /// the named groups.
  init(
    _ layout: inout ParameterLayout, prefix: String, inputs: Int, hidden: [Int], activation: Activation,
    outputs: [(name: String, outputs: Int)], outputActivation: Activation = .identity
  ) {
    var layers: [Dense] = []
    var width = inputs
    for (index, outputs) in hidden.enumerated() {
      let (weight, bias) = layout.appendDense(
        inputs: width, groups: [(name: "\(prefix).hidden.\(index)", outputs: outputs)])
      layers.append(Dense(weight: weight, bias: bias, activation: activation))
      width = outputs
    }
    let (weight, bias) = layout.appendDense(
      inputs: width, groups: outputs.map { (name: "\(prefix).\($0.name)", outputs: $0.outputs) })
    layers.append(Dense(weight: weight, bias: bias, activation: outputActivation))
    self.layers = layers
  }

  /// What a forward pass leaves behind, and what a backward pass works in, for up to `capacity` examples.
  public struct Activations: Sendable {
    /// Yₖ of each layer, [capacity, out].
    public let outputs: [Matrix]
    /// dYₖ, overwritten by dAₖ on the way back; empty where only forward passes are wanted.
    public let dOutputs: [Matrix]

    /// The output of the last layer.
    public var output: Matrix { outputs[outputs.count - 1] }
    /// The gradient of the loss with respect to `output`: where a backward pass starts.
    public var dOutput: Matrix { dOutputs[dOutputs.count - 1] }
  }

  /// Matrices for up to `capacity` examples, cut from `storage`.
  func makeActivations(_ storage: inout WorkspaceStorage, capacity: Int, training: Bool) -> Activations {
    Activations(
      outputs: layers.map { storage.matrix(rows: capacity, columns: $0.outputCount) },
      dOutputs: training ? layers.map { storage.matrix(rows: capacity, columns: $0.outputCount) } : [])
  }

  // The passes go through `layers` by index. In a debug build, iterating over an array calls the standard library's
  // unspecialised iterators, which allocate for every element.

  /// Y ← network(X) for the examples in `rows`, each worker its part of every layer.
  public func forward(
    _ x: Matrix, _ weights: ParameterArena, into activations: Activations, rows: Range<Int>, worker: Worker = .alone
  ) {
    for index in 0..<layers.count {
      layers[index].forward(
        index == 0 ? x : activations.outputs[index - 1], weights, into: activations.outputs[index], rows: rows,
        worker: worker)
      worker.barrier()
    }
  }

  /// From dA of the last layer, already in `activations.dOutput`, to dA of every layer, and dX where it
  /// is asked for, for the examples in `rows`. Parameter gradients are another pass: `backwardParameters`.
  public func backward(
    _ weights: ParameterArena, _ activations: Activations, rows: Range<Int>, into dX: Matrix? = nil,
    worker: Worker = .alone
  ) {
    for index in stride(from: layers.count - 1, through: 1, by: -1) {
      let dInput = activations.dOutputs[index - 1]
      layers[index].backwardInput(activations.dOutputs[index], weights, into: dInput, rows: rows, worker: worker)
      layers[index - 1].backwardActivation(
        at: activations.outputs[index - 1], inPlace: dInput, rows: rows, worker: worker)
      worker.barrier()
    }
    if let dX {
      layers[0].backwardInput(activations.dOutputs[0], weights, into: dX, rows: rows, worker: worker)
      worker.barrier()
    }
  }

  /// What each layer's parameter gradient is made of: its input X and its dA.
  func gradientTerms(
    _ part: ModelParts, _ x: Matrix, _ activations: Activations, rowsPerExample: Int
  ) -> [GradientTerm] {
    layers.indices.map { index in
      GradientTerm(
        part: part, layer: layers[index], x: index == 0 ? x : activations.outputs[index - 1],
        dA: activations.dOutputs[index],
        rowsPerExample: rowsPerExample)
    }
  }
}

/// The two factors of one layer's parameter gradient, dW = Xᵀ·dA and db = Σ dA.
public struct GradientTerm: Sendable {
  /// Encoder or decoder.
  public let part: ModelParts
  /// The layer.
  public let layer: Dense
  /// Its input, [capacity, in].
  public let x: Matrix
  /// The gradient of the loss with respect to its pre-activation, [capacity, out].
  public let dA: Matrix
  /// The number of rows that belong to each example of the minibatch.
  public let rowsPerExample: Int
}
