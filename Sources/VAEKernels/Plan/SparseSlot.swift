/// What is not zero in the rows of a slot: there where a minibatch has such entries, instead of the slot's own matrix or
/// beside it.
public struct SparseSlot: Sendable, Hashable {
  /// The columns of the rows, zeros and all.
  let columns: Int
  /// Which of the workspace's matrices.
  let places: Int
  let values: Int
  let starts: Int
  let ends: Int
}

extension Blueprint {
  /// Claims room for the entries of an example's row of `columns` numbers.
  mutating func sparseSlot(columns: Int) -> SparseSlot {
    SparseSlot(
      columns: columns, places: addEntries(.entries(of: columns)), values: addEntries(.entries(of: columns)),
      starts: addEntries(.rows(.example, columns: 1)), ends: addEntries(.rows(.example, columns: 1)))
  }

  /// Claims room for other numbers in the places of `slot`.
  mutating func sparseSlot(like slot: SparseSlot) -> SparseSlot {
    SparseSlot(
      columns: slot.columns, places: slot.places, values: addEntries(.entries(of: slot.columns)), starts: slot.starts,
      ends: slot.ends)
  }

  /// Claims room for the same entries column by column, for the backward pass.
  mutating func transposedSlot(of slot: SparseSlot) -> SparseSlot {
    SparseSlot(
      columns: slot.columns, places: addEntries(.entries(of: slot.columns), training: true),
      values: addEntries(.entries(of: slot.columns), training: true),
      starts: addEntries(.shared(columns: slot.columns), training: true),
      ends: addEntries(.shared(columns: slot.columns), training: true))
  }
}

extension Workspace {
  /// The entries of a slot, `capacity` examples of them; nil where there are none.
  func entries(_ slot: SparseSlot) -> SparseRows? {
    guard form.features != .dense else { return nil }
    return SparseRows(
      places: indices(slot.places), values: matrix(slot.values).base, starts: indices(slot.starts),
      ends: indices(slot.ends), rows: capacity, columns: slot.columns)
  }

  /// The same of a transposed slot: a row for each column.
  func transposedEntries(_ slot: SparseSlot, examples: Int) -> SparseRows {
    SparseRows(
      places: indices(slot.places), values: matrix(slot.values).base, starts: indices(slot.starts),
      ends: indices(slot.ends), rows: slot.columns, columns: examples)
  }

  /// Where the entries of each example begin: as far apart as the most that one has.
  func layEntries(_ slot: SparseSlot) {
    guard let rows = entries(slot) else { return }
    let stride = matrix(slot.places).stride
    precondition(capacity * stride < Int(UInt32.max), "\(capacity) examples of \(stride) entries")
    for row in 0..<capacity { (rows.starts[row], rows.ends[row]) = (UInt32(row * stride), UInt32(row * stride)) }
  }

  /// A matrix of floats, seen as the whole numbers that it holds.
  private func indices(_ index: Int) -> UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(matrix(index).base).assumingMemoryBound(to: UInt32.self)
  }
}

extension Pass {
  /// What is not zero in the rows of a slot; nil where the minibatch has no such entries of it.
  public func entries(of slot: Slot) -> SparseRows? {
    slot.sparse.flatMap { workspace.entries($0) }?.rows(examples)
  }
}
