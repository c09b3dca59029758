import VAEKernels

/// A gradient held whole, so that it can be scaled by limit / norm where its norm is above the limit.
///
/// Source: Pascanu, Mikolov and Bengio 2013, algorithm 1.
final class GradientClipping: @unchecked Sendable {
  let gradients: ParameterArena
  private let limit: Float
  /// Σ g² of each block of the buffer. Blocks, not workers' shares, so that the norm is the same for any number of
  /// workers.
  private let sums: UnsafeMutableBufferPointer<Double>
  private static let blockSize = 4096

  /// For parameters of this layout; the gradient of those that are not trained stays zero.
  init(_ layout: ParameterLayout, limit: Float) {
    self.limit = limit
    gradients = ParameterArena(layout)
    sums = .allocate(capacity: (layout.count + Self.blockSize - 1) / Self.blockSize)
    sums.initialize(repeating: 0)
  }

  deinit {
    sums.deallocate()
  }

  /// A step with the gradient scaled, each worker its share, once all have filled `gradients`; the square of the norm
  /// before.
  func update(
    _ weights: ParameterArena, _ chain: UpdateChain, _ step: UpdateStep, _ worker: Worker
  ) -> Double {
    let count = gradients.buffer.count
    for block in worker.share(of: sums.count) {
      let start = block * Self.blockSize
      sums[block] = VectorMath.active.sumOfSquares(
        gradients.buffer.base + start, count: min(Self.blockSize, count - start))
    }
    worker.barrier()
    var squaredNorm = 0.0
    for index in 0..<sums.count { squaredNorm += sums[index] }
    var step = step
    let isAbove = squaredNorm > Double(limit) * Double(limit)
    step.gradientScale = isAbove ? limit / Float(squaredNorm.squareRoot()) : 1
    chain.update(weights, gradients, range: worker.share(of: count, grain: AlignedBuffer.alignedCount), step)
    return squaredNorm
  }
}
