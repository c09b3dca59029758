/// A likelihood in its place behind a decoder: the slots of its losses and the parameters that it learns.
public struct LikelihoodStage: Sendable {
  /// Formulas and settings.
  public let likelihood: any Likelihood
  /// The decoder's output, a row a sample.
  public let output: Slot
  /// −log p(x|z) of each sample.
  public let loss: RowSlot
  /// What it learns [1, P], or of each batch [C, P], where it does.
  public let parameters: ParameterLayout.Block?
  /// Those of each sample [B·K, P], where there are some of each batch.
  private let ofSamples: Slot
  /// The gradient with respect to that, a row a sample [B·K, P].
  let dParameters: Slot
  /// Where what it learns is of each.
  private let batches: Batches?
  /// The exposure, where it is learned, and the same likelihood, which puts out its gradient.
  private let learned: (exposure: LearnedExposure, likelihood: any LearnsExposure)?

  init(
    _ blueprint: inout Blueprint, _ likelihood: any Likelihood, output: Slot, features: Int, batches: Batches?,
    exposure: LearnedExposure?
  ) {
    self.likelihood = likelihood
    self.output = output
    self.batches = likelihood.learnsByBatch ? batches : nil
    learned = exposure.flatMap { exposure in (likelihood as? any LearnsExposure).map { (exposure, $0) } }
    let rows = self.batches?.count ?? 1
    loss = blueprint.rowSlot(.sample)
    var tensors: [ParameterLayout.TensorShape] = []
    var count = 0
    for parameter in likelihood.parameters(features: features) {
      let columns = count..<count + parameter.count
      let shape = likelihood.learnsByBatch ? [parameter.count, rows] : [parameter.count]
      tensors.append(.init(name: "decoder.\(parameter.name)", shape: shape, columns: columns))
      count = columns.upperBound
    }
    parameters = count == 0 ? nil : blueprint.parameter(rows: rows, columns: count, tensors, kind: .bias)
    ofSamples = blueprint.slot(columns: self.batches == nil ? 0 : count, rows: .sample, gradient: false)
    dParameters = blueprint.slot(columns: count, rows: .sample, gradient: false, training: true)
  }

  /// What it has learned [1, P], or of each batch [C, P]; P is 0 where it learns nothing.
  public func values(_ weights: ParameterArena) -> Matrix {
    parameters.map { weights[$0] } ?? Matrix(weights.buffer.base, rows: 1, columns: 0)
  }

  /// What it has learned for the samples of a group of own examples: a row for all of them, or for each.
  func values(_ pass: Pass, _ group: Pass.Group) -> Matrix {
    let values = values(pass.weights)
    guard let batches else { return values }
    let own = pass[ofSamples].rows(group.samples)
    MatrixProduct.multiply(pass[batches.shares].rows(group.samples), values, into: own)
    return own
  }

  /// output, x → the loss of each sample of this worker's examples.
  func forward(_ pass: Pass, _ observation: Observation) {
    let (output, loss) = (pass[output], pass[loss])
    pass.forEachGroup { group in
      let observed = observation.repeating(group, exposure: learned.map { pass[$0.exposure.exposure] })
      let losses = loss.columns(group.samples)
      likelihood.forward(
        output: output.rows(group.samples), parameters: values(pass, group), observed, lossInto: losses)
      observed.addOffset(to: losses)
    }
  }

  /// The same, and d(output), the parameters' gradient and d(log E) of a learned exposure, each `scale` times.
  func forwardAndBackward(_ pass: Pass, _ observation: Observation, scale: Float) {
    let (output, loss) = (pass[output], pass[loss])
    let (dOutput, dParameters) = (pass.d(self.output), pass[dParameters])
    pass.forEachGroup { group in
      let observed = observation.repeating(group, exposure: learned.map { pass[$0.exposure.exposure] })
      let losses = loss.columns(group.samples)
      if let learned {
        learned.likelihood.forwardAndBackward(
          output: output.rows(group.samples), parameters: values(pass, group), observed, scale: scale,
          lossInto: losses, gradientInto: dOutput.rows(group.samples), dParameters.rows(group.samples),
          logExposure: pass.d(learned.exposure.logExposure).rows(group.samples))
      } else {
        likelihood.forwardAndBackward(
          output: output.rows(group.samples), parameters: values(pass, group), observed, scale: scale,
          lossInto: losses, gradientInto: dOutput.rows(group.samples), dParameters.rows(group.samples))
      }
      observed.addOffset(to: losses)
    }
  }

  /// Multiplies all that `forwardAndBackward` left by the weights of the samples [1, samples of the pass].
  func scaleGradients(_ pass: Pass, by weights: Matrix) {
    let (dOutput, dParameters) = (pass.d(output), pass[dParameters])
    pass.forEachGroup { group in
      let weights = weights.columns(group.samples)
      VectorMath.active.scaleRows(dOutput.rows(group.samples), by: weights)
      VectorMath.active.scaleRows(dParameters.rows(group.samples), by: weights)
      if let learned {
        VectorMath.active.scaleRows(pass.d(learned.exposure.logExposure).rows(group.samples), by: weights)
      }
    }
  }

  func backwardParameters(_ pass: Pass, into sink: any GradientSink) {
    guard let parameters else { return }
    let dParameters = pass[dParameters]
    if let batches {
      let shares = pass[batches.shares]
      pass.forEachTile(of: parameters, into: sink) { batches, gradient in
        MatrixProduct.multiply(transposed: shares.columns(batches), dParameters, into: gradient)
      }
      return
    }
    pass.forOwnColumns(of: parameters, into: sink) { columns, gradient in
      VectorMath.active.sumColumns(dParameters.columns(columns), into: gradient, accumulating: false)
    }
  }
}

extension Observation {
  /// That of a group's examples, a row for each sample; with an exposure that has one already, where it is learned.
  func repeating(_ group: Pass.Group, exposure learned: Matrix?) -> Observation {
    // Not `map(group.repeating)`: in a debug build each makes a closure on the heap, and this is part of every step.
    Observation(
      group.repeating(target), mask: mask.map { group.repeating($0) },
      exposure: learned.map { $0.rows(group.samples) } ?? exposure.map { group.repeating($0) },
      offset: offset.map { group.repeating($0) }, entries: entries.map { group.repeating($0) })
  }

  /// Adds what there is to add to the loss of each row [1, B].
  func addOffset(to loss: Matrix) {
    guard let offset else { return }
    for row in 0..<loss.columns { loss.base[row] += offset.base[row * offset.stride] }
  }
}
