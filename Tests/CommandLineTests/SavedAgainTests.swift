import Foundation
import TestSupport
import Testing

/// Models whose file another program has read and written again, without what it did not understand.
struct SavedAgainTests {
  /// The file without its metadata.
  private func withoutMetadata(_ file: Data) throws -> Data {
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = try #require(
      JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length)) as? [String: Any])
    #expect(header.removeValue(forKey: "__metadata__") != nil)
    let text = try JSONSerialization.data(withJSONObject: header)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + file.dropFirst(8 + length)
  }

  @Test func areUsedAsBefore() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    func outputs() throws -> [Data] {
      let evaluation = try Executable.run(["evaluate", "run", "--json"], in: folder)
      let sample = try Executable.run(["sample", "run", "--output", "a.png"], in: folder)
      #expect(evaluation.status == 0 && sample.status == 0, "\(evaluation.errors)\(sample.errors)")
      return [Data(evaluation.output.utf8), try folder.read("a.png")]
    }
    let whole = try outputs()
    try folder.write(withoutMetadata(folder.read("run/model.safetensors")), to: "run/model.safetensors")
    #expect(try outputs() == whole)

    // As a run of before config.json had the shape of the images.
    let text = String(decoding: try folder.read("run/config.json"), as: UTF8.self)
    let earlier = text.replacing(/"image_shape" : \{[^}]*\},/, with: "")
    #expect(earlier != text)
    try folder.write(earlier.utf8, to: "run/config.json")
    #expect(try outputs() == whole)

    try FileManager.default.removeItem(atPath: folder.path(of: "run/config.json"))
    try expectRefusal(
      ["evaluate", "run"], in: folder, naming: ["run/model.safetensors", "architecture", "config.json"])
  }

  /// A checkpoint has more to lose.
  @Test func aCheckpointIsRefused() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try folder.write(withoutMetadata(folder.read("run/checkpoint.safetensors")), to: "run/checkpoint.safetensors")
    try expectRefusal(
      ["--resume", "run", "--epochs", "3"], in: folder, naming: ["run/checkpoint.safetensors", "training_state"])
  }

  @Test func linesOfMetricsMayEndAsOnWindows() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    let copy = try Tiny.makeRun(["--no-images"])
    let metrics = String(decoding: try copy.read("run/metrics.jsonl"), as: UTF8.self)
    try copy.write(("\u{FEFF}" + metrics.replacing("\n", with: "\r\n") + "\r\n").utf8, to: "run/metrics.jsonl")
    for command in [["plot", "run"], ["report", "run"], ["--resume", "run", "--epochs", "3"]] {
      let result = try Executable.run(command, in: copy)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      try Executable.run(command, in: folder)
    }
    #expect(try folder.read("run/images/loss-curves.svg") == copy.read("run/images/loss-curves.svg"))
    #expect(try Tiny.metrics(copy).map { $0["train_kl"] } == Tiny.metrics(folder).map { $0["train_kl"] })
  }

  @Test func linesOfLabelsMayEndAsOnWindows() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    let names = (0..<Tiny.testCount).map { "class \($0 % 3)" }
    try folder.write(names.joined(separator: "\n").utf8, to: "a.txt")
    try folder.write(("\u{FEFF}" + names.joined(separator: "\r\n") + "\r\n\r\n").utf8, to: "b.txt")
    for name in ["a", "b"] {
      let result = try Executable.run(
        ["report", "run", "--labels", "\(name).txt", "--output", "\(name).html"], in: folder)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    }
    let page = try folder.read("a.html")
    #expect(try folder.read("b.html") == page && String(decoding: page, as: UTF8.self).contains("class 2"))
  }
}
