/// A layer in its place in a model: it knows the slots that it reads and writes and the parameters that it has, and does
/// its share of a pass. A `Layer` makes one.
///
/// Everything a stage needs it claims from the `Blueprint` when it is made; the passes allocate nothing. Which share is
/// whose, and where a barrier belongs, is said with `Pass`.
public protocol Stage: Sendable {
  /// What files call it, such as `encoder.hidden.0`.
  var name: String { get }
  /// What it writes.
  var output: Slot { get }
  /// The parameters that it claimed; none by default.
  var parameters: [ParameterLayout.Block] { get }
  /// The matrix products of a forward pass; none by default.
  var products: [Product] { get }

  /// input → output.
  func forward(_ pass: Pass)
  /// d(output), which it may overwrite, → d(input), where the input has a gradient.
  func backward(_ pass: Pass)
  /// What `backward` left → the gradient of every parameter, over all examples of the pass, this worker's tiles of it; none
  /// by default. A barrier comes before.
  func backwardParameters(_ pass: Pass, into sink: any GradientSink)
}

/// A product [rows·B, inner] × [inner, columns], B the number of examples.
public struct Product: Sendable, Hashable {
  /// The rows of an example.
  public let rows: Rows
  /// The length of each sum.
  public let inner: Int
  /// The columns of the result.
  public let columns: Int

  /// A product.
  public init(rows: Rows, inner: Int, columns: Int) {
    self.rows = rows
    self.inner = inner
    self.columns = columns
  }

  /// Multiplications and additions for one example of so many samples.
  public func operations(samples: Int = 1) -> Int { 2 * rows.perExample(samples: samples) * inner * columns }
}

extension Stage {
  /// None.
  public var parameters: [ParameterLayout.Block] { [] }
  /// None.
  public var products: [Product] { [] }
  /// None.
  public func backwardParameters(_ pass: Pass, into sink: any GradientSink) {}
}

/// What becomes of the gradient of the parameters, a tile at a time: it is kept, or an optimiser uses it at once, while it
/// is still in the core's own cache. One for each worker.
public protocol GradientSink: AnyObject {
  /// Where to write the gradient of `tile`, a matrix of its shape.
  func place(for tile: ParameterLayout.Tile) -> Matrix
  /// Takes what has been written there.
  func use(_ tile: ParameterLayout.Tile, _ gradient: Matrix)
}

/// Keeps the whole gradient.
public final class GradientArena: GradientSink {
  private let gradients: ParameterArena

  /// Writes into `gradients`.
  public init(_ gradients: ParameterArena) {
    self.gradients = gradients
  }

  /// In the arena.
  public func place(for tile: ParameterLayout.Tile) -> Matrix { gradients[tile] }
  /// It is where it should be.
  public func use(_ tile: ParameterLayout.Tile, _ gradient: Matrix) {}
}

extension Pass {
  /// Makes the gradient of a weight matrix: `body` writes that of some of its rows, inputs, into a matrix; this worker its
  /// share of the rows, a tile after the other.
  public func forEachTile(
    of block: ParameterLayout.Block, into sink: any GradientSink, _ body: (_ rows: Range<Int>, Matrix) -> Void
  ) {
    let own = worker.share(of: block.rows, grain: 8)
    let height = ParameterLayout.Block.tileHeight(columns: block.columns)
    for start in stride(from: own.lowerBound, to: own.upperBound, by: height) {
      let rows = start..<min(start + height, own.upperBound)
      let tile = block.tile(rows: rows)
      let gradient = sink.place(for: tile)
      body(rows, gradient)
      sink.use(tile, gradient)
    }
  }

  /// Makes the gradient of a vector of parameters [1, count]: `body` writes that of some of its columns; this worker its
  /// share of them.
  public func forOwnColumns(
    of block: ParameterLayout.Block, into sink: any GradientSink, _ body: (_ columns: Range<Int>, Matrix) -> Void
  ) {
    let own = worker.share(of: block.columns, grain: AlignedBuffer.alignedCount)
    guard !own.isEmpty else { return }
    let tile = block.tile(columns: own)
    let gradient = sink.place(for: tile)
    body(own, gradient)
    sink.use(tile, gradient)
  }
}

extension ParameterLayout.Block {
  /// As many rows as make up 192 KB, which leaves most of a second-level cache to the two factors of a gradient, but no
  /// fewer than a product does at a time.
  static func tileHeight(columns: Int) -> Int { max(8, 49_152 / columns / 8 * 8) }

  /// The floats of the largest tile of its gradient.
  var tileCount: Int { min(rows, Self.tileHeight(columns: columns)) * columns }
}

extension ParameterLayout {
  /// The room for the tile of the gradient that a worker has in hand, in floats.
  public var gradientTileCount: Int { blocks.reduce(0) { max($0, $1.tileCount) } }
}
