import VAEKernels

/// Standard normal numbers for a test, the same every time; another `seed`, other numbers.
public func normalNumbers(_ count: Int, seed: UInt64) -> [Float] {
  randomRow(count, seed: seed) { VectorMath.active.fillNormal($0, $1, examples: $2) }
}

/// Uniform numbers in [0, 1) for a test.
public func uniformNumbers(_ count: Int, seed: UInt64) -> [Float] {
  randomRow(count, seed: seed) { VectorMath.active.fillUniform($0, $1, examples: $2) }
}

private func randomRow(
  _ count: Int, seed: UInt64, _ fill: (Matrix, RandomStream, UnsafeBufferPointer<UInt32>) -> Void
) -> [Float] {
  let buffer = AlignedBuffer(count: count)
  let row = Matrix(buffer.base, rows: 1, columns: count)
  [UInt32(0)].withUnsafeBufferPointer { fill(row, RandomStream(seed: seed, purpose: .user), $0) }
  return row.copyElements()
}
