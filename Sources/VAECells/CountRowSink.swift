/// What takes the rows of a matrix of counts, one call a cell, in order.
public protocol CountRowSink {
  /// Takes the next cell: the numbers of its genes, strictly rising, and what was counted of each. Genes that are not among
  /// them were not seen. The buffers are good until the call returns.
  mutating func append(columns: UnsafeBufferPointer<UInt32>, values: UnsafeBufferPointer<Float>) throws
}
