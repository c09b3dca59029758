/// A layer that makes other numbers of an example's features, row by row, and leaves zeros zero: how an encoder is shown
/// counts. It stands before the first layer that learns, and leaves alone what the encoder is told beside the features.
///
/// Where a minibatch has only what is not zero, it goes over that. There is no gradient: nothing before it learns.
public protocol InputTransform: Layer {
  /// Replaces some numbers of one row, all that are not zero among them.
  func apply(to numbers: UnsafeMutablePointer<Float>, count: Int)
}

extension InputTransform {
  /// No words.
  public var settings: [String] { [] }

  /// Behind what the encoder is shown. Throws `ArchitectureError` behind a layer that learns.
  public func lay(_ blueprint: inout Blueprint, _ input: Slot, name: String) throws -> any Stage {
    guard !input.hasGradient else {
      throw ArchitectureError.layer(
        self.name, expected: "its place before the first layer that learns", found: "one before it")
    }
    var output = blueprint.slot(columns: input.columns, rows: input.rows, gradient: false)
    output.toldCount = input.toldCount
    output.sparse = input.sparse.map { blueprint.sparseSlot(like: $0) }
    return InputTransformStage(transform: self, name: name, input: input, output: output)
  }
}

/// A stage whose output has entries where its input has: it keeps zeros.
protocol EntriesStage: Stage {}

private struct InputTransformStage: EntriesStage {
  let transform: any InputTransform
  let name: String
  let input: Slot
  let output: Slot

  func forward(_ pass: Pass) {
    // A row is one worker's, whatever the regions are.
    pass.barrier()
    let own = pass.ownExamples
    let (x, y) = (pass[input].rows(own), pass[output].rows(own))
    let features = x.columns - input.toldCount
    if let entries = pass.entries(of: input)?.rows(own), let transformed = pass.entries(of: output) {
      for row in 0..<own.count {
        let range = entries.entries(of: row)
        let numbers = transformed.values + range.lowerBound
        numbers.update(from: entries.values + range.lowerBound, count: range.count)
        transform.apply(to: numbers, count: range.count)
      }
    } else {
      y.columns(0..<features).copy(x.columns(0..<features))
      for row in 0..<own.count { transform.apply(to: y.base + row * y.stride, count: features) }
    }
    if input.toldCount > 0 { y.columns(features..<x.columns).copy(x.columns(features..<x.columns)) }
    pass.barrier()
  }

  func backward(_ pass: Pass) {}
}

/// log(1 + x): counts of any size on a scale that a dense layer can add. In the unit of log x; x > −1.
public struct Log1p: InputTransform {
  /// "log1p".
  public static let name = "log1p"
  /// The one member.
  public init() {}
  /// No words.
  public init(_ settings: inout Settings) {}

  /// x ← log(1 + x).
  public func apply(to numbers: UnsafeMutablePointer<Float>, count: Int) {
    VectorMath.active.map(.log1p, numbers, into: numbers, count: count)
  }
}

/// √x, of x ≥ 0, which makes the variance of a Poisson count the same everywhere, ¼ (Anscombe 1948).
public struct SquareRoot: InputTransform {
  /// "sqrt".
  public static let name = "sqrt"
  /// The one member.
  public init() {}
  /// No words.
  public init(_ settings: inout Settings) {}

  /// x ← √x.
  public func apply(to numbers: UnsafeMutablePointer<Float>, count: Int) {
    for index in 0..<count { numbers[index] = numbers[index].squareRoot() }
  }
}

/// x / ‖x‖: rows of length 1, as a recommender is shown purchases (Liang, Krishnan, Hoffman and Jebara 2018). A row of zeros
/// stays one.
public struct UnitLength: InputTransform {
  /// "unit-length".
  public static let name = "unit-length"
  /// The one member.
  public init() {}
  /// No words.
  public init(_ settings: inout Settings) {}

  /// x ← x / √Σ x².
  public func apply(to numbers: UnsafeMutablePointer<Float>, count: Int) {
    // In order, so that zeros between them change nothing.
    var squares = 0.0
    for index in 0..<count { squares += Double(numbers[index]) * Double(numbers[index]) }
    guard squares > 0 else { return }
    let length = squares.squareRoot()
    for index in 0..<count { numbers[index] = Float(Double(numbers[index]) / length) }
  }
}

/// 1 where x is not 0: whether there is any.
public struct Binarized: InputTransform {
  /// "binary".
  public static let name = "binary"
  /// The one member.
  public init() {}
  /// No words.
  public init(_ settings: inout Settings) {}

  /// x ← 1, but 0 where it is 0.
  public func apply(to numbers: UnsafeMutablePointer<Float>, count: Int) {
    for index in 0..<count { numbers[index] = numbers[index] == 0 ? 0 : 1 }
  }
}
