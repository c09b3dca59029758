import Synchronization
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
    let mistakes = Counters(1)
    team.run { worker in
      for round in 1...500 {
        written.set(round, at: worker.index)
        worker.barrier()
        if written[(worker.index + 1) % worker.count] != round { mistakes.add(1, at: 0) }
        worker.barrier()
      }
    }
    #expect(mistakes[0] == 0)
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
    let cuts = Counters(1)
    team.run { worker in
      let share = worker.share(of: total, grain: grain)
      for index in share { covered.add(1, at: index) }
      if share.lowerBound % grain != 0 && share.lowerBound != total { cuts.add(1, at: 0) }
    }
    #expect(covered.values == Array(repeating: 1, count: total))
    #expect(cuts[0] == 0)
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

/// Whole numbers that threads may change at the same time.
private final class Counters: Sendable {
  private let counters: Mutex<[Int]>

  init(_ count: Int) { counters = Mutex(Array(repeating: 0, count: count)) }

  var values: [Int] { counters.withLock { $0 } }
  subscript(index: Int) -> Int { counters.withLock { $0[index] } }
  func add(_ number: Int, at index: Int) { counters.withLock { $0[index] += number } }
  func set(_ number: Int, at index: Int) { counters.withLock { $0[index] = number } }
}

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

private func usleepForTwentyMilliseconds() -> Int32 { usleep(20_000) }
