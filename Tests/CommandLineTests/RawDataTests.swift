import Foundation
import TestSupport
import Testing
import VAEData

/// Numbers without a header, which options describe.
struct RawDataTests {
  private static let layout = ["--raw-type", ">f4", "--raw-shape", "3", "--raw-offset", "5"]

  /// Rows that are anything, twice: with a header, and big-endian behind five bytes of something else.
  private func makeData() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let numbers = (0..<120).map { Float(($0 * 37) % 101) / 8 }
    var raw: [UInt8] = Array("DATA\n".utf8)
    for number in numbers { withUnsafeBytes(of: number.bitPattern.bigEndian) { raw += $0 } }
    try folder.write(raw, to: "rows.dat")
    try folder.write(NPY.encode(numbers, shape: [40, 3]), to: "rows.npy")
    return folder
  }

  /// The same model as of the numbers with a header, and the same answers, wherever the numbers are.
  @Test func aModelOfRawNumbersIsThatOfTheSameNumbers() throws {
    let folder = try makeData()
    try TinyTable.train(["--data", "rows.npy", "--output", "headed"], in: folder)
    let model = try folder.read("headed/model.safetensors")
    for storage in ["memory", "file"] {
      try TinyTable.train(
        ["--data", "rows.dat", "--output", storage, "--storage", storage] + Self.layout, in: folder)
      #expect(try folder.read("\(storage)/model.safetensors") == model, "\(storage)")
    }
    let scores = try Executable.run(["score", "headed", "rows.npy"], in: folder)
    let ofRaw = try Executable.run(["score", "file", "rows.dat"], in: folder)
    #expect(scores.status == 0 && scores.outputLines.count == 41 && scores.output == ofRaw.output)
    // Told again, as of a file that is written otherwise.
    let told = try Executable.run(
      ["encode", "headed", "--data", "rows.dat", "--output", "codes.csv"] + Self.layout, in: folder)
    #expect(told.status == 0, "\(told.errors)")
  }

  /// What says of itself what it is is taken for that, but where the run's own data may say the same.
  @Test func newRowsMayHaveAFormat() throws {
    let folder = try makeData()
    try TinyTable.train(["--data", "rows.dat", "--output", "run"] + Self.layout, in: folder)
    let text = (0..<40).map { row in
      (0..<3).map { "\(Float(((row * 3 + $0) * 37) % 101) / 8)" }.joined(separator: ",") + "\n"
    }
    try folder.write(text.joined().utf8, to: "rows.csv")
    // Of the length of so many examples by chance.
    let zeros = String(repeating: "0", count: (12 - (text.joined().utf8.count - 5) % 12) % 12)
    try folder.write((text.joined().dropLast() + "\(zeros)\n").utf8, to: "whole.csv")
    #expect(try (folder.read("whole.csv").count - 5).isMultiple(of: 12) && text.last!.contains("."))
    let expected = try Executable.run(["score", "run", "rows.dat"], in: folder)
    #expect(expected.status == 0 && expected.outputLines.count == 41)
    for name in ["rows.csv", "whole.csv", "rows.npy", "rows.npz"] {
      if name.hasSuffix("npz") {
        #expect(try Executable.run(["convert", "rows.npy", "--output", name], in: folder).status == 0)
      }
      let scores = try Executable.run(["score", "run", name], in: folder)
      #expect(scores.output == expected.output, "\(name): \(scores.errors)")
    }
    let piped = try Executable.shell("\"$VAE_TRAIN\" score run - < rows.csv", in: folder)
    #expect(piped.output == expected.output, "\(piped.errors)")
    // Of whole examples, though the first bytes may be those of text.
    let wide = ["--raw-type", "int16", "--raw-shape", "2"]
    try folder.write((0..<240).map { UInt8($0 * 7 % 97) }, to: "wide")
    try TinyTable.train(["--data", "wide", "--output", "wide-run"] + wide, in: folder)
    for bytes: [UInt8] in [[0xFE, 0xFF, 0, 0], [0x33, 0x33, 0x33, 0x33], [0xFF, 0xFF, 0xFF, 0xFF]] {
      try folder.write(bytes, to: "sample")
      let scored = try Executable.run(["score", "wide-run", "sample"], in: folder)
      #expect(scored.outputLines.count == 2, "\(bytes): \(scored.errors)")
    }
    // Of whole examples, though all bytes are letters.
    try folder.write((0..<60).flatMap { "AB\(Character(Unicode.Scalar(65 + $0 % 26)!))".utf8 }, to: "letters")
    let bytes = ["--raw-type", "uint8", "--raw-shape", "3"]
    try TinyTable.train(["--data", "letters", "--output", "letters-run"] + bytes, in: folder)
    #expect(try Executable.run(["score", "letters-run", "letters"], in: folder).outputLines.count == 61)
  }

  @Test func optionsThatSayHalfAreRefused() throws {
    let folder = try makeData()
    func refusal(_ options: [String], naming words: [String]) throws {
      try expectRefusal(["inspect", "rows.dat"] + options, in: folder, naming: words)
    }
    try refusal(["--raw-type", "float32"], naming: ["--raw-shape", "expected both", "--raw-type alone"])
    try refusal(["--raw-offset", "5"], naming: ["--raw-offset", "--raw-type and --raw-shape"])
    try expectRefusal(
      ["train", "--epochs", "1"] + Self.layout, in: folder,
      naming: ["--raw-type", "generated digits, where it does nothing"])
    try folder.write("a,b\n1,2\n3,5\n".utf8, to: "t.csv")
    try expectRefusal(
      ["inspect", "t.csv", "--storage", "file"], in: folder, naming: ["--storage", "CSV or TSV, where it does nothing"])
    try expectRefusal(
      ["inspect", "rows.npy"] + Self.layout, in: folder, naming: ["--raw-type", "NPY, where it does nothing"])
    try refusal(["--raw-type", "float31", "--raw-shape", "3"], naming: ["float31", "float32, float64"])
    try refusal(["--raw-type", "float32", "--raw-shape", "3x"], naming: ["3x", "28x28"])
    try refusal(
      ["--raw-type", "float32", "--raw-shape", "3"], naming: ["rows.dat", "12 bytes each", "485 bytes", "5 too many"])
    try expectRefusal(
      ["inspect", "rows.dat", "--header", "no"] + Self.layout, in: folder, naming: ["--header", "raw numbers"])
  }
}
