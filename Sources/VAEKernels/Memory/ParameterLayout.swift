/// Where each parameter of a model lies in a flat buffer of floats.
///
/// Weights, gradients and both of Adam's moments are buffers of this one layout, so that zeroing, Adam, clipping
/// and checkpoints are flat loops. It knows two views of the same floats:
///
/// - a **block** is what the kernels multiply by: one contiguous matrix, a weight as [in, out] or a bias as
///   [1, out];
/// - a **tensor** is what files name: some columns of a block, a weight transposed to [out, in] as in
///   `torch.nn.Linear`. The encoder's head is one block with two tensors in it, mean and log-variance, because one
///   product over 2L columns is faster than two over L.
public struct ParameterLayout: Sendable, Equatable {
  /// One contiguous row-major matrix.
  public struct Block: Sendable, Hashable {
    /// The number of inputs of a weight; 1 for a bias.
    public let rows: Int
    /// The number of outputs.
    public let columns: Int
    /// The distance of the first float from the start of the buffer, a multiple of `AlignedBuffer.alignedCount`.
    public let offset: Int

    /// The number of floats.
    public var count: Int { rows * columns }

    /// Where some of the rows lie in the buffer.
    public func range(rows: Range<Int>) -> Range<Int> {
      offset + rows.lowerBound * columns..<offset + rows.upperBound * columns
    }

    /// Where some of the columns of a bias lie in the buffer.
    public func range(columns: Range<Int>) -> Range<Int> {
      precondition(rows == 1, "the columns of a matrix of \(rows) rows are not in one piece")
      return offset + columns.lowerBound..<offset + columns.upperBound
    }
  }

  /// One named tensor of the model file.
  public struct Tensor: Sendable, Hashable {
    /// The name in `model.safetensors`, such as `encoder.hidden.0.weight`.
    public let name: String
    /// The block that holds it.
    public let block: Block
    /// Its columns of the block.
    public let columns: Range<Int>
    /// Whether it is a weight (two dimensions in the file) or a bias (one).
    public let isWeight: Bool

    /// The shape in the file: [out, in] for a weight, [out] for a bias.
    public var shape: [Int] { isWeight ? [columns.count, block.rows] : [columns.count] }
    /// The number of floats.
    public var count: Int { columns.count * block.rows }
  }

  /// Every block, in the order of the buffer.
  public private(set) var blocks: [Block] = []
  /// Every tensor, in the order of the buffer.
  public private(set) var tensors: [Tensor] = []
  /// The length of a buffer of this layout, in floats, alignment included.
  public private(set) var count = 0

  /// A layout with nothing in it.
  public init() {}

  /// The number of trainable parameters, alignment not counted.
  public var parameterCount: Int { blocks.reduce(0) { $0 + $1.count } }

  /// Appends a dense layer: a weight block [inputs, outputs] and a bias block [1, outputs], holding the tensors
  /// `name.weight` and `name.bias` for each named group of output columns, in order.
  mutating func appendDense(inputs: Int, groups: [(name: String, outputs: Int)]) -> (weight: Block, bias: Block) {
    let outputs = groups.reduce(0) { $0 + $1.outputs }
    let weight = appendBlock(rows: inputs, columns: outputs)
    let bias = appendBlock(rows: 1, columns: outputs)
    var start = 0
    for group in groups {
      let columns = start..<start + group.outputs
      tensors.append(Tensor(name: "\(group.name).weight", block: weight, columns: columns, isWeight: true))
      tensors.append(Tensor(name: "\(group.name).bias", block: bias, columns: columns, isWeight: false))
      start = columns.upperBound
    }
    return (weight, bias)
  }

  private mutating func appendBlock(rows: Int, columns: Int) -> Block {
    let block = Block(rows: rows, columns: columns, offset: count)
    blocks.append(block)
    count += AlignedBuffer.roundedUp(block.count)
    return block
  }
}
