import CStandardLibrary

/// Floats in pages of their own, which cost memory when they are first written, and none once they are released.
///
/// How many rows there are in a table is known when all have been read. An array that grows would hold them twice meanwhile,
/// and what the allocator gets back it may keep.
final class FloatPages: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  private var byteCount: Int

  /// Pages for `capacity` floats, all zero; nil where the system has none.
  init?(capacity: Int) {
    let byteCount = Self.wholePages(max(capacity, 1) * MemoryLayout<Float>.stride)
    #if canImport(Darwin)
      let flags = MAP_PRIVATE | MAP_ANON
    #else
      let flags = MAP_PRIVATE | MAP_ANONYMOUS
    #endif
    guard let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), memory != MAP_FAILED else {
      return nil
    }
    base = memory.bindMemory(to: Float.self, capacity: byteCount / MemoryLayout<Float>.stride)
    self.byteCount = byteCount
  }

  deinit { munmap(base, byteCount) }

  /// Gives back what lies behind the first `count` floats.
  func shrink(to count: Int) {
    let kept = Self.wholePages(max(count, 1) * MemoryLayout<Float>.stride)
    guard kept < byteCount else { return }
    munmap(UnsafeMutableRawPointer(base) + kept, byteCount - kept)
    byteCount = kept
  }

  private static func wholePages(_ byteCount: Int) -> Int {
    let page = Int(getpagesize())
    return (byteCount + page - 1) / page * page
  }
}
