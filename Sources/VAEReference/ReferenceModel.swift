import VAEKernels

/// A variational autoencoder in `Double`, one example at a time: what the fast one has to agree with.
///
/// It is slow on purpose: it shares nothing with `VAEKernels` but names and shapes, so that a mistake in one is
/// not a mistake in the other.
public struct ReferenceModel: Sendable {
  /// A parameter's name and shape in `model.safetensors`.
  public struct Tensor: Sendable, Equatable {
    /// The name, such as `encoder.hidden.0.weight`.
    public let name: String
    /// [out, in] of a weight, [out] of a bias.
    public let shape: [Int]
    /// The number of numbers.
    public var count: Int { shape.reduce(1, *) }
  }

  /// The shape of the model.
  public let architecture: Architecture
  /// Every parameter by name, weights as [out, in] in row-major order.
  public private(set) var parameters: [String: [Double]]

  /// A model with the given parameters, which must be just those of `tensors(of: architecture)`.
  public init(_ architecture: Architecture, parameters: [String: [Double]]) {
    let tensors = Self.tensors(of: architecture)
    for tensor in tensors {
      let count = parameters[tensor.name]?.count
      precondition(
        count == tensor.count,
        "\(tensor.name) \(tensor.shape) needs \(tensor.count) numbers, got \(count.map(String.init) ?? "none")")
    }
    let surplus = Set(parameters.keys).subtracting(tensors.map(\.name))
    precondition(surplus.isEmpty, "no parameters of this architecture: \(surplus.sorted())")
    self.architecture = architecture
    self.parameters = parameters
  }

  /// A model with the parameters of a fast one, each `Float` exactly.
  public init(_ architecture: Architecture, _ arena: ParameterArena) {
    self.init(
      architecture,
      parameters: arena.layout.tensors.reduce(into: [:]) { parameters, tensor in
        parameters[tensor.name] = arena.elements(of: tensor).map(Double.init)
      })
  }

  /// The parameters of an architecture, in the order of the data's way through the model.
  public static func tensors(of architecture: Architecture) -> [Tensor] {
    var tensors: [Tensor] = []
    func appendDense(_ name: String, _ inputs: Int, _ outputs: Int) {
      tensors.append(Tensor(name: "\(name).weight", shape: [outputs, inputs]))
      tensors.append(Tensor(name: "\(name).bias", shape: [outputs]))
    }
    var width = architecture.inputCount + architecture.labelCount
    for (i, hidden) in architecture.encoderHidden.enumerated() {
      appendDense("encoder.hidden.\(i)", width, hidden)
      width = hidden
    }
    appendDense("encoder.mean", width, architecture.latentCount)
    if architecture.model == .vae { appendDense("encoder.log_variance", width, architecture.latentCount) }
    width = architecture.latentCount + architecture.labelCount
    for (i, hidden) in architecture.decoderHidden.enumerated() {
      appendDense("decoder.hidden.\(i)", width, hidden)
      width = hidden
    }
    let levels = (architecture.likelihood.family as? Categorical)?.levels ?? 1
    appendDense("decoder.output", width, levels * architecture.inputCount)
    if architecture.likelihood == .pixelwiseGaussian {
      appendDense("decoder.output_log_variance", width, architecture.inputCount)
    }
    if architecture.likelihood == .learnedGaussian {
      tensors.append(Tensor(name: "decoder.log_variance", shape: [1]))
    }
    return tensors
  }

  /// The same model with the numbers of one tensor replaced.
  public func replacing(_ name: String, with values: [Double]) -> ReferenceModel {
    precondition(
      parameters[name]?.count == values.count,
      "\(values.count) numbers for \(name), which has \(parameters[name]?.count ?? 0)")
    var model = self
    model.parameters[name] = values
    return model
  }

  // MARK: Forward

  // A conditional model is told an example's class, `label`.

  /// The posterior's mean and log-variance [L] for one example [D].
  public func encode(_ example: [Double], label: Int? = nil) -> (mean: [Double], logVariance: [Double]) {
    let hidden = hidden("encoder", architecture.encoderHidden.count, example + oneHot(label))
    return (dense("encoder.mean", hidden), dense("encoder.log_variance", hidden))
  }

  /// An autoencoder's code [L] of one example [D].
  public func code(_ example: [Double], label: Int? = nil) -> [Double] {
    let hidden = hidden("encoder", architecture.encoderHidden.count, example + oneHot(label))
    return dense("encoder.mean", hidden).map { Reference.activate($0, architecture.codeActivation) }
  }

  /// The decoder's outputs for one latent [L], such as logits or means.
  public func decode(_ latent: [Double], label: Int? = nil) -> [Double] {
    let hidden = hidden("decoder", architecture.decoderHidden.count, latent + oneHot(label))
    let output = dense("decoder.output", hidden)
    return parameters["decoder.output_log_variance.weight"] == nil
      ? output : output + dense("decoder.output_log_variance", hidden)
  }

  /// −log p(x|z) of one example given a latent.
  func reconstructionLoss(of example: [Double], latent: [Double], label: Int? = nil) -> Double {
    Reference.reconstructionLoss(
      outputs: decode(latent, label: label), example: example, likelihood: architecture.likelihood,
      parameters: parameters["decoder.log_variance"] ?? [])
  }

  private func oneHot(_ label: Int?) -> [Double] {
    precondition(
      (label == nil) == (architecture.labelCount == 0), "a label where the model is told one, and only there")
    return (0..<architecture.labelCount).map { $0 == label ? 1 : 0 }
  }

  /// The loss of a batch: for each example its own noise ε [L]; averaged over the examples.
  public func loss(_ examples: [[Double]], noise: [[Double]], klWeight: Double = 1) -> ReferenceLoss {
    precondition(
      examples.count == noise.count && !examples.isEmpty,
      "\(noise.count) rows of noise for \(examples.count) examples")
    var loss = ReferenceLoss(reconstructionLoss: 0, klDivergence: 0, klWeight: klWeight)
    for (example, noise) in zip(examples, noise) {
      let (mean, logVariance) = encode(example)
      loss.reconstructionLoss += reconstructionLoss(
        of: example, latent: Reference.sample(mean: mean, logVariance: logVariance, noise: noise))
      loss.klDivergence += Reference.klDivergence(mean: mean, logVariance: logVariance)
    }
    loss.reconstructionLoss /= Double(examples.count)
    loss.klDivergence /= Double(examples.count)
    return loss
  }

  private func hidden(_ part: String, _ layers: Int, _ x: [Double]) -> [Double] {
    (0..<layers).reduce(x) { x, layer in
      dense("\(part).hidden.\(layer)", x).map { Reference.activate($0, architecture.activation) }
    }
  }

  private func dense(_ name: String, _ x: [Double]) -> [Double] {
    Reference.dense(x, weight: parameters["\(name).weight"]!, bias: parameters["\(name).bias"]!)
  }
}
