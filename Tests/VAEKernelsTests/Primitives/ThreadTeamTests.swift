import CStandardLibrary
import Testing
import VAEKernels

@Suite struct ThreadTeamTests {
  @Test(arguments: [1, 2, 3, 8]) func everyWorkerRunsOnceEveryTime(count: Int) throws {
    let team = try ThreadTeam(count: count)
    let calls = Counters(count)
    for _ in 0..<100 { team.run { calls.add(1, at: $0.index) } }
    #expect(calls.values == Array(repeating: 100, count: count))
  }

  /// Each worker adds what its neighbour wrote before the barrier; one that ran ahead would find an older value.
  @Test(arguments: [2, 3, 5]) func nobodyPassesABarrierBeforeAllHaveCome(count: Int) throws {
    let team = try ThreadTeam(count: count)
    let written = Counters(count)
    let mistakes = Counters(count)
    team.run { worker in
      for round in 1...500 {
        written.set(round, at: worker.index)
        worker.barrier()
        if written[(worker.index + 1) % worker.count] != round { mistakes.add(1, at: worker.index) }
        worker.barrier()
      }
    }
    #expect(mistakes.values.allSatisfy { $0 == 0 })
  }

  @Test func threadsThatSleptWakeUp() throws {
    let team = try ThreadTeam(count: 2)
    let calls = Counters(2)
    for _ in 0..<3 {
      // Far longer than anyone spins.
      try #require(usleepForTwentyMilliseconds() == 0)
      team.run { calls.add(1, at: $0.index) }
    }
    #expect(calls.values == [3, 3])
  }

  @Test(arguments: [(10, 3, 1), (128, 2, 4), (3, 8, 4), (0, 2, 1), (784, 3, 8), (5, 5, 16)])
  func sharesCoverEverythingOnce(total: Int, count: Int, grain: Int) throws {
    let team = try ThreadTeam(count: count)
    let covered = Counters(total)
    let cuts = Counters(count)
    team.run { worker in
      let share = worker.share(of: total, grain: grain)
      for index in share { covered.add(1, at: index) }
      if share.lowerBound % grain != 0 && share.lowerBound != total { cuts.add(1, at: worker.index) }
    }
    #expect(covered.values == Array(repeating: 1, count: total))
    #expect(cuts.values.allSatisfy { $0 == 0 })
  }

  @Test func whatOneRunWritesTheNextOneSees() throws {
    let team = try ThreadTeam(count: 4)
    let buffer = AlignedBuffer(count: 64)
    for round in 1...50 {
      team.run { worker in
        for index in worker.share(of: 64) { buffer.base[index] += Float(round) }
      }
    }
    #expect((0..<64).allSatisfy { buffer.base[$0] == 1275 })
  }
}

/// Whole numbers without any lock. Each is written by one worker at a time and read by others only after a barrier or
/// the end of `run`: that this is enough is what the thread sanitizer can check here.
private final class Counters: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Int>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { base.deallocate() }

  var values: [Int] { Array(UnsafeBufferPointer(start: base, count: count)) }
  subscript(index: Int) -> Int { base[index] }
  func add(_ number: Int, at index: Int) { base[index] += number }
  func set(_ number: Int, at index: Int) { base[index] = number }
}

private func usleepForTwentyMilliseconds() -> Int32 { usleep(20_000) }
