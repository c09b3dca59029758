/// A likelihood in its place behind a decoder: the slots of its losses and the parameters that it learns.
public struct LikelihoodStage: Sendable {
  /// Formulas and settings.
  public let likelihood: any Likelihood
  /// The decoder's output, a row a sample.
  public let output: Slot
  /// −log p(x|z) of each sample.
  public let loss: RowSlot
  /// What it learns [1, P], where it does.
  public let parameters: ParameterLayout.Block?
  /// The gradient with respect to that, a row a sample [B·K, P].
  let dParameters: Slot

  init(_ blueprint: inout Blueprint, _ likelihood: any Likelihood, output: Slot, features: Int) {
    self.likelihood = likelihood
    self.output = output
    loss = blueprint.rowSlot(.sample)
    var tensors: [ParameterLayout.TensorShape] = []
    var count = 0
    for parameter in likelihood.parameters(features: features) {
      let columns = count..<count + parameter.count
      tensors.append(.init(name: "decoder.\(parameter.name)", shape: [parameter.count], columns: columns))
      count = columns.upperBound
    }
    parameters = count == 0 ? nil : blueprint.parameter(rows: 1, columns: count, tensors, kind: .bias)
    dParameters = blueprint.slot(columns: count, rows: .sample, gradient: false, training: true)
  }

  /// What it has learned [1, P]; P is 0 where it learns nothing.
  public func values(_ weights: ParameterArena) -> Matrix {
    parameters.map { weights[$0] } ?? Matrix(weights.buffer.base, rows: 1, columns: 0)
  }

  /// output, x → the loss of each sample of this worker's examples.
  func forward(_ pass: Pass, _ observation: Observation) {
    let (output, loss, values) = (pass[output], pass[loss], values(pass.weights))
    pass.forEachGroup { group in
      let observed = observation.repeating(group)
      let losses = loss.columns(group.samples)
      likelihood.forward(output: output.rows(group.samples), parameters: values, observed, lossInto: losses)
      observed.addOffset(to: losses)
    }
  }

  /// The same, and d(output) and the parameters' gradient, each `scale` times.
  func forwardAndBackward(_ pass: Pass, _ observation: Observation, scale: Float) {
    let (output, loss, values) = (pass[output], pass[loss], values(pass.weights))
    let (dOutput, dParameters) = (pass.d(self.output), pass[dParameters])
    pass.forEachGroup { group in
      let observed = observation.repeating(group)
      let losses = loss.columns(group.samples)
      likelihood.forwardAndBackward(
        output: output.rows(group.samples), parameters: values, observed, scale: scale, lossInto: losses,
        gradientInto: dOutput.rows(group.samples), dParameters.rows(group.samples))
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
    }
  }

  func backwardParameters(_ pass: Pass, into sink: any GradientSink) {
    guard let parameters else { return }
    let dParameters = pass[dParameters]
    pass.forOwnColumns(of: parameters, into: sink) { columns, gradient in
      VectorMath.active.sumColumns(dParameters.columns(columns), into: gradient, accumulating: false)
    }
  }
}

extension Observation {
  /// That of a group's examples, a row for each sample.
  func repeating(_ group: Pass.Group) -> Observation {
    // Not `map(group.repeating)`: in a debug build each makes a closure on the heap, and this is part of every step.
    Observation(
      group.repeating(target), mask: mask.map { group.repeating($0) }, exposure: exposure.map { group.repeating($0) },
      offset: offset.map { group.repeating($0) }, entries: entries.map { group.repeating($0) })
  }

  /// Adds what there is to add to the loss of each row [1, B].
  func addOffset(to loss: Matrix) {
    guard let offset else { return }
    for row in 0..<loss.columns { loss.base[row] += offset.base[row * offset.stride] }
  }
}
