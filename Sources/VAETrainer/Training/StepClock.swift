import VAEKernels

/// The time that worker 0 spends in each phase of the steps, waiting for the other workers at its end included.
package final class StepClock: @unchecked Sendable {
  private var spent = Array(repeating: Duration.zero, count: StepPhase.allCases.count)
  private var last = ContinuousClock.now

  package init() {}

  /// Seconds in `phase` since the last `reset`.
  package func seconds(_ phase: StepPhase) -> Double { spent[Self.index(phase)] / .seconds(1) }

  /// Forgets everything.
  package func reset() { for index in spent.indices { spent[index] = .zero } }

  func begin() { last = ContinuousClock.now }

  func complete(_ phase: StepPhase) {
    let now = ContinuousClock.now
    spent[Self.index(phase)] += now - last
    last = now
  }

  private static func index(_ phase: StepPhase) -> Int { indices[phase]! }
  private static let indices = Dictionary(
    uniqueKeysWithValues: zip(StepPhase.allCases, StepPhase.allCases.indices))
}
