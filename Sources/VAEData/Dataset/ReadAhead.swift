import Dispatch

/// Asks the kernel for rows of a file before they are wanted, so that a step does not wait for a disk that can deliver them.
///
/// It asks on a thread of its own: for a row that is not in memory that takes ten to fifty microseconds, which is as long as a
/// step computes on the row. There is nothing to wait for, and nothing to undo: rows that come too late are read by the step.
/// Of data in memory it does nothing.
public final class ReadAhead {
  private let dataset: Dataset
  /// The rows that are asked for beyond those that are wanted.
  private let distance: Int
  private let queue: DispatchQueue?
  private var asked = 0

  /// Of the rows of `dataset`, so far ahead that a disk has a few hundred of them to find at once, and that as much is on its
  /// way as a fast one delivers in some milliseconds.
  public init(_ dataset: Dataset) {
    self.dataset = dataset
    let rowBytes =
      switch dataset.storage {
      case .file(let file): file.rowBytes
      case .compressed(let rows) where rows.file != nil:
        rows.stored * rows.bytesOfAnEntry / max(rows.rowCount, 1)
      case .bytes, .floats, .compressed: 0
      }
    queue = dataset.isInFile ? DispatchQueue(label: "read ahead") : nil
    distance = max(1, min(4096, (32 << 20) / max(rowBytes, 1)))
  }

  /// The order begins again.
  public func restart() { asked = 0 }

  /// Asks for rows behind `wanted`, which are read now, those already asked for left out.
  ///
  /// - Parameters:
  ///   - wanted: Places in an order of `count` examples, which only rise until `restart`.
  ///   - order: The example at each place.
  public func advance(to wanted: Range<Int>, of count: Int, _ order: (Int) -> Int) {
    guard let queue else { return }
    let first = max(asked, wanted.lowerBound)
    let end = min(wanted.upperBound + distance, count)
    // Not a row at a time, since each call has its price.
    guard end - first >= min(distance / 8, count - first), first < end else { return }
    let rows = (first..<end).map { UInt32(dataset.row(of: order($0))) }
    asked = end
    switch dataset.storage {
    case .file(let file): queue.async { for row in rows { file.willNeed(Int(row)) } }
    case .compressed(let stored):
      queue.async { for row in rows { stored.file?.willNeed(stored.entries(of: Int(row))) } }
    case .bytes, .floats: break
    }
  }
}
