import Foundation
import Synchronization
import VAEData
import VAETrainer

/// The signal that came, or 0. A signal handler may touch nothing but an atomic, and capture nothing.
private let received = Atomic<Int32>(0)

/// Notices Ctrl-C, a request to terminate, and that the terminal is gone, without dying of it, where that would leave
/// something half done: while training, and while a file is being written.
///
/// The first one is remembered, and the default action restored: a second one ends the process at once.
enum Interrupt {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// How many want signals to be remembered, and the signals that they are remembered of.
  private static let holders = Mutex((count: 0, watched: [Int32]()))

  /// Lets no signal end the program in the middle of a file. To be called once, when it starts.
  static func protectFiles() {
    // They may be blocked: a process starts with the mask of the thread that started it, and the threads of Swift's
    // own pool block all signals.
    var mask = sigset_t()
    sigemptyset(&mask)
    for number in signals + [SIGQUIT] { sigaddset(&mask, number) }
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    UnfinishedFiles.whileAny(begin: hold, end: release)
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = { _ in WorkClock.noteStop() }
    #else
      action.__sigaction_handler.sa_handler = { _ in WorkClock.noteStop() }
    #endif
    action.sa_flags = Int32(SA_RESTART)
    sigaction(SIGCONT, &action, nil)
    // Swift's runtime would take it for a crash; it is how a person asks for an end at once.
    if !isIgnored(SIGQUIT) { signal(SIGQUIT, SIG_DFL) }
    // Beyond `ulimit -f` a write then fails, and is told like one to a full disk.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Remembers signals until `body` returns. One that came is then for the caller to look at, or ends the program, if
  /// `endIfReceived` is called.
  static func remembering<Result>(_ body: () throws -> Result) rethrows -> Result {
    hold()
    defer { release(endingIfReceived: false) }
    return try body()
  }

  /// Whether one came.
  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// The exit code that shells expect of a process that a signal stopped: 130 after Ctrl-C.
  static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }

  @Sendable private static func hold() {
    holders.withLock { holders in
      holders.count += 1
      guard holders.count == 1 else { return }
      holders.watched = signals.filter(watch)
    }
  }

  @Sendable private static func release() { release(endingIfReceived: true) }

  private static func release(endingIfReceived: Bool) {
    holders.withLock { holders in
      holders.count -= 1
      guard holders.count == 0 else { return }
      for number in holders.watched { signal(number, SIG_DFL) }
      let number = received.load(ordering: .relaxed)
      guard endingIfReceived, number != 0 else { return }
      // As if it came now. Who is process 1 of a container does not die of it.
      raise(number)
      _exit(128 + number)
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    #if canImport(Darwin)
      return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
    #else
      return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    #endif
  }

  /// Remembers a signal from now on; false where it is ignored, as under nohup, and stays so.
  private static func watch(_ number: Int32) -> Bool {
    if isIgnored(number) { return false }
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = { received.store($0, ordering: .relaxed) }
    #else
      action.__sigaction_handler.sa_handler = { received.store($0, ordering: .relaxed) }
    #endif
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND) | UInt32(SA_RESTART))
    sigaction(number, &action, nil)
    return true
  }
}
