import CAllocationCounter
import Testing
import VAEKernels

/// The counter counts; without this the tests of the training step could pass for the wrong reason.
@Suite(.enabled(if: allocation_counter_works(), "allocations are counted on Linux with glibc, without sanitizers"))
struct AllocationCounterTests {
  private func allocations(_ body: () -> Void) -> UInt64 {
    let before = allocation_count_of_this_thread()
    body()
    return allocation_count_of_this_thread() - before
  }

  private final class Box {}

  @Test func everyKindOfAllocationIsCounted() {
    #expect(allocations {} == 0)
    #expect(allocations { blackHole(Box()) } >= 1)
    #expect(allocations { blackHole([Float](repeating: 1, count: 100)) } >= 1)
    #expect(allocations { blackHole(UnsafeMutablePointer<Float>.allocate(capacity: 10)) { $0.deallocate() } } >= 1)
    // Aligned memory comes from another function of the C library; the object itself is the second.
    #expect(allocations { blackHole(AlignedBuffer(count: 1000)) } >= 2)
  }

  @Test(arguments: [1, 2, 3]) func eachWorkerIsChargedForItsOwn(count: Int) throws {
    let team = try ThreadTeam(count: count)
    let counter = TeamAllocations(team)
    let work: @Sendable (Worker) -> Void = { worker in
      for _ in 0..<10 * worker.index {
        blackHole(UnsafeMutablePointer<Float>.allocate(capacity: 10)) { $0.deallocate() }
      }
    }
    // Once before it counts: the Swift runtime has caches to fill.
    team.run(work)
    #expect(counter.during { team.run(work) } == (0..<UInt64(count)).map { 10 * $0 })
    #expect(counter.during {} == Array(repeating: 0, count: count))
  }
}

/// Uses a value in a way that no optimiser can see through, so that it must be made.
@inline(never)
private func blackHole<Value>(_ value: Value, _ end: (Value) -> Void = { _ in }) {
  end(value)
}
