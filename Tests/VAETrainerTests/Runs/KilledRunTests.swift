import Foundation
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// A process killed at any moment, in the middle of a write too, leaves a checkpoint that can be read and resumed.
@Suite struct KilledRunTests {
  private static let kills = 20

  /// The executable, which is built beside this bundle.
  private var executable: URL {
    Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "vae-train")
  }

  /// A checkpoint after every step, of a model so wide that most of the time goes into writing it.
  @Test func everyKillLeavesACheckpoint() throws {
    let test = try TinyRun(
      validationCount: 0, checkpointSteps: 1, examples: 200,
      architecture: Architecture(inputCount: 36, encoderHidden: [1500], latentCount: 8)
    ) {
      $0.epochs = 100_000
      $0.batchSize = 20
    }
    let directory = try test.start().directory
    var random = RandomSequence(RandomStream(seed: 1, purpose: .user))
    var progress: [Int] = []
    var partials = 0
    for _ in 0..<Self.kills {
      try runAndKill(directory, after: TimeInterval(random.uniform(0, 0.1)))
      partials += try Folder.names(in: directory.path).count { $0.hasSuffix(".vae-partial") }
      _ = try ModelFile.read(directory.model)
      // The end of an epoch is a checkpoint of its own, without a step.
      let state = try TrainingRun.resume(directory.path).trainer.state
      progress.append(state.step + state.epoch - 1)
      let left = try Folder.names(in: directory.path).count { $0.hasSuffix(".vae-partial") }
      #expect(left == 0, "resuming sweeps up what was left")
    }
    // Each process got on, and some of them died in the middle of a write.
    #expect(zip([0] + progress, progress).allSatisfy { $0 < $1 }, "\(progress)")
    #expect(partials > 0)
  }

  /// Resumes the run in a process of its own and kills it, `delay` seconds after its first checkpoint.
  private func runAndKill(_ directory: RunDirectory, after delay: TimeInterval) throws {
    let process = Process()
    process.executableURL = executable
    process.arguments = ["--resume", directory.path, "--quiet", "--no-images"]
    process.standardInput = FileHandle.nullDevice
    let before = try identity(of: directory.checkpoint)
    try process.run()
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let deadline = Date(timeIntervalSinceNow: 20)
    while try identity(of: directory.checkpoint) == before {
      try #require(process.isRunning && Date() < deadline, "the process wrote no checkpoint")
      Thread.sleep(forTimeInterval: 0.001)
    }
    Thread.sleep(forTimeInterval: delay)
    #expect(process.isRunning)
  }

  /// Another file has another number, even under the same name.
  private func identity(of path: String) throws -> [String] {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return ["\(attributes[.systemFileNumber] ?? "")", "\(attributes[.modificationDate] ?? "")"]
  }
}
