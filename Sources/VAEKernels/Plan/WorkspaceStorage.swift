/// Cuts matrices from one buffer, each starting on a cache line; without a buffer it only measures.
struct WorkspaceStorage {
  private let buffer: AlignedBuffer?
  private(set) var count = 0

  init(_ buffer: AlignedBuffer? = nil) {
    self.buffer = buffer
  }

  mutating func matrix(rows: Int, columns: Int) -> Matrix {
    let start = count
    // Rows a multiple of 1 KiB apart would all fall into a few sets of the cache.
    let stride = columns % 256 == 0 ? columns + AlignedBuffer.alignedCount : columns
    count += AlignedBuffer.roundedUp(rows * stride)
    // While measuring, the window is on nothing and is thrown away.
    let base = buffer.map { $0.base + start } ?? UnsafeMutablePointer(bitPattern: AlignedBuffer.alignment)!
    return Matrix(base, rows: rows, columns: columns, stride: stride)
  }
}
