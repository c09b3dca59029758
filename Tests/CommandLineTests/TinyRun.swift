import Foundation
import TestSupport
import Testing
import VAEData

/// Images of 5 × 4 pixels, and runs on them that take no time.
enum Tiny {
  static let width = 5
  static let height = 4
  static let trainCount = 64
  static let testCount = 21
  /// Of every run here.
  static let options = ["--hidden", "8", "--batch-size", "16", "--threads", "2"]

  /// Those and `more`, which win where both say the same thing: none may be given twice.
  static func options(and more: [String]) -> [String] { without(more, options) + more }

  /// `arguments`, pairs of an option and its value, without those that `more` has too.
  private static func without(_ more: [String], _ arguments: [String]) -> [String] {
    stride(from: 0, to: arguments.count, by: 2).filter { !more.contains(arguments[$0]) }
      .flatMap { arguments[$0...($0 + 1)] }
  }

  /// `count` images, each with two bright rows that depend on its label.
  static func images(_ count: Int, width: Int = width, height: Int = height) -> [UInt8] {
    let pixels = (0..<count * width * height).map { index in
      let (image, row) = (index / (width * height), index / width % height)
      return row == image % height ? UInt8(200 + index % 50) : UInt8(index * 7 % 60)
    }
    return IDX.encode(pixels, shape: [count, height, width])
  }

  static func labels(_ count: Int) -> [UInt8] {
    IDX.encode((0..<count).map { UInt8($0 % height) }, shape: [count])
  }

  /// The folder `data` in `folder`, with the usual four files.
  static func writeData(in folder: TemporaryFolder) throws {
    try folder.write(images(trainCount), to: "data/train-images-idx3-ubyte")
    try folder.write(labels(trainCount), to: "data/train-labels-idx1-ubyte")
    try folder.write(images(testCount), to: "data/t10k-images-idx3-ubyte")
    try folder.write(labels(testCount), to: "data/t10k-labels-idx1-ubyte")
  }

  /// Leaves the images of `data` alone.
  static func removeLabels(in folder: TemporaryFolder) throws {
    for part in ["train", "t10k"] {
      try FileManager.default.removeItem(atPath: folder.path(of: "data/\(part)-labels-idx1-ubyte"))
    }
  }

  /// A folder with `data`, and with the run `run` of two epochs on it.
  static func makeRun(_ more: [String] = []) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try writeData(in: folder)
    let arguments = without(more, ["--data", "data", "--output", "run", "--epochs", "2"]) + options(and: more)
    let result = try Executable.run(arguments, in: folder)
    try #require(result.status == 0, "\(result.errors)")
    return folder
  }

  /// The numbers of the lines of a run's metrics.jsonl.
  static func metrics(_ folder: TemporaryFolder, run: String = "run") throws -> [[String: Double]] {
    try String(decoding: folder.read("\(run)/metrics.jsonl"), as: UTF8.self).split(separator: "\n").map {
      try Self.numbers(ofJSON: String($0))
    }
  }

  /// The numbers of an object.
  static func numbers(ofJSON text: String) throws -> [String: Double] {
    try JSONDecoder().decode([String: Figure].self, from: Data(text.utf8)).compactMapValues(\.number)
  }

  /// A value, and whether it is a number. `JSONSerialization` rounds some numbers otherwise than it was told.
  private struct Figure: Decodable {
    let number: Double?

    init(from decoder: any Decoder) throws {
      number = try? decoder.singleValueContainer().decode(Double.self)
    }
  }
}

/// Expects that `vae-train` refuses `arguments`: an exit code, one line that holds every text of `naming`, nothing
/// printed, and no file changed.
func expectRefusal(
  _ arguments: [String], in folder: TemporaryFolder, naming: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let before = try folder.snapshot()
  let result = try Executable.run(arguments, in: folder)
  let line = result.errors
  #expect(result.hasExited && result.status != 0, "\(arguments): \(line)", sourceLocation: sourceLocation)
  #expect(result.errorLines.count == 1, "\(arguments): \(line)", sourceLocation: sourceLocation)
  for text in naming {
    #expect(line.contains(text), "\(arguments): \(line)", sourceLocation: sourceLocation)
  }
  #expect(result.output == "", sourceLocation: sourceLocation)
  let after = try folder.snapshot()
  #expect(
    after == before, "\(arguments) left \(Set(after.keys).subtracting(before.keys))", sourceLocation: sourceLocation)
}
