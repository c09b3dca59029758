import VAEData
import VAEKernels

/// How much is taken to be counted of an example in all.
public enum Exposure: Sendable, Hashable {
  /// As much as was.
  case observed
  /// The same of all examples.
  case fixed(Float)
}

extension Evaluator {
  /// E[x|z] of every example at z = μ, for an exposure of choice, and averaged over the variants of what the model is told:
  /// counts without the noise of counting, and without what sets batches apart.
  ///
  /// Calls `body` with some examples after another: their places, and their expectations [B, D], which hold during the
  /// call. Throws `FileError` for a file that changed.
  public func forEachExpectation(
    of dataset: Dataset, exposure: Exposure = .observed, told: ToldValues = ToldValues(),
    _ body: (Range<Int>, Matrix) throws -> Void
  ) throws {
    let features = model.architecture.inputCount
    let room = AlignedBuffer(count: workspace.capacity * features)
    let sums = Matrix(room.base, rows: workspace.capacity, columns: features)
    // The examples of the batch at hand, which the workers know by their places in it.
    let batches = BatchStarts()
    try forEachBatch(of: dataset) { [model] pass in
      model.decodeMean(pass)
      let (own, workspace) = (pass.ownExamples, pass.workspace)
      let (minibatch, output) = (workspace.minibatch(own), workspace.output.rows(own))
      let examples = batches.start + own.lowerBound..<batches.start + own.upperBound
      for variant in told.variants.indices {
        if !told.isAsIs {
          told.write(variant, of: examples, in: dataset, into: minibatch)
          pass.barrier()
          model.decode(pass)
        }
        var scale = 1 / Float(told.variants.count)
        switch exposure {
        case .observed: model.reconstructionMean(pass)
        case .fixed(let value):
          // It is a factor of the mean.
          scale *= value
          model.architecture.likelihood.mean(inPlace: output, parameters: model.likelihoodParameterValues)
        }
        for row in 0..<own.count {
          let (sum, mean) = (sums.base + (own.lowerBound + row) * features, output.base + row * output.stride)
          for feature in 0..<features { sum[feature] = (variant == 0 ? 0 : sum[feature]) + scale * mean[feature] }
        }
        pass.barrier()
      }
    } then: { examples in
      try body(examples, sums.rows(0..<examples.count))
      batches.start = examples.upperBound
    }
    if let failure = dataset.failure { throw failure }
  }
}

/// Where a batch begins: set between passes, read in them.
final class BatchStarts: @unchecked Sendable {
  var start = 0
}
