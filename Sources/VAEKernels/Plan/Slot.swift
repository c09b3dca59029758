/// The rows that an example owns: one for itself, one for each of its K samples, or some number of either.
///
/// The one idea that samples, time steps and places of an image share: a layer over T steps is the same product with T
/// rows an example.
public struct Rows: Sendable, Hashable {
  /// How many for each example, or for each of its samples.
  public let count: Int
  /// Whether they are of samples.
  public let isSampled: Bool

  /// `count` rows for each example or, where `isSampled`, for each of its samples.
  public init(_ count: Int = 1, isSampled: Bool = false) {
    precondition(count > 0, "\(count) rows an example")
    self.count = count
    self.isSampled = isSampled
  }

  /// One row an example.
  public static let example = Rows()
  /// One row a sample.
  public static let sample = Rows(isSampled: true)

  /// The rows of an example that has so many samples.
  public func perExample(samples: Int) -> Int { isSampled ? count * samples : count }
}

/// A place for numbers of a minibatch, laid out by a `Blueprint` and filled in a `Workspace`: a matrix with some rows for
/// each example and, where something is to be learnt through it, the gradient of the loss with respect to it.
public struct Slot: Sendable, Hashable {
  /// The numbers of a row.
  public let columns: Int
  /// The rows of an example.
  public let rows: Rows
  /// Whether the gradient with respect to it is wanted.
  public let hasGradient: Bool
  /// Which of the workspace's matrices.
  let index: Int
  /// Where in it the columns begin.
  let firstColumn: Int
  /// How many of the columns, at their end, hold what the encoder is told beside x, which is nothing to transform.
  var toldCount = 0
  /// What is not zero in the columns before those, where a minibatch may have it.
  var sparse: SparseSlot?

  /// A window on some of the columns.
  public func columns(_ range: Range<Int>) -> Slot {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of a slot that has \(columns)")
    return Slot(
      columns: range.count, rows: rows, hasGradient: hasGradient, index: index,
      firstColumn: firstColumn + range.lowerBound)
  }
}

/// One number for each row that an example owns, [1, rows]: a loss, a weight, a mean.
public struct RowSlot: Sendable, Hashable {
  /// The rows of an example.
  public let rows: Rows
  let index: Int
}

/// One row of numbers for the whole minibatch, [1, columns]: an average over it.
public struct SharedSlot: Sendable, Hashable {
  /// The numbers.
  public let columns: Int
  let index: Int
}
