import CStandardLibrary
import Synchronization

/// A fixed set of threads that run the same function together, each on its own share of the work.
///
/// A training step is a few hundred microseconds long and has a dozen points where every thread must have finished
/// before any may go on, one after each layer, so waiting must cost next to nothing: a thread that waits spins for a
/// moment, and sleeps only where the moment passes. While nobody sleeps, a step makes no system call.
///
/// The thread that calls `run` is worker 0; a team of one starts no threads.
public final class ThreadTeam: Sendable {
  /// The most threads that a team may have.
  public static let maximumCount = 1024

  /// The number of workers, the calling thread included.
  public let count: Int

  private let shared: Shared
  private let threads: [Thread]

  /// Starts `count - 1` threads. Throws `ThreadTeamError` where the system refuses one.
  public init(count: Int) throws {
    precondition(
      (1...Self.maximumCount).contains(count), "a team of \(count) threads; 1 to \(Self.maximumCount) are possible")
    self.count = count
    let shared = Shared(count: count)
    var threads: [Thread] = []
    for index in 1..<count {
      guard let thread = Thread(body: { shared.serve(Worker(index: index, count: count, shared: shared)) }) else {
        shared.dismiss(missing: count - 1 - threads.count)
        threads.forEach { $0.join() }
        throw ThreadTeamError.cannotStart(wanted: count, started: threads.count + 1)
      }
      threads.append(thread)
    }
    self.shared = shared
    self.threads = threads
  }

  deinit {
    shared.dismiss(missing: 0)
    threads.forEach { $0.join() }
  }

  /// Runs `body` on every worker at once and returns when all have finished.
  ///
  /// One call at a time: a team is not re-entrant. Nothing is allocated here; a caller in a hot loop makes `body`
  /// once, before the loop.
  public func run(_ body: @escaping @Sendable (Worker) -> Void) {
    let worker = Worker(index: 0, count: count, shared: shared)
    guard count > 1 else { return body(worker) }
    shared.begin(body)
    body(worker)
    shared.end()
  }
}

/// One member of a `ThreadTeam`, inside `ThreadTeam.run`.
public struct Worker: Sendable {
  /// Which worker this is, from 0.
  public let index: Int
  /// The number of workers in the team.
  public let count: Int
  fileprivate let shared: Shared?

  /// The calling thread by itself: all shares are whole, and a barrier does nothing.
  public static let alone = Worker(index: 0, count: 1, shared: nil)

  /// Waits until every worker of the team has come here.
  ///
  /// What any worker wrote before it is visible to all of them after it.
  @inline(__always)
  public func barrier() {
    if count > 1 { shared?.barrier.wait() }
  }

  /// This worker's part of `0..<total`; the parts of all workers cover it once, in order.
  ///
  /// Inner boundaries are multiples of `grain`, so that no vector or tile of a product is cut in two.
  @inlinable
  public func share(of total: Int, grain: Int = 1) -> Range<Int> {
    let grains = (total + grain - 1) / grain
    let start = min(grains * index / count * grain, total)
    let end = min(grains * (index + 1) / count * grain, total)
    return start..<end
  }

  /// This worker's region of a matrix that all workers fill together: some columns of all rows, since what is multiplied
  /// by a column of weights then stays in one core's cache, or, of a matrix too narrow for that, some rows.
  ///
  /// With 64 columns a worker or more no region has fewer than 48, a whole tile of `products.inc` with AVX-512, and so none
  /// so few that its elements would be summed in the other order of narrow products.
  package func region(rows: Range<Int>, columns: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    guard columns < 64 * count else { return (rows, share(of: columns, grain: AlignedBuffer.alignedCount)) }
    return (share(of: rows), 0..<columns)
  }

  /// This worker's part of some rows.
  public func share(of rows: Range<Int>) -> Range<Int> {
    let part = share(of: rows.count)
    return rows.lowerBound + part.lowerBound..<rows.lowerBound + part.upperBound
  }
}

/// Why a team could not be made.
public enum ThreadTeamError: Error, CustomStringConvertible {
  /// The system would not start another thread.
  case cannotStart(wanted: Int, started: Int)

  /// One line, for a person.
  public var description: String {
    switch self {
    case .cannotStart(let wanted, let started):
      "cannot start \(wanted) threads: the system refused after \(started)"
    }
  }
}

/// What the threads of a team have in common.
private final class Shared: @unchecked Sendable {
  let barrier: Barrier
  // Both are written by worker 0 between two barriers, and read by the others after the second.
  private var body: (@Sendable (Worker) -> Void)?
  private var dismissed = false

  init(count: Int) {
    barrier = Barrier(count: count)
  }

  func begin(_ body: @escaping @Sendable (Worker) -> Void) {
    self.body = body
    barrier.wait()
  }

  func end() {
    barrier.wait()
    body = nil
  }

  /// The life of every thread but the caller's.
  func serve(_ worker: Worker) {
    while true {
      barrier.wait()
      if dismissed { return }
      body?(worker)
      barrier.wait()
    }
  }

  /// Lets the threads go; `missing` of them were never started.
  func dismiss(missing: Int) {
    dismissed = true
    for _ in 0..<missing { barrier.arrive() }
    barrier.wait()
  }
}

/// A barrier that spins, then sleeps.
///
/// The last thread to arrive moves `generation` on; the others wait for that. A thread about to sleep counts itself in
/// `sleepers` and then looks at `generation` once more; the last one moves `generation` and then looks at `sleepers`.
/// Both orders are sequentially consistent, so at least one of them sees the other and no wake-up is lost.
private final class Barrier: @unchecked Sendable {
  // About 100 µs: longer than two workers' shares of a layer differ by, so that a steady step wakes nobody; far shorter
  // than a time slice.
  private static let spins = 100_000

  private let count: Int
  private let arrived = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(count: Int) {
    self.count = count
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func wait() {
    let current = generation.load(ordering: .acquiring)
    if arrive() { return }
    for _ in 0..<Self.spins where generation.load(ordering: .acquiring) != current { return }
    sleep(until: current)
  }

  /// Counts a thread as arrived, without waiting; true where it was the last.
  @discardableResult
  func arrive() -> Bool {
    guard arrived.add(1, ordering: .acquiringAndReleasing).newValue == count else { return false }
    arrived.store(0, ordering: .relaxed)
    generation.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return true
  }

  private func sleep(until current: Int) {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == current {
      pthread_cond_wait(condition, mutex)
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }
}

/// A system thread.
private struct Thread: @unchecked Sendable {
  private let handle: pthread_t

  /// Starts `body` on a thread of its own, or nil where the system refuses.
  init?(body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Body(run: body))
    #if canImport(Darwin)
      var handle: pthread_t?
      let status = pthread_create(&handle, nil, { Thread.start($0) }, box.toOpaque())
    #else
      var handle = pthread_t()
      let status = pthread_create(&handle, nil, { Thread.start($0!) }, box.toOpaque())
    #endif
    guard status == 0 else {
      box.release()
      return nil
    }
    #if canImport(Darwin)
      self.handle = handle!
    #else
      self.handle = handle
    #endif
  }

  func join() {
    pthread_join(handle, nil)
  }

  private static func start(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
    return nil
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
