import Foundation
import TestSupport
import Testing
import VAEData

/// Standard output and error that are closed, full, or read by nobody.
struct StandardStreamsTests {
  @Test(arguments: ["2>&-", "2>/dev/full", "2> >(exit)"])
  func anErrorThatCannotBeToldIsStillAnError(redirection: String) throws {
    let folder = try TemporaryFolder()
    let result = try Executable.shell("\"$VAE_TRAIN\" --data nowhere \(redirection)", in: folder)
    #expect(result.status == 1, "\(result.errors)")
  }

  @Test(arguments: ["2>&-", "2>/dev/full", "2>&- >&- <&-"])
  func aWarningThatCannotBeToldDoesNotEndTraining(redirection: String) throws {
    let folder = try TemporaryFolder()
    // Every image the same: the latent has nothing to tell, and from the first epoch on that is said.
    try folder.write(IDX.encode([UInt8](repeating: 255, count: 200 * 64), shape: [200, 8, 8]), to: "same.idx3")
    let command = "\"$VAE_TRAIN\" --data same.idx3 --hidden 8 --epochs 3 --no-images --output run"
    let result = try Executable.shell(command + " \(redirection)", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Tiny.metrics(folder).count == 3)
    #expect(try Executable.run(["evaluate", "run"], in: folder).status == 0)
  }

  @Test func theWarningIsTold() throws {
    let folder = try TemporaryFolder()
    try folder.write(IDX.encode([UInt8](repeating: 255, count: 200 * 64), shape: [200, 8, 8]), to: "same.idx3")
    let result = try Executable.run(
      ["--data", "same.idx3", "--hidden", "8", "--epochs", "3", "--no-images", "--output", "run"], in: folder)
    #expect(result.errors.contains("warning"))
  }

  /// What is printed must not land in the file that got the number of a closed descriptor.
  @Test(arguments: [">&-", "2>&-", "<&- >&- 2>&-"])
  func closedDescriptorsAreNoFileOfTheRun(redirection: String) throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let command = "\"$VAE_TRAIN\" --data data --epochs 2 --output"
    let options = Tiny.options.joined(separator: " ")
    #expect(try Executable.shell("\(command) closed \(options) \(redirection)", in: folder).status == 0)
    #expect(try Executable.shell("\(command) open \(options)", in: folder).status == 0)
    for file in ["model.safetensors", "images/manifold.png"] {
      #expect(try folder.read("closed/\(file)") == folder.read("open/\(file)"), "\(file)")
    }
    #expect(try Tiny.metrics(folder, run: "closed").count == 2)
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: ["info", "--help", "evaluate run"])
  func figuresThatCannotBeWrittenAreAnError(command: String) throws {
    let folder = try Tiny.makeRun()
    let result = try Executable.shell("\"$VAE_TRAIN\" \(command) > /dev/full", in: folder)
    #expect(result.status == 1)
    #expect(result.errors == "vae-train: standard output: cannot write: no space left on device\n")
  }

  /// The exit status that something is strange is of scores that are written.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func scoresThatCannotBeWrittenAreAnError() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run"], in: folder)
    for (output, status) in [("/dev/null", Int32(3)), ("/dev/full", 1)] {
      let result = try Executable.shell("\"$VAE_TRAIN\" score run t.csv --threshold -1000 > \(output)", in: folder)
      #expect(result.status == status && result.errorLines.count == (status == 1 ? 1 : 0), "\(result.errors)")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func trainingGoesOnWithoutAnOutputAndSaysSoAtTheEnd() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let options = Tiny.options.joined(separator: " ")
    let result = try Executable.shell(
      "\"$VAE_TRAIN\" --data data --epochs 3 --output run \(options) > /dev/full", in: folder)
    #expect(result.status == 1 && result.errors.contains("standard output"), "\(result.errors)")
    #expect(try Tiny.metrics(folder).count == 3)
  }
}
