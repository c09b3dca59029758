import Foundation
import Testing
import VAETrainer

/// Two runs are kept out of one folder for as long as either may write into it.
@Suite struct RunLockTests {
  @Test func aRunUnderWayKeepsOthersOut() throws {
    let test = try TinyRun()
    let run = try test.start()
    let path = run.directory.path
    let inUse = RunError.inUse(path: path)
    #expect(throws: inUse) { try TrainingRun.resume(path) }
    _ = try run.train(
      shouldStop: { run.trainer.state.step == 3 },
      onStep: { _ in #expect(throws: inUse) { try TrainingRun.resume(path) } })

    // Stopped, it lets another go on, and is then kept out itself.
    let other = try TrainingRun.resume(path)
    #expect(throws: inUse) { try run.train() }
    #expect(try other.train() == .completed)
  }

  /// Two that begin at once both find an empty folder; whoever locks it first has it.
  @Test func aFolderThatIsLockedIsNotStartedIn() throws {
    let test = try TinyRun()
    let run = try test.start()
    for path in [run.directory.checkpoint, run.directory.model] { try FileManager.default.removeItem(atPath: path) }
    #expect(throws: RunError.inUse(path: run.directory.path)) { try test.start() }
  }

  @Test func aRunThatIsLetGoUnlocksItsFolder() throws {
    let test = try TinyRun()
    let path = try test.start().directory.path
    #expect(try TrainingRun.resume(path).trainer.state.step == 0)
  }

  @Test func theErrorNamesTheFolder() {
    #expect("\(RunError.inUse(path: "runs/one"))".hasPrefix("runs/one: "))
  }
}
