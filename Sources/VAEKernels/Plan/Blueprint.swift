/// What a model is laid out with, once, before anything is allocated: every part claims its parameters and the matrices
/// that it works in, by what they are to an example, and keeps the slots that it gets.
///
/// Nothing else in the package works out a size: memory, files, references and benchmarks ask the finished `Plan`.
public struct Blueprint {
  /// Where the parameters claimed so far lie.
  public private(set) var layout = ParameterLayout()
  private(set) var shapes: [SlotShape] = []
  /// What a matrix is of.
  struct SlotShape: Sendable {
    enum Extent: Sendable {
      case rows(Rows, columns: Int)
      case oneForEachRow(Rows)
      /// For each example, of a row of so many columns, as many as the minibatch's form has entries.
      case entries(of: Int)
      case shared(columns: Int)
    }
    let extent: Extent
    /// Whether it has a gradient beside it.
    let hasGradient: Bool
    /// Whether passes without gradients do without it.
    let isForTraining: Bool
    /// The side input that it is of: it is there only where that was asked for.
    let side: SideInputs
    /// Whether it is there only where a minibatch has entries.
    var isOfEntries = false
  }

  /// The part of the model that parameters are claimed for.
  var part: ModelParts = .encoder
  /// What each dense layer behind a part's first is told beside its input, where it is.
  var told: Slot? { didSet { denseCount = 0 } }
  private var denseCount = 0
  /// The number of `Dropout` layers and others that draw, so far.
  private var drawing: UInt32 = 0

  /// A blueprint with nothing in it.
  public init() {}

  /// What a dense layer is told beside its input: nothing the first of a part's, whose input has it.
  mutating func takeTold() -> Slot? {
    defer { denseCount += 1 }
    return denseCount == 0 ? nil : told
  }

  // MARK: Parameters

  /// Claims a matrix of parameters [rows, columns], as the kernels multiply by it, which files hold as `tensors`.
  public mutating func parameter(
    rows: Int, columns: Int, _ tensors: [ParameterLayout.TensorShape], kind: ParameterLayout.Kind,
    initially value: Float = 0
  ) -> ParameterLayout.Block {
    let block = layout.appendBlock(rows: rows, columns: columns, kind: kind, part: part, initialValue: value)
    for tensor in tensors { layout.appendTensor(tensor, of: block) }
    return block
  }

  /// Claims the weight [inputs, outputs] and the bias [1, outputs] of a dense layer, which files hold as `name.weight` and
  /// `name.bias` of each of some outputs, side by side in both.
  public mutating func weightAndBias(
    inputs: Int, _ outputs: [(name: String, count: Int)]
  ) -> (weight: ParameterLayout.Block, bias: ParameterLayout.Block) {
    let count = outputs.reduce(0) { $0 + $1.count }
    let weight = layout.appendBlock(rows: inputs, columns: count, kind: .weight, part: part, initialValue: 0)
    let bias = layout.appendBlock(rows: 1, columns: count, kind: .bias, part: part, initialValue: 0)
    var start = 0
    for (name, count) in outputs {
      let columns = start..<start + count
      layout.appendTensor(.init(name: name + ".weight", shape: [count, inputs], columns: columns), of: weight)
      layout.appendTensor(.init(name: name + ".bias", shape: [count], columns: columns), of: bias)
      start += count
    }
    return (weight, bias)
  }

  /// Claims a vector of parameters [1, count], one tensor of a file.
  public mutating func parameter(
    _ name: String, count: Int, kind: ParameterLayout.Kind, initially value: Float = 0
  ) -> ParameterLayout.Block {
    parameter(
      rows: 1, columns: count, [.init(name: name, shape: [count], columns: 0..<count)], kind: kind, initially: value)
  }

  // MARK: Slots

  /// Claims a matrix of `columns` numbers for each of an example's `rows`; with `gradient`, also room for the gradient
  /// with respect to it; with `training`, only where there is a backward pass.
  public mutating func slot(
    columns: Int, rows: Rows, gradient: Bool = true, training: Bool = false
  ) -> Slot {
    precondition(columns >= 0, "a slot of \(columns) columns")
    return slot(columns: columns, rows: rows, gradient: gradient, training: training, side: [])
  }

  mutating func slot(columns: Int, rows: Rows, gradient: Bool, training: Bool = false, side: SideInputs) -> Slot {
    let index = add(.rows(rows, columns: columns), gradient, training, side)
    return Slot(columns: columns, rows: rows, hasGradient: gradient, index: index, firstColumn: 0)
  }

  /// Claims one number for each of an example's `rows`.
  public mutating func rowSlot(_ rows: Rows, training: Bool = false) -> RowSlot {
    RowSlot(rows: rows, index: add(.oneForEachRow(rows), false, training, []))
  }

  /// Claims one row of numbers for the whole minibatch.
  public mutating func sharedSlot(columns: Int, training: Bool = false) -> SharedSlot {
    SharedSlot(columns: columns, index: add(.shared(columns: columns), false, training, []))
  }

  /// A number that no other layer of the model has, for one that draws random numbers: see `Dropout`.
  public mutating func drawingIndex() -> UInt32 {
    defer { drawing += 1 }
    return drawing
  }

  mutating func addEntries(_ extent: SlotShape.Extent, training: Bool = false) -> Int {
    shapes.append(
      SlotShape(extent: extent, hasGradient: false, isForTraining: training, side: [], isOfEntries: true))
    return shapes.count - 1
  }

  private mutating func add(
    _ extent: SlotShape.Extent, _ gradient: Bool, _ training: Bool, _ side: SideInputs
  ) -> Int {
    shapes.append(SlotShape(extent: extent, hasGradient: gradient, isForTraining: training, side: side))
    return shapes.count - 1
  }
}
