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

    /// Some of the rows and columns.
    public func part(rows: Range<Int>? = nil, columns: Range<Int>? = nil) -> Part {
      let rows = rows ?? 0..<self.rows
      let columns = columns ?? 0..<self.columns
      precondition(
        rows.upperBound <= self.rows && columns.upperBound <= self.columns,
        "rows \(rows), columns \(columns) of a block of \(self.rows) × \(self.columns)")
      return Part(
        offset: offset + rows.lowerBound * self.columns + columns.lowerBound, rows: rows.count,
        columns: columns.count, stride: self.columns)
    }
  }

  /// A rectangle of a block: what one worker updates at a time.
  public struct Part: Sendable, Hashable {
    /// The distance of the first float from the start of the buffer.
    public let offset: Int
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// The distance between the starts of two rows, in floats.
    public let stride: Int

    /// Any rectangle of a buffer.
    public init(offset: Int, rows: Int, columns: Int, stride: Int) {
      self.offset = offset
      self.rows = rows
      self.columns = columns
      self.stride = stride
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

  /// Where the floats of `parts` lie: those of the encoder come before all others.
  public func range(of parts: ModelParts) -> Range<Int> {
    let boundary = tensors.first { !ModelParts.encoder.contains(tensor: $0.name) }?.block.offset ?? count
    return (parts.contains(.encoder) ? 0 : boundary)..<(parts.contains(.decoder) ? count : boundary)
  }

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

  /// Appends a block of numbers of their own, a tensor of one for each name.
  mutating func appendParameters(_ names: [String]) -> Block {
    let block = appendBlock(rows: 1, columns: names.count)
    for (column, name) in names.enumerated() {
      tensors.append(Tensor(name: name, block: block, columns: column..<column + 1, isWeight: false))
    }
    return block
  }

  private mutating func appendBlock(rows: Int, columns: Int) -> Block {
    let block = Block(rows: rows, columns: columns, offset: count)
    blocks.append(block)
    count += AlignedBuffer.roundedUp(block.count)
    return block
  }
}
