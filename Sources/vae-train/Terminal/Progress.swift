import Foundation
import VAEData
import VAETrainer

/// What a person sees of a run: a bar that moves where the output is a terminal, and a line for each epoch.
struct Progress {
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private let stepsPerEpoch: Int
  private let epochs: Int
  /// An autoencoder has a reconstruction loss alone.
  private let isVariational: Bool
  private var lastDrawn = ContinuousClock.now - .seconds(1)
  private var drawnWidth = 0
  // Of this process: a resumed run's rate says nothing about the part before.
  private var secondsAtWork = 0.0
  private var sinceUpdate = WorkClock()
  private let firstStep: Int

  init(_ trainer: Trainer) {
    stepsPerEpoch = trainer.stepsPerEpoch
    epochs = trainer.options.epochs
    isVariational = trainer.model.architecture.isVariational
    firstStep = trainer.state.step
  }

  /// The titles over the columns of `show(_:)`.
  func showTitles() {
    print(
      isVariational
        ? "epoch    train     test = reconstruction + KL   nats/example   s/epoch    ex./s"
        : "epoch    train     test   reconstruction, nats/example         s/epoch    ex./s")
  }

  /// The line of a finished epoch.
  mutating func show(_ epoch: EpochMetrics) {
    clear()
    let losses = String(
      format: "%5d %8.2f %8.2f", epoch.epoch, epoch.train.negativeELBO, epoch.test.negativeELBO)
    let parts = String(format: "   %14.2f %4.2f", epoch.test.reconstruction, epoch.test.kl)
    let rate = String(format: " %23.2f %8.0f", epoch.seconds, epoch.examplesPerSecond)
    print(losses + (isVariational ? parts : String(repeating: " ", count: 22)) + rate)
    StandardStreams.flushOutput()
  }

  /// Redraws the bar, ten times a second at most.
  mutating func update(_ trainer: Trainer) {
    guard isTerminal else { return }
    secondsAtWork += sinceUpdate.seconds
    sinceUpdate = WorkClock()
    let now = ContinuousClock.now
    guard now - lastDrawn > .milliseconds(100) else { return }
    lastDrawn = now
    let state = trainer.state
    let made = Double(state.step - firstStep)
    let left = Double(epochs * stepsPerEpoch - state.step)
    let seconds = secondsAtWork / max(made, 1) * left
    let text = String(
      format: "epoch %d/%d %@ loss %.2f  %.0f ex./s  %@ left", state.epoch, epochs,
      bar(Double(state.stepInEpoch) / Double(stepsPerEpoch)), trainer.runningAverage.negativeELBO,
      Double(state.examples) / state.seconds, duration(seconds))
    draw(text)
  }

  /// Removes the bar.
  mutating func clear() {
    if drawnWidth > 0 { draw("") }
    drawnWidth = 0
  }

  private mutating func draw(_ text: String) {
    // A line that wraps cannot be drawn over.
    let shown = String(text.prefix(terminalWidth - 1))
    print("\r" + shown + String(repeating: " ", count: max(0, drawnWidth - shown.count)), terminator: "\r")
    drawnWidth = shown.count
    StandardStreams.flushOutput()
  }

  private var terminalWidth: Int {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  private func bar(_ share: Double) -> String {
    let width = 20
    let filled = min(width, Int((share * Double(width)).rounded()))
    return "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled) + "]"
  }

  /// "0:07", "12:34", "3:04:05".
  private func duration(_ seconds: Double) -> String {
    let total = Int(min(seconds, 1e9).rounded())
    let (hours, minutes) = (total / 3600, total / 60 % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, total % 60)
      : String(format: "%d:%02d", minutes, total % 60)
  }
}
