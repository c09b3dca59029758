import Foundation
import TestSupport
import Testing

/// Output that cannot be written, and disks that fill up.
struct BadOutputTests {
  @Test func aRunNeedsAFolderThatCanBeMade() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    try folder.write([1], to: "file")
    for output in ["file", "file/run", ""] {
      let named = output.isEmpty ? ["--output", "expected a path"] : ["file", "cannot"]
      try expectRefusal(["--data", "data", "--output", output] + Tiny.options, in: folder, naming: named)
    }
  }

  @Test func aFileNeedsItsFolderAndItsEnding() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try folder.write([1], to: "file")
    try folder.write([1], to: "folder.png/inside")
    for output in ["none/a.png", "file/a.png", "folder.png"] {
      try expectRefusal(["sample", "run", "--output", output], in: folder, naming: [output])
    }
    for output in ["a.jpg", "a", ""] {
      try expectRefusal(["sample", "run", "--output", output], in: folder, naming: ["--output"])
      try expectRefusal(["encode", "run", "--output", output], in: folder, naming: ["--output"])
    }
    try expectRefusal(["encode", "run", "--output", "none/a.csv"], in: folder, naming: ["none/a.csv"])
  }

  /// A limit on the length of files is a disk that is full from there on, and needs no rights to set up.
  private func withFilesUpTo(kilobytes: Int, _ command: String, in folder: TemporaryFolder) throws -> Executable.Result
  {
    try Executable.shell("trap '' XFSZ; ulimit -f \(kilobytes); exec \"$VAE_TRAIN\" \(command)", in: folder)
  }

  @Test func aFullDiskLeavesTheEarlierCheckpoint() throws {
    let folder = try Tiny.makeRun(["--hidden", "64", "--no-images"])
    let checkpoint = try folder.read("run/checkpoint.safetensors")
    let model = try folder.read("run/model.safetensors")
    let result = try withFilesUpTo(kilobytes: 8, "--resume run --epochs 4", in: folder)
    #expect(result.hasExited && result.status != 0)
    #expect(result.errorLines.count == 1 && result.errors.contains("run/model.safetensors"), "\(result.errors)")
    #expect(try folder.read("run/checkpoint.safetensors") == checkpoint)
    #expect(try folder.read("run/model.safetensors") == model)
    #expect(try !folder.snapshot().keys.contains { $0.hasSuffix(".vae-partial") })

    let resumed = try Executable.run(["--resume", "run", "--epochs", "4"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try Tiny.makeRun(["--hidden", "64", "--no-images", "--epochs", "4"])
    #expect(try folder.read("run/model.safetensors") == whole.read("run/model.safetensors"))
  }

  @Test(arguments: [
    ("sample run --rows 100 --columns 100 --output a.png", "a.png"), ("encode run --set train --output a.csv", "a.csv"),
    ("encode run --set train --output a.npy", "a.npy"),
  ])
  func aFullDiskLeavesNoHalfOfAFile(command: String, name: String) throws {
    let folder = try Tiny.makeRun(["--no-images", "--latent", "16"])
    let before = try folder.snapshot()
    let result = try withFilesUpTo(kilobytes: 1, command, in: folder)
    #expect(result.hasExited && result.status != 0)
    #expect(result.errorLines.count == 1 && result.errors.contains("\(name): cannot write"), "\(result.errors)")
    var after = try folder.snapshot()
    // The labels are a file of their own, whole.
    after["a.labels.npy"] = nil
    #expect(after == before)
  }
}
