import Foundation
import TestSupport
import Testing
import VAEData

/// Data that are not as they should be.
struct BadDataTests {
  /// A kind of damage: the files to write, the `--data` to give, and what the message must name beside that path.
  struct Damage: CustomTestStringConvertible {
    let testDescription: String
    var files: [String: [UInt8]] = [:]
    var path = "images"
    var naming: [String] = []
  }

  private static let good = Tiny.images(32)
  private static let header: [UInt8] = [0, 0, 8, 3]
  private static let terabytes = header + [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0x10, 0, 0, 0, 0x10, 0]

  /// The usual four files with some of them replaced, or left out.
  private static func folder(_ changes: [String: [UInt8]?]) -> [String: [UInt8]] {
    var files = [
      "train-images-idx3-ubyte": good, "train-labels-idx1-ubyte": Tiny.labels(32),
      "t10k-images-idx3-ubyte": Tiny.images(8), "t10k-labels-idx1-ubyte": Tiny.labels(8),
    ]
    for (name, bytes) in changes { files[name] = bytes }
    return files.reduce(into: [:]) { $0["set/\($1.key)"] = $1.value }
  }

  private static func corrupt(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes[bytes.count - 8] ^= 0xFF  // the checksum
    return bytes
  }

  static let all = [
    Damage(testDescription: "missing path", path: "nowhere/at/all"),
    Damage(testDescription: "empty file", files: ["images": []]),
    Damage(
      testDescription: "wrong magic", files: ["images": [1, 2, 3, 4] + good.dropFirst(4)],
      naming: ["a table, an array, a matrix or pictures in a known format", "bytes 01 02 03 04"]),
    Damage(testDescription: "a line", files: ["images": Array("not images at all".utf8)], naming: ["a header alone"]),
    Damage(testDescription: "unknown type", files: ["images": [0, 0, 0x42, 3] + good.dropFirst(4)], naming: ["type"]),
    Damage(testDescription: "labels for images", files: ["images": Tiny.labels(32)], naming: ["labels"]),
    Damage(testDescription: "too short", files: ["images": Array(good.dropLast())], naming: ["bytes"]),
    Damage(
      testDescription: "too short for floats", files: ["images": [0, 0, 0x0D, 3] + good.dropFirst(4)],
      naming: ["bytes", "32-bit floats"]),
    Damage(testDescription: "header alone", files: ["images": header], naming: ["sizes"]),
    Damage(testDescription: "terabytes", files: ["images": terabytes + good], naming: ["bytes"]),
    Damage(
      testDescription: "terabytes, compressed", files: ["images": Gzip.compress(terabytes + good)], naming: ["bytes"]),
    Damage(testDescription: "no images", files: ["images": Tiny.images(0)], naming: ["at least one"]),
    Damage(testDescription: "one image", files: ["images": Tiny.images(1)], naming: ["two"]),
    Damage(
      testDescription: "truncated gzip", files: ["images": Array(Gzip.compress(good).dropLast(12))], naming: ["byte"]),
    Damage(testDescription: "corrupt gzip", files: ["images": corrupt(Gzip.compress(good))], naming: ["byte"]),
    Damage(testDescription: "no file in the folder", files: ["set/other": good], path: "set"),
    Damage(
      testDescription: "no test images", files: folder(["t10k-images-idx3-ubyte": nil]), path: "set", naming: ["t10k"]),
    Damage(
      testDescription: "labels missing", files: folder(["train-labels-idx1-ubyte": Tiny.labels(31)]), path: "set",
      naming: ["set/train-labels-idx1-ubyte", "32", "31"]),
    Damage(
      testDescription: "other size for testing", files: folder(["t10k-images-idx3-ubyte": Tiny.images(8, width: 6)]),
      path: "set", naming: ["set/t10k-images-idx3-ubyte", "5 × 4", "6 × 4"]),
    Damage(
      testDescription: "empty test set", files: folder(["t10k-images-idx3-ubyte": Tiny.images(0)]), path: "set",
      naming: ["set/t10k-images-idx3-ubyte"]),
  ]

  @Test(arguments: all)
  func isRefused(damage: Damage) throws {
    let folder = try TemporaryFolder()
    for (name, bytes) in damage.files { try folder.write(bytes, to: name) }
    try expectRefusal(
      ["--data", damage.path, "--output", "run"] + Tiny.options, in: folder,
      naming: [damage.path, "expected", "found"] + damage.naming)
  }

  @Test func ofAnotherSizeThanTheModelsAreRefused() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try folder.write(Tiny.images(32, width: 6), to: "wide")
    let naming = ["wide", "expected pictures of 5 × 4", "found pictures of 6 × 4"]
    for command in ["evaluate", "reconstruct"] {
      try expectRefusal([command, "run", "--data", "wide"], in: folder, naming: naming)
    }
    try expectRefusal(["encode", "run", "--data", "wide", "--output", "a.csv"], in: folder, naming: naming)
  }

  @Test func otherThanTheRunsAreRefusedOnResuming() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    var images = Tiny.images(Tiny.trainCount)
    images[100] ^= 1
    try folder.write(images, to: "data/train-images-idx3-ubyte")
    try expectRefusal(
      ["--resume", "run", "--epochs", "3"], in: folder, naming: ["data", "expected the data", "found others"])
    try folder.write(Tiny.images(32), to: "other")
    try expectRefusal(
      ["--resume", "run", "--epochs", "3", "--data", "other"], in: folder, naming: ["other", "expected the data"])
  }

  /// A conditional model that went on with other labels would be one of both.
  @Test(arguments: ["train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"])
  func otherLabelsAreRefusedOnResumingAConditionalRun(file: String) throws {
    let folder = try Tiny.makeRun(["--no-images", "--conditional"])
    let right = try folder.read("data/\(file)")
    var labels = right
    labels[labels.count - 1] ^= 1
    let resume = ["--resume", "run", "--epochs", "3", "--no-images"]
    try folder.write(labels, to: "data/\(file)")
    try expectRefusal(resume, in: folder, naming: ["data", "expected the labels", "found others"])
    try folder.write(right, to: "data/\(file)")
    let resumed = try Executable.run(resume, in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
  }

  @Test func missingLabelsAreRefusedOnResumingAConditionalRun() throws {
    let folder = try Tiny.makeRun(["--no-images", "--conditional"])
    try Tiny.removeLabels(in: folder)
    try expectRefusal(
      ["--resume", "run", "--epochs", "3"], in: folder, naming: ["data", "expected the labels", "found none"])
  }

  /// It is told none: they may be others, or missing.
  @Test func anUnconditionalRunIsResumedWithAnyLabels() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try folder.write(
      IDX.encode([UInt8](repeating: 3, count: Tiny.trainCount), shape: [Tiny.trainCount]),
      to: "data/train-labels-idx1-ubyte")
    #expect(try Executable.run(["--resume", "run", "--epochs", "3", "--no-images"], in: folder).status == 0)
    try Tiny.removeLabels(in: folder)
    #expect(try Executable.run(["--resume", "run", "--epochs", "4", "--no-images"], in: folder).status == 0)
    let whole = try Tiny.makeRun(["--no-images", "--epochs", "4"])
    #expect(try folder.read("run/model.safetensors") == whole.read("run/model.safetensors"))
  }
}
