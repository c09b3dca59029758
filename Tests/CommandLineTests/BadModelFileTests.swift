import Foundation
import Testing

/// Models and checkpoints that are not as they should be.
struct BadModelFileTests {
  enum Damage: CaseIterable {
    case cutShort, cutInTheHeader, lyingLength, lyingOffsets, notSafetensors, empty, nan, otherShapeOfImages

    func apply(to file: Data) -> Data {
      switch self {
      case .cutShort: return file.dropLast(5)
      case .cutInTheHeader: return file.prefix(100)
      case .lyingLength: return Data([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) + file.dropFirst(8)
      case .lyingOffsets: return replace("\"data_offsets\":[0,", by: "\"data_offsets\":[9,", in: file)
      case .notSafetensors: return Data("this is no model, but it is a text of some length".utf8)
      case .empty: return Data()
      case .nan: return file.dropLast(4) + [0, 0, 0xC0, 0x7F]
      case .otherShapeOfImages: return replace("\\\"width\\\":5", by: "\\\"width\\\":7", in: file)
      }
    }

    /// Texts of the same length, so that the header's length still holds.
    private func replace(_ text: String, by other: String, in file: Data) -> Data {
      var file = file
      guard let range = file.range(of: Data(text.utf8)) else {
        Issue.record("no \(text) in the file")
        return file
      }
      file.replaceSubrange(range, with: Data(other.utf8))
      return file
    }
  }

  @Test(arguments: Damage.allCases)
  func isRefused(damage: Damage) throws {
    let folder = try Tiny.makeRun(["--no-images"])
    for name in ["run/checkpoint.safetensors", "run/model.safetensors"] {
      try folder.write(damage.apply(to: folder.read(name)), to: name)
    }
    let resume = ["--resume", "run", "--epochs", "3"]
    try expectRefusal(resume, in: folder, naming: ["run/checkpoint.safetensors", "expected", "found"])
    for command in ["evaluate", "sample"] {
      try expectRefusal([command, "run"], in: folder, naming: ["run/model.safetensors", "expected", "found"])
    }
  }

  /// Only the number of its epoch is not known then.
  @Test func aModelNeedsNoCheckpoint() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    let whole = try Executable.run(["evaluate", "run", "--json"], in: folder)
    try folder.write(Array(folder.read("run/checkpoint.safetensors").prefix(100)), to: "run/checkpoint.safetensors")
    let result = try Executable.run(["evaluate", "run", "--json"], in: folder)
    #expect(result.output == whole.output.replacing("\"epoch\":2,", with: ""), "\(result.errors)")
  }

  @Test func ofAnotherArchitectureAreRefused() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    let other = try Tiny.makeRun(["--no-images", "--latent", "3"])
    for name in ["run/checkpoint.safetensors", "run/model.safetensors"] {
      try folder.write(other.read(name), to: name)
    }
    try expectRefusal(
      ["--resume", "run", "--epochs", "3"], in: folder, naming: ["run/checkpoint.safetensors", "expected", "found"])
    try expectRefusal(
      ["evaluate", "run"], in: folder, naming: ["run/model.safetensors", "20–8–2–8–20", "20–8–3–8–20"])
  }

  @Test func optionsThatAreDamagedAreRefused() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    for text in ["", "{", "{\"data\": 3}"] {
      try folder.write(text.utf8, to: "run/config.json")
      try expectRefusal(["--resume", "run", "--epochs", "3"], in: folder, naming: ["run/config.json", "expected"])
      try expectRefusal(["evaluate", "run"], in: folder, naming: ["run/config.json", "expected"])
    }
  }

  @Test func thatAreNotThereAreRefused() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try expectRefusal(["--resume", "nothing"], in: folder, naming: ["--resume nothing", "expected", "found"])
    try expectRefusal(["--resume", "data"], in: folder, naming: ["--resume data"])
    try expectRefusal(["--resume", "run", "--epochs", "1"], in: folder, naming: ["--epochs", "2", "found 1"])
    try expectRefusal(["evaluate", "nothing"], in: folder, naming: ["nothing", "expected", "found"])
    try expectRefusal(["evaluate", "data"], in: folder, naming: ["data", "expected", "found"])
    try expectRefusal(["evaluate", "run", "--best"], in: folder, naming: ["best.safetensors"])
  }
}
