import Foundation
import TestSupport
import Testing

/// Files that somebody changes while a run reads them.
struct ChangingFileTests {
  private static let rows = 400
  private static let options = [
    "--data", "x.npy", "--storage", "file", "--output", "run", "--hidden", "8", "--threads", "2", "--no-images",
    "--checkpoint-steps", "2",
  ]

  private func write(in folder: TemporaryFolder) throws {
    let pixels = (0..<Self.rows * 20).map { place -> Double in
      let (row, pixel) = (place / 20, place % 20)
      return Double((row * 41 + pixel * 37) % 256)
    }
    try folder.write(TestArrays.npy(pixels, as: "|u1", shape: [Self.rows, 5, 4]), to: "x.npy")
  }

  /// One line and an exit code, no crash; the run goes on when the file is back.
  @Test func aFileThatShrinksIsSaid() throws {
    let folder = try TemporaryFolder()
    try write(in: folder)
    let contents = try folder.read("x.npy")
    let running = try Executable.start(Self.options + ["--epochs", "100000"], in: folder)
    while running.isRunning && !running.output.contains("\n    2 ") { usleep(5000) }
    #expect(truncate(folder.path(of: "x.npy"), off_t(contents.count / 3)) == 0)
    let result = try running.finish()
    #expect(result.hasExited && result.status == 1)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains("x.npy: cannot read the file: it ended at byte "), "\(result.errors)")
    #expect(result.errors.contains("although it had \(contents.count) bytes"), "\(result.errors)")

    try expectRefusal(["--resume", "run"], in: folder, naming: ["x.npy", "400 × 5 × 4"])
    try folder.write(contents, to: "x.npy")
    let epochs = try Tiny.metrics(folder).count + 1
    let resumed = try Executable.run(["--resume", "run", "--epochs", "\(epochs)", "--no-images"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try Tiny.metrics(folder).count == epochs)
  }

  /// What is encoded of rows that are gone would be worth nothing, and is not written.
  @Test func aShorterFileIsNotEncoded() throws {
    let folder = try TemporaryFolder()
    try write(in: folder)
    #expect(try Executable.run(Self.options + ["--epochs", "1"], in: folder).status == 0)
    #expect(truncate(folder.path(of: "x.npy"), 1000) == 0)
    for command in [["encode", "run", "--output", "codes.csv"], ["evaluate", "run"], ["--resume", "run"]] {
      try expectRefusal(command, in: folder, naming: ["x.npy"])
    }
  }
}
