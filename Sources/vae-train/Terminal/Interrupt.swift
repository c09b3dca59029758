import Foundation
import Synchronization

/// The signal that came, or 0. A signal handler may touch nothing but an atomic, and capture nothing.
private let received = Atomic<Int32>(0)

/// Notices Ctrl-C, and a request to terminate, without dying of it.
///
/// The first one is remembered, and the default action restored: a second one ends the process at once.
enum Interrupt {
  /// From now on remembers SIGINT and SIGTERM.
  static func watch() {
    // They may be blocked: a process starts with the mask of the thread that started it, and the threads of Swift's
    // own pool block all signals.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = { received.store($0, ordering: .relaxed) }
      #else
        action.__sigaction_handler.sa_handler = { received.store($0, ordering: .relaxed) }
      #endif
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(number, &action, nil)
    }
  }

  /// Whether one came.
  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// The exit code that shells expect of a process that a signal stopped: 130 after Ctrl-C.
  static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }
}
