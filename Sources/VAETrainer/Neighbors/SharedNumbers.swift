import Synchronization
import VAEKernels

/// Numbers that the workers of a team share: each writes its own, or they take turns behind a barrier.
final class SharedNumbers<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int, repeating value: Element) {
    // A cache line and no less, for vectors.
    base = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: AlignedBuffer.alignment
    ).bindMemory(to: Element.self, capacity: max(count, 1))
    base.initialize(repeating: value, count: count)
    self.count = count
  }

  convenience init(_ elements: [Element], empty: Element) {
    self.init(count: elements.count, repeating: empty)
    elements.withUnsafeBufferPointer { if let first = $0.baseAddress { base.update(from: first, count: count) } }
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  subscript(index: Int) -> Element {
    get { base[index] }
    set { base[index] = newValue }
  }

  var array: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

/// Pieces of work that workers take one after another, so that none waits for one that the system has put aside. Which worker
/// does a piece must not change its result.
final class WorkQueue: Sendable {
  private let taken = Atomic<Int>(0)

  /// The next piece of `count`, or nil where there is none left.
  func next(of count: Int) -> Int? {
    let piece = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return piece < count ? piece : nil
  }

  /// While no worker takes any.
  func reset() { taken.store(0, ordering: .relaxed) }
}

/// The parts of `0..<total` of `size` numbers each.
struct Pieces: Sendable {
  let total: Int
  let size: Int

  var count: Int { (total + size - 1) / size }

  subscript(piece: Int) -> Range<Int> { piece * size..<min((piece + 1) * size, total) }
}
