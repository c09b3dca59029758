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
      for input in 0..<source.rows {
        for output in 0..<source.columns {
          buffer.initializeElement(at: output * source.rows + input, to: source[input, output])
        }
      }
      count = tensor.count
    }
  }

  /// Overwrites one tensor with `elements` in the order of files: a weight as [out, in], a bias as [out].
  public func setElements(_ elements: [Float], of tensor: ParameterLayout.Tensor) {
    precondition(
      elements.count == tensor.count, "\(elements.count) numbers for \(tensor.name), which has \(tensor.count)")
    let target = self[tensor.block].columns(tensor.columns)
    for input in 0..<target.rows {
      for output in 0..<target.columns {
        target[input, output] = elements[output * target.rows + input]
      }
    }
  }
}
