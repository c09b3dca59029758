import VAEKernels

/// x or, in training, x w, with w from the very numbers that the fast layer draws: they are an input of the function.
extension Dropout: ReferenceLayer {
  /// Row by row, as it is written.
  public func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    guard layer.isTraining, let drawing = layer.drawing else { return rows }
    return rows.enumerated().map { index, row in
      var stream = drawing.stream
      stream.sample = drawing.layer << 17 | drawing.samples[index]
      var numbers = RandomSequence(stream, example: drawing.examples[index])
      return row.map { numbers.uniform() < probability ? 0 : $0 * Double(1 / (1 - probability)) }
    }
  }
}
