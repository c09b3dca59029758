import CStandardLibrary
import Synchronization

/// How often this process was stopped and went on.
private let stops = Atomic<Int>(0)

/// The time since it was made, without that in which the process was stopped, as by Ctrl-Z.
///
/// No clock of the system leaves that out. Where a stop fell into the time measured, the processor time of the calling
/// thread stands for it, which computes or spins all along.
package struct WorkClock {
  private let start = SuspendingClock.now
  private let processorTime = Self.threadTime()
  private let stopsBefore = stops.load(ordering: .relaxed)

  package init() {}

  /// Seconds so far.
  package var seconds: Double {
    let seconds = (SuspendingClock.now - start) / .seconds(1)
    if seconds > Self.suspicious, seconds - (Self.threadTime() - processorTime) > Self.suspicious { waitForNotice() }
    guard stops.load(ordering: .relaxed) != stopsBefore else { return seconds }
    return min(seconds, Self.threadTime() - processorTime)
  }

  /// Seconds without work that may be a stop.
  private static let suspicious = 0.5

  /// The signal may have gone to another thread, which on a busy machine comes to handle it a little later.
  private func waitForNotice() {
    for _ in 0..<20 where stops.load(ordering: .relaxed) == stopsBefore { usleep(1000) }
  }

  /// For a program's handler of SIGCONT: touches an atomic alone. A library has no business with signals.
  package static func noteStop() { stops.add(1, ordering: .relaxed) }

  private static func threadTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
