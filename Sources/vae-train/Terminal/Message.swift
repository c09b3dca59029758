import Synchronization
import VAEData

/// What is said to a person beside the figures: on standard error, a line each, and never a reason to stop.
enum Message {
  static func say(_ sentence: String) {
    StandardStreams.writeMessage("vae-train: \(sentence)\n")
  }

  /// Of something that is likely to be wrong.
  static func warn(_ sentence: String) {
    say("warning: \(sentence)")
  }

  /// The same of what may be noticed several times.
  static func warnOnce(_ sentence: String) {
    if said.withLock({ $0.insert(sentence).inserted }) { warn(sentence) }
  }

  private static let said = Mutex<Set<String>>([])
}
