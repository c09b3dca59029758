import Synchronization

/// What a program does while files are half written, such as to hold off the signals that would end it.
package enum UnfinishedFiles {
  private struct Guards {
    let begin: @Sendable () -> Void
    let end: @Sendable () -> Void
  }

  private static let guards = Mutex<Guards?>(nil)

  /// From now on calls `begin` before a file is begun, and `end` when it is whole or gone again; in pairs, which may
  /// nest and overlap. For programs: a library that somebody links has no business with signals.
  package static func whileAny(begin: @escaping @Sendable () -> Void, end: @escaping @Sendable () -> Void) {
    guards.withLock { $0 = Guards(begin: begin, end: end) }
  }

  /// Calls `body`, which begins something and completes or removes it.
  package static func whole<Result>(_ body: () throws -> Result) rethrows -> Result {
    let guards = guards.withLock { $0 }
    guards?.begin()
    defer { guards?.end() }
    return try body()
  }
}
