import CStandardLibrary

/// A fixed block of floats, zero at first, aligned to a cache line so that vector loads never straddle one.
///
/// Of a large one the system hands out a page when something is first written there: what nobody uses, such as the zeros of
/// minibatches that are shown without them, takes addresses and no memory.
///
/// Every number that training touches more than once lives in one of a handful of these, allocated before the
/// loop starts.
///
/// It is `Sendable` because the address and length never change. The floats themselves are not protected: threads
/// that share a buffer write disjoint parts of it, or take turns behind a `Worker.barrier()`.
public final class AlignedBuffer: @unchecked Sendable {
  /// Bytes: a cache line, and a whole AVX-512 register.
  public static let alignment = 64

  /// The number of floats in `alignment` bytes.
  public static let alignedCount = alignment / MemoryLayout<Float>.stride

  /// The first float.
  public let base: UnsafeMutablePointer<Float>
  /// The number of floats.
  public let count: Int
  /// What was allocated, up to a cache line before them.
  private let allocation: UnsafeMutableRawPointer

  /// Allocates `count` floats, all zero.
  public init(count: Int) {
    precondition(count >= 0, "a buffer cannot hold \(count) floats")
    let byteCount = max(count, 1) * MemoryLayout<Float>.stride + Self.alignment
    guard let allocation = calloc(byteCount, 1) else { fatalError("failed to allocate \(byteCount) bytes of memory") }
    self.allocation = allocation
    base = allocation.alignedUp(toMultipleOf: Self.alignment).bindMemory(to: Float.self, capacity: max(count, 1))
    self.count = count
  }

  deinit {
    free(allocation)
  }

  /// Sets every float to zero.
  public func zero() {
    base.update(repeating: 0, count: count)
  }

  /// Copies all of `source`, which must have the same length.
  public func copy(from source: AlignedBuffer) {
    precondition(source.count == count, "cannot copy \(source.count) floats into a buffer of \(count)")
    base.update(from: source.base, count: count)
  }

  /// `count` rounded up to whole cache lines.
  public static func roundedUp(_ count: Int) -> Int {
    (count + alignedCount - 1) / alignedCount * alignedCount
  }
}
