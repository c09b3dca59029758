import Synchronization
import VAEKernels

/// Lets a team of workers make something of the blocks of a table, several at once, and hands the results out in order.
///
/// Blocks go in waves. While the workers are at one, the first that is free reads the next, which for a compressed file takes
/// as long as the rest. So the memory that is in use is that of two waves, whoever is slow.
final class BlockWaves<Result>: @unchecked Sendable {
  private let blocks: TableBlocks
  private let team: ThreadTeam?
  private let work: (TableBlock, _ worker: Int) -> Result
  // Of the wave at hand. Each is written by one worker, or while there is none.
  private var wave: [TableBlock] = []
  private let results: UnsafeMutableBufferPointer<Result?>
  private var following: [TableBlock] = []
  private var failure: (any Error)?
  private let nextJob = Atomic<Int>(0)

  /// - Parameters:
  ///   - team: The workers; nil for the calling thread alone.
  ///   - work: What a worker makes of a block. Called on many threads.
  init(_ blocks: TableBlocks, team: ThreadTeam?, work: @escaping (TableBlock, _ worker: Int) -> Result) {
    (self.blocks, self.team, self.work) = (blocks, team, work)
    results = .allocate(capacity: 2 * (team?.count ?? 1))
    results.initialize(repeating: nil)
  }

  deinit {
    results.deinitialize()
    results.deallocate()
  }

  /// Goes through all blocks.
  ///
  /// - Parameters:
  ///   - prepare: Called with each block before any worker has it.
  ///   - deliver: Called with each block and what was made of it, in order. Returns false to end here.
  func run(
    prepare: (TableBlock) throws -> Void, deliver: (TableBlock, Result) throws -> Bool
  ) throws {
    readFollowing()
    while !following.isEmpty {
      wave = following
      try wave.forEach(prepare)
      nextJob.store(0, ordering: .relaxed)
      if let team {
        team.run { [self] in takeJobs($0.index) }
      } else {
        takeJobs(0)
      }
      for (index, block) in wave.enumerated() {
        guard let result = results[index] else { preconditionFailure("a block that nobody took") }
        results[index] = nil
        if try !deliver(block, result) { return }
        blocks.giveBack(block)
      }
    }
    if let failure { throw failure }
  }

  /// The first job is to read the next wave, each of the others one block of this.
  private func takeJobs(_ worker: Int) {
    while case let job = nextJob.add(1, ordering: .relaxed).oldValue, job <= wave.count {
      if job == 0 { readFollowing() } else { results[job - 1] = work(wave[job - 1], worker) }
    }
  }

  /// What goes wrong is kept until what was read before it has been delivered.
  private func readFollowing() {
    following = []
    guard failure == nil else { return }
    do {
      while following.count < results.count, let block = try blocks.next() { following.append(block) }
    } catch {
      failure = error
    }
  }
}
