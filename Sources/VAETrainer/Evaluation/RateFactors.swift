import CStandardLibrary
import VAEData
import VAEKernels

/// What a model of counts expects of any example and feature, in little room: the last layer of a decoder is dense, so that
/// the logarithm of a rate is a product, and so is the logit of a count that is lost, where there are such.
///
///     log ρ = H W + b − c                  H [B, H], what the last layer is shown;  W [H, D];  b [D];  c [B]
///     E[x|z] = ρ / (1 + exp(H V + a))      V [H, D];  a [D]
///
/// ρ is the rate for an exposure of 1 at z = μ, c what makes a row's add up to 1, where the likelihood has them do that.
public struct RateFactors: Sendable {
  /// H, the width of the decoder's last hidden layer, or of the latent and what the decoder is told where it has none.
  public let width: Int
  /// H, row after row.
  public let activations: [Float]
  /// W of each feature, [D, H].
  public let weights: [Float]
  /// b.
  public let bias: [Float]
  /// c.
  public let normalizers: [Float]
  /// V of each feature, [D, H], and a, where counts may be lost.
  public let inflation: (weights: [Float], bias: [Float])?

  /// log ρ of one example and feature.
  public func logRate(_ example: Int, _ feature: Int) -> Float {
    var sum = bias[feature] - normalizers[example]
    for index in 0..<width { sum += activations[example * width + index] * weights[feature * width + index] }
    return sum
  }
}

extension Evaluator {
  /// Those of all examples of `dataset`; nil where the decoder does not end so. Throws `FileError` for a file that changed.
  public func rateFactors(of dataset: Dataset) throws -> RateFactors? {
    guard let last = model.plan.decoder.last as? DenseStage else { return nil }
    let features = model.architecture.inputCount
    let width = last.input.columns
    var (activations, normalizers) = ([Float](), [Float]())
    activations.reserveCapacity(dataset.count * width)
    let places = AlignedBuffer(count: workspace.capacity)
    forEachBatch(of: dataset) { [model] pass in
      model.decodeMean(pass)
      let own = pass.ownExamples
      let output = pass.workspace.output.rows(own)
      for row in 0..<own.count {
        // Of the largest nothing is lost.
        let a = output.base + row * output.stride
        let largest = (0..<features).max { a[$0] < a[$1] } ?? 0
        let value = a[largest]
        model.architecture.likelihood.rate(
          inPlace: output.rows(row..<row + 1), parameters: model.likelihoodParameterValues, exposure: nil)
        places.base[own.lowerBound + row] = value - log(a[largest])
      }
      pass.barrier()
    } then: { examples in
      activations += workspace[last.input].rows(0..<examples.count).copyElements()
      for row in 0..<examples.count { normalizers.append(places.base[row]) }
    }
    if let failure = dataset.failure { throw failure }
    let (weight, bias) = (model.weights[last.weight], model.weights[last.bias])
    func outputs(_ index: Int) -> (weights: [Float], bias: [Float]) {
      let columns = index * features..<(index + 1) * features
      return (columns.flatMap { column in (0..<width).map { weight[$0, column] } }, columns.map { bias[0, $0] })
    }
    let rate = outputs(0)
    return RateFactors(
      width: width, activations: activations, weights: rate.weights, bias: rate.bias, normalizers: normalizers,
      inflation: model.architecture.likelihood.outputs.firstIndex { $0.name == "zero_inflation" }.map(outputs))
  }
}
