import Foundation
import TestSupport
import Testing

/// Signals beside Ctrl-C, and what a shell limits.
struct LimitTests {
  private static let training = "\"$VAE_TRAIN\" --data data --hidden 8 --threads 1 --no-images --quiet --output run"

  @Test(arguments: [("HUP", 129), ("TERM", 143)])
  func aSignalLeavesACheckpoint(signal: String, status: Int32) throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.shell(
      "\(Self.training) --epochs 1000000 & p=$!; sleep 1; kill -\(signal) $p; wait $p", in: folder)
    #expect(result.status == status && result.errors.contains("interrupted "), "\(result.errors)")
  }

  /// Ctrl-\ ends it at once, and is no crash.
  @Test func aQuitIsNoCrash() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    // Not from a shell, whose children in the background ignore it.
    let running = try Executable.start(
      ["--data", "data", "--epochs", "1000000", "--no-images", "--quiet", "--output", "run"] + Tiny.options, in: folder)
    Thread.sleep(forTimeInterval: 1)
    running.send(SIGQUIT)
    let result = try running.finish()
    #expect(result.status == SIGQUIT && !result.hasExited && result.errors == "", "\(result.errors)")
  }

  @Test func aSignalThatIsIgnoredStaysSo() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.shell(
      "(trap '' HUP; exec \(Self.training) --epochs 1000000) & p=$!; sleep 1; kill -HUP $p; sleep 0.5; kill -TERM $p; wait $p",
      in: folder)
    #expect(result.status == 143, "\(result.errors)")
  }

  @Test func timeStoppedIsNoTrainingTime() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.shell(
      "\(Self.training) --epochs 1000000 & p=$!; sleep 0.5; kill -STOP $p; sleep 2; kill -CONT $p; sleep 0.5; kill -TERM $p; wait $p",
      in: folder)
    #expect(result.status == 143, "\(result.errors)")
    #expect(try Tiny.metrics(folder).allSatisfy { $0["seconds"]! < 1 })
  }

  @Test func aLimitOfTheSizeOfFilesLeavesNothing() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let before = try folder.snapshot()
    let result = try Executable.shell("ulimit -f 1; \(Self.training) --epochs 1 2> >(cat >&2)", in: folder)
    #expect(result.status == 1 && result.hasExited)
    #expect(try folder.snapshot() == before)
  }

  #if os(Linux)
    @Test func aLimitOfTheAddressSpaceIsSaid() throws {
      let folder = try TemporaryFolder()
      try Tiny.writeData(in: folder)
      let before = try folder.snapshot()
      let result = try Executable.shell(
        "ulimit -v 4000000; \(Self.training.replacing("--hidden 8", with: "--hidden 30000,30000")) --epochs 1",
        in: folder)
      #expect(result.status == 1 && result.errors.contains("ulimit -v"), "\(result.errors)")
      #expect(result.errorLines.count == 1)
      #expect(try folder.snapshot() == before)
    }
  #endif
}
