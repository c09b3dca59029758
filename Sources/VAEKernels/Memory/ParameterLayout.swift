/// Where each parameter of a model lies in a flat buffer of floats.
///
/// Weights, gradients and an optimiser's moments are buffers of this one layout, so that zeroing, updates, clipping
/// and checkpoints are flat loops. It knows two views of the same floats:
///
/// - a **block** is what the kernels multiply by: one contiguous matrix, a dense weight as [in, out] or a vector as
///   [1, count];
/// - a **tensor** is what files name: some columns of a block, a weight transposed to [out, …] as PyTorch has it. The
///   encoder's head is one block with two tensors in it, mean and log-variance, because one product over 2L columns is
///   faster than two over L.
public struct ParameterLayout: Sendable, Equatable {
  /// What a parameter is, which decides how it starts and whether it is trained or decays.
  public enum Kind: String, Sendable {
    /// What inputs are multiplied by; drawn at first.
    case weight
    /// What is added.
    case bias
    /// What normalised values are multiplied by, and others that are no weights.
    case scale
    /// Not trained but kept up: a running average.
    case statistic
  }

  /// A tensor of a file as a part claims it: a name, a shape, and the columns of the block that hold it, of which each is
  /// one step of the shape's first dimension.
  public struct TensorShape: Sendable {
    let name: String
    let shape: [Int]
    let columns: Range<Int>

    /// A tensor of `shape`; its first dimension is as long as there are `columns`.
    public init(name: String, shape: [Int], columns: Range<Int>) {
      precondition(shape.first == columns.count, "\(name) of shape \(shape) in columns \(columns)")
      self.name = name
      self.shape = shape
      self.columns = columns
    }
  }

  /// One contiguous row-major matrix.
  public struct Block: Sendable, Hashable {
    /// The number of inputs of a weight; 1 for a bias.
    public let rows: Int
    /// The number of outputs.
    public let columns: Int
    /// The distance of the first float from the start of the buffer, a multiple of `AlignedBuffer.alignedCount`.
    public let offset: Int
    /// What the parameter is.
    public let kind: Kind
    /// The part of the model that it is of.
    public let part: ModelParts
    /// Where it starts, unless it is drawn.
    public let initialValue: Float

    /// The number of floats.
    public var count: Int { rows * columns }

    /// Whether an optimiser changes it where it trains some parts of a model.
    public func isTrained(in parts: ModelParts) -> Bool { kind != .statistic && parts.contains(part) }

    /// Some of the rows and columns.
    public func tile(rows: Range<Int>? = nil, columns: Range<Int>? = nil) -> Tile {
      let rows = rows ?? 0..<self.rows
      let columns = columns ?? 0..<self.columns
      precondition(
        rows.upperBound <= self.rows && columns.upperBound <= self.columns,
        "rows \(rows), columns \(columns) of a block of \(self.rows) × \(self.columns)")
      return Tile(
        offset: offset + rows.lowerBound * self.columns + columns.lowerBound, rows: rows.count,
        columns: columns.count, stride: self.columns)
    }
  }

  /// A rectangle of a block: what one worker updates at a time.
  public struct Tile: Sendable, Hashable {
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
    /// The shape in the file, such as [out, in] of a weight and [out] of a bias.
    public let shape: [Int]

    /// Whether it is a weight, which is drawn at first.
    public var isWeight: Bool { block.kind == .weight }
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
  public var parameterCount: Int { blocks.reduce(0) { $0 + ($1.kind == .statistic ? 0 : $1.count) } }

  /// The stretches of a buffer that hold the blocks of some kind, alignment between two of them included, in order.
  public func ranges(where isWanted: (Block) -> Bool) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var end = 0
    for block in blocks {
      let start = block.offset
      if isWanted(block) {
        if let last = ranges.last, last.upperBound == end, end == start {
          ranges[ranges.count - 1] = last.lowerBound..<start + AlignedBuffer.roundedUp(block.count)
        } else {
          ranges.append(start..<start + AlignedBuffer.roundedUp(block.count))
        }
      }
      end = start + AlignedBuffer.roundedUp(block.count)
    }
    return ranges
  }

  mutating func appendBlock(rows: Int, columns: Int, kind: Kind, part: ModelParts, initialValue: Float) -> Block {
    let block = Block(
      rows: rows, columns: columns, offset: count, kind: kind, part: part, initialValue: initialValue)
    blocks.append(block)
    count += AlignedBuffer.roundedUp(block.count)
    return block
  }

  mutating func appendTensor(_ tensor: TensorShape, of block: Block) {
    precondition(
      tensor.shape.reduce(1, *) == tensor.columns.count * block.rows && tensor.columns.upperBound <= block.columns,
      "\(tensor.name) of shape \(tensor.shape) in columns \(tensor.columns) of a block of \(block.rows) × "
        + "\(block.columns)")
    tensors.append(Tensor(name: tensor.name, block: block, columns: tensor.columns, shape: tensor.shape))
  }
}
