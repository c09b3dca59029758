import Foundation
import TestSupport
import Testing

/// Ctrl-C, and a reader that goes away.
struct InterruptTests {
  /// More epochs than a test waits for.
  private static let manyEpochs = "100000"

  @Test func aStoppedRunGoesOnToTheSameBytes() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let running = try Executable.start(
      ["--data", "data", "--output", "run", "--epochs", Self.manyEpochs] + Tiny.options, in: folder)
    while running.isRunning && !running.output.contains("\n    2 ") { usleep(5000) }
    running.interrupt()
    let stopped = try running.finish()
    #expect(stopped.hasExited && stopped.status == 130)
    #expect(stopped.errorLines.count == 1 && stopped.errors.contains("vae-train --resume run"), "\(stopped.errors)")

    let epochs = try Tiny.metrics(folder).count + 1
    let resumed = try Executable.run(["--resume", "run", "--epochs", "\(epochs)"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try Tiny.metrics(folder).count == epochs)

    try Executable.run(
      ["--data", "data", "--output", "whole", "--epochs", "\(epochs)", "--quiet"] + Tiny.options, in: folder)
    #expect(try folder.read("run/model.safetensors") == folder.read("whole/model.safetensors"))
  }

  @Test func aReaderThatHasSeenEnoughIsNoError() throws {
    let folder = try Tiny.makeRun()
    let result = try Executable.shell("\"$VAE_TRAIN\" check-gradients --hidden 8 | head -1", in: folder)
    #expect(result.outputLines.count == 1 && result.errors == "", "\(result.errors)")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func anOutputThatIsFullIsAnError() throws {
    let folder = try Tiny.makeRun()
    let result = try Executable.shell("\"$VAE_TRAIN\" evaluate run > /dev/full", in: folder)
    #expect(result.status != 0)
    #expect(result.errorLines.count == 1 && result.errors.contains("standard output"), "\(result.errors)")
  }
}
