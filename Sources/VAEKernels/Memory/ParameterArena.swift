/// One float for each parameter of a model: its weights, or their gradients, or one of Adam's moments.
public final class ParameterArena: Sendable {
  /// Where each parameter lies.
  public let layout: ParameterLayout
  /// The floats, `layout.count` of them; those between blocks are there for alignment and stay zero.
  public let buffer: AlignedBuffer

  /// An arena of zeros.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    buffer = AlignedBuffer(count: layout.count)
  }

  /// The floats of one block as a matrix: [in, out] for a weight, [1, out] for a bias.
  public subscript(block: ParameterLayout.Block) -> Matrix {
    Matrix(buffer.base + block.offset, rows: block.rows, columns: block.columns)
  }

  /// The floats of a part of a block.
  public subscript(tile: ParameterLayout.Tile) -> Matrix {
    Matrix(buffer.base + tile.offset, rows: tile.rows, columns: tile.columns, stride: tile.stride)
  }

  /// A copy of one tensor as files have it: a weight as [out, in], a bias as [out].
  public func elements(of tensor: ParameterLayout.Tensor) -> [Float] {
    let source = self[tensor.block].columns(tensor.columns)
    return [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
      Self.forEachElement(of: source) { place, element in buffer.initializeElement(at: place, to: element.pointee) }
      count = tensor.count
    }
  }

  /// Overwrites one tensor with `elements` in the order of files: a weight as [out, in], a bias as [out].
  public func setElements(_ elements: [Float], of tensor: ParameterLayout.Tensor) {
    precondition(
      elements.count == tensor.count, "\(elements.count) numbers for \(tensor.name), which has \(tensor.count)")
    elements.withUnsafeBufferPointer { elements in
      Self.forEachElement(of: self[tensor.block].columns(tensor.columns)) { place, element in
        element.pointee = elements[place]
      }
    }
  }

  /// Calls `body` with every element of a block and its place in a file: a cache line's width of outputs at a time, so that
  /// neither side is touched in steps of a whole row.
  @inline(__always)
  private static func forEachElement(
    of block: Matrix, _ body: (_ place: Int, _ element: UnsafeMutablePointer<Float>) -> Void
  ) {
    for first in stride(from: 0, to: block.columns, by: AlignedBuffer.alignedCount) {
      let outputs = first..<min(first + AlignedBuffer.alignedCount, block.columns)
      for input in 0..<block.rows {
        let row = block.base + input * block.stride
        for output in outputs { body(output * block.rows + input, row + output) }
      }
    }
  }
}
