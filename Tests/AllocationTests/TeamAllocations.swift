import CAllocationCounter
import VAEKernels

/// What each worker of a team allocates.
///
/// The count of a thread can only be read on it, so every worker writes down its own, before and after. The function
/// that does so and the memory it writes to are made once: they must not be counted themselves.
final class TeamAllocations {
  private let team: ThreadTeam
  private let before: Counts
  private let after: Counts
  private let recordBefore: @Sendable (Worker) -> Void
  private let recordAfter: @Sendable (Worker) -> Void

  init(_ team: ThreadTeam) {
    self.team = team
    let before = Counts(team.count)
    let after = Counts(team.count)
    self.before = before
    self.after = after
    recordBefore = { before.base[$0.index] = allocation_count_of_this_thread() }
    recordAfter = { after.base[$0.index] = allocation_count_of_this_thread() }
  }

  /// The allocations of each worker while the calling thread, which is worker 0, is in `body`.
  func during(_ body: () throws -> Void) rethrows -> [UInt64] {
    team.run(recordBefore)
    try body()
    team.run(recordAfter)
    return (0..<team.count).map { after.base[$0] - before.base[$0] }
  }

  /// Each worker writes its own place.
  private final class Counts: @unchecked Sendable {
    let base: UnsafeMutablePointer<UInt64>

    init(_ count: Int) {
      base = .allocate(capacity: count)
      base.initialize(repeating: 0, count: count)
    }

    deinit { base.deallocate() }
  }
}
