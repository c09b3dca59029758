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
    /// Whether the loss is to have no gradient with respect to it: it is what others are compared with.
    public var isGiven = false
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
    func append(_ layers: LayerList, _ prefix: String, inputs: Int, told: Int) -> Int {
      var isFirst = true
      return zip(layers.layers, layers.names(prefix: prefix)).reduce(inputs) { inputs, layer in
        let reference = referenceLayer(layer.0)
        let inputs = inputs + (reference.isToldAgain && !isFirst ? told : 0)
        if reference.isToldAgain { isFirst = false }
        for tensor in reference.referenceTensors(inputs: inputs) {
          tensors.append(Tensor(name: "\(layer.1).\(tensor.name)", shape: tensor.shape))
        }
        return reference.referenceOutputs(inputs: inputs)
      }
    }
    func appendDense(_ name: String, _ inputs: Int, _ outputs: Int) {
      tensors.append(Tensor(name: "\(name).weight", shape: [outputs, inputs]))
      tensors.append(Tensor(name: "\(name).bias", shape: [outputs]))
    }
    let covariates = architecture.covariateCount
    let again = architecture.toldAtEveryLayer ? covariates : 0
    var width = append(
      architecture.encoder, "encoder", inputs: architecture.encoderInputCount,
      told: architecture.encoderIsTold ? again : 0)
    for output in architecture.posterior.outputs(latentCount: architecture.latentCount) {
      appendDense("encoder.\(output.name)", width, output.count)
    }
    width = append(architecture.decoder, "decoder", inputs: architecture.latentCount + covariates, told: again)
    for output in architecture.likelihood.outputs {
      appendDense("decoder.\(output.name)", width, output.perFeature * architecture.inputCount)
    }
    let batches = architecture.batchCovariates?.count ?? 1
    if let layers = architecture.exposureEncoder {
      width = append(
        layers, "exposure", inputs: architecture.encoderInputCount, told: architecture.encoderIsTold ? again : 0)
      appendDense("exposure.mean", width, 1)
      appendDense("exposure.log_variance", width, 1)
      for name in ["prior_mean", "prior_variance"] {
        tensors.append(Tensor(name: "exposure.\(name)", shape: [batches], isGiven: true))
      }
    }
    for parameter in architecture.likelihood.parameters(features: architecture.inputCount) {
      let shape = architecture.likelihood.learnsByBatch ? [parameter.count, batches] : [parameter.count]
      tensors.append(Tensor(name: "decoder.\(parameter.name)", shape: shape))
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

  // A conditional model is told an example's class, `label`, or numbers. A whole batch goes through a layer at once, for there are
  // layers that look at all of it.

  /// What the encoder puts out for each example [B][D]: a posterior's mean and log-variance, or a code.
  public func heads(
    _ examples: [[Double]], labels: [Int]? = nil, numbers: [[Double]]? = nil, training: ReferenceTraining? = nil
  ) -> [[Double]] {
    let hidden = encoded(architecture.encoder, "encoder", examples, labels, numbers, training, drawings: 0)
    return hidden.map { row in
      let output = architecture.posterior.outputs(latentCount: architecture.latentCount).flatMap { output in
        dense("encoder.\(output.name)", row).map { Reference.activate($0, architecture.posterior.outputActivation) }
      }
      return (architecture.posterior as? any ReferencePosterior)?.referenceHead(output) ?? output
    }
  }

  /// Examples through the layers of an encoder.
  func encoded(
    _ list: LayerList, _ prefix: String, _ examples: [[Double]], _ labels: [Int]?, _ numbers: [[Double]]?,
    _ training: ReferenceTraining?, drawings: Int
  ) -> [[Double]] {
    let all = told(examples, labels, numbers)
    let covariates = all.map { Array($0.suffix(architecture.covariateCount)) }
    return layers(
      list, prefix, architecture.encoderIsTold ? all : examples, again: architecture.encoderIsTold ? covariates : nil,
      toldCount: architecture.encoderInputCount - architecture.inputCount, training, drawings: drawings)
  }

  /// The decoder's outputs for each latent [B·K][L], such as logits or means; an example's K samples one after the other.
  public func outputs(
    _ latents: [[Double]], labels: [Int]? = nil, numbers: [[Double]]? = nil, training: ReferenceTraining? = nil,
    samples: Int = 1
  ) -> [[Double]] {
    let labels = labels.map { $0.flatMap { [Int](repeating: $0, count: samples) } }
    let numbers = numbers.map { $0.flatMap { [[Double]](repeating: $0, count: samples) } }
    let all = told(latents, labels, numbers)
    let hidden = layers(
      architecture.decoder, "decoder", all, again: all.map { Array($0.dropFirst(architecture.latentCount)) },
      toldCount: architecture.covariateCount, training,
      drawings: architecture.encoder.layers.count { $0 is any DrawsNoise })
    return hidden.map { row in architecture.likelihood.outputs.flatMap { dense("decoder.\($0.name)", row) } }
  }

  /// The posterior's mean and log-variance [L] for one example [D].
  public func encode(_ example: [Double], label: Int? = nil) -> (mean: [Double], logVariance: [Double]) {
    DiagonalGaussian.halves(heads([example], labels: label.map { [$0] })[0])
  }

  /// An autoencoder's code [L] of one example [D].
  public func code(_ example: [Double], label: Int? = nil) -> [Double] {
    heads([example], labels: label.map { [$0] })[0]
  }

  /// The decoder's outputs for one latent [L].
  public func decode(_ latent: [Double], label: Int? = nil) -> [Double] {
    outputs([latent], labels: label.map { [$0] })[0]
  }

  /// −log p(x|z) of what is known of one example, given the decoder's outputs; with an exposure where it is not its sum, and
  /// the share that it has of each batch where something is of each.
  func reconstructionLoss(
    of example: [Double], mask: [Double]? = nil, outputs: [Double], exposure: Double? = nil, batch: [Double] = [1]
  ) -> Double {
    Reference.reconstructionLoss(
      outputs: outputs, example: example, mask: mask, likelihood: architecture.likelihood,
      parameters: architecture.likelihood.parameters(features: architecture.inputCount).flatMap { parameter in
        let values = parameters["decoder.\(parameter.name)"]!
        guard architecture.likelihood.learnsByBatch else { return values }
        return (0..<parameter.count).map { feature in
          batch.indices.reduce(0) { $0 + values[feature * batch.count + $1] * batch[$1] }
        }
      }, exposure: exposure)
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
        of: example, outputs: decode(Reference.sample(mean: mean, logVariance: logVariance, noise: noise)))
      loss.klDivergence += Reference.klDivergence(mean: mean, logVariance: logVariance)
    }
    loss.reconstructionLoss /= Double(examples.count)
    loss.klDivergence /= Double(examples.count)
    return loss
  }

  /// Rows with the class of each behind them, as a one in its place, and then the numbers.
  private func told(_ rows: [[Double]], _ labels: [Int]?, _ numbers: [[Double]]?) -> [[Double]] {
    precondition(
      (labels == nil) == (architecture.labelCount == 0)
        && (numbers == nil) == (architecture.numericCovariateCount == 0),
      "labels or numbers where the model is told them, and only there")
    return rows.indices.map { row in
      rows[row] + (0..<architecture.labelCount).map { $0 == labels?[row] ? 1 : 0 } + (numbers?[row] ?? [])
    }
  }

  private func layers(
    _ list: LayerList, _ prefix: String, _ rows: [[Double]], again: [[Double]]?, toldCount: Int,
    _ training: ReferenceTraining?, drawings: Int
  ) -> [[Double]] {
    var rows = rows
    var isFirst = true
    var drawing = UInt32(drawings)
    for (layer, name) in zip(list.layers, list.names(prefix: prefix)) {
      let reference = referenceLayer(layer)
      if reference.isToldAgain {
        if !isFirst, architecture.toldAtEveryLayer, let again { rows = zip(rows, again).map { $0 + $1 } }
        isFirst = false
      }
      // Of an example: one for each sample, or several.
      let rowCount = training.map { rows.count / max($0.examples.count, 1) } ?? 1
      let names = reference.referenceTensors(inputs: rows.first?.count ?? 0).map(\.name)
      let context = ReferenceContext(
        tensors: Dictionary(uniqueKeysWithValues: names.map { ($0, parameters["\(name).\($0)"]!) }),
        toldCount: toldCount, isTraining: training != nil,
        drawing: training.map {
          ReferenceContext.Drawing(
            stream: RandomStream(seed: $0.seed, purpose: .dropout, epoch: $0.epoch), layer: drawing,
            examples: $0.examples.flatMap { [UInt32](repeating: $0, count: rowCount) },
            samples: $0.examples.flatMap { _ in (0..<UInt32(rowCount)) })
        })
      rows = reference.reference(rows, context)
      if layer is any DrawsNoise { drawing += 1 }
    }
    return rows
  }

  func dense(_ name: String, _ x: [Double]) -> [Double] {
    Reference.dense(x, weight: parameters["\(name).weight"]!, bias: parameters["\(name).bias"]!)
  }
}

/// A batch that is trained on: layers do what they do in training alone, with these random numbers.
public struct ReferenceTraining: Sendable {
  /// The seed of the run.
  public var seed: UInt64
  /// The epoch.
  public var epoch: UInt32
  /// The index of each example of the batch in its data set.
  public var examples: [UInt32]

  /// A batch of examples.
  public init(seed: UInt64 = 0, epoch: UInt32 = 1, examples: [UInt32]) {
    self.seed = seed
    self.epoch = epoch
    self.examples = examples
  }
}
