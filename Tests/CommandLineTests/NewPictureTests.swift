import Foundation
import TestSupport
import Testing
import VAEReport

/// Pictures of another shape than those that a model was trained on.
struct NewPictureTests {
  /// Eight pictures in the folder `name`.
  private func write(_ name: String, _ width: Int, _ height: Int, channels: Int, in folder: TemporaryFolder) throws {
    for index in 0..<8 {
      let bytes = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 * 17 + index * 29) }
      try folder.write(
        PNGImage(width: width, height: height, channels: channels, bytes: bytes).encoded(), to: "\(name)/\(index).png")
    }
  }

  private func makeFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try write("grey", 4, 3, channels: 1, in: folder)
    try write("colour", 4, 3, channels: 3, in: folder)
    try write("turned", 3, 4, channels: 1, in: folder)
    return folder
  }

  private func lines(_ arguments: [String], in folder: TemporaryFolder) throws -> Int {
    let result = try Executable.run(arguments, in: folder)
    #expect(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
    return result.outputLines.count
  }

  @Test(arguments: [("grey", "colour"), ("colour", "grey")])
  func theChannelsAreTheModels(own: String, other: String) throws {
    let folder = try makeFolder()
    try TinyTable.train(["--data", own, "--output", "run"], in: folder)
    #expect(try lines(["score", "run", other], in: folder) == 9)
    _ = try lines(["encode", "run", "--data", other, "--output", "a.csv"], in: folder)
    // Of the test set too, beside the data to train on.
    try TinyTable.train(["--data", own, "--test-data", other, "--output", "both"], in: folder)
    // What is asked for is done.
    let wrong = other == "grey" ? "grey" : "color"
    try expectRefusal(
      ["score", "run", other, "--channels", wrong], in: folder,
      naming: own == "grey" ? ["pictures of 4 × 3,", "found pictures of 4 × 3 × 3"] : ["pictures of 4 × 3 × 3,"])
  }

  @Test func otherSizesAreRefusedThoughTheNumbersAreAsMany() throws {
    let folder = try makeFolder()
    try TinyTable.train(["--data", "grey", "--output", "run"], in: folder)
    let naming = ["turned: expected pictures of 4 × 3", "--image-size 4x3", "found pictures of 3 × 4"]
    try expectRefusal(["score", "run", "turned"], in: folder, naming: naming)
    try expectRefusal(["encode", "run", "--data", "turned", "--output", "a.csv"], in: folder, naming: naming)
    try expectRefusal(
      ["--data", "grey", "--test-data", "turned", "--output", "other"], in: folder, naming: naming + ["as in "])
    #expect(try lines(["score", "run", "turned", "--image-size", "4x3"], in: folder) == 9)
    // Of arrays, which no option brings to another size.
    try folder.write(TinyTable.npy((0..<24).map { Float($0) / 24 }, [2, 4, 3]), to: "a.npy")
    let result = try Executable.run(["score", "run", "a.npy"], in: folder)
    #expect(result.status == 1 && result.errors.contains("pictures of 4 × 3") && result.errors.contains("3 × 4"))
    #expect(!result.errors.contains("--image-size"), "\(result.errors)")
  }
}
