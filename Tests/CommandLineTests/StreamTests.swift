import Foundation
import TestSupport
import Testing
import VAEData

/// Data from pipes and standard input, which are told by their first bytes as files are, and read once.
struct StreamTests {
  private func makeFile(_ kind: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let numbers = (0..<60).map { Float($0 * 7919 % 101) / 4 }
    let bytes: [UInt8] =
      switch kind {
      case "Matrix Market":
        Array(
          ("%%MatrixMarket matrix coordinate integer general\n20 3 40\n"
            + (0..<40).map { "\($0 / 2 + 1) \($0 % 3 + 1) \($0 % 7 + 1)\n" }.joined()).utf8)
      case "svmlight": Array((0..<20).map { "\($0 % 2) 1:\($0).5 3:\($0 % 3 + 1)\n" }.joined().utf8)
      case "NPY": TinyTable.npy(numbers, [20, 3])
      case "IDX": [0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 3] + (0..<60).map { UInt8($0) }
      default: Array(TinyTable.text().utf8)
      }
    try folder.write(bytes, to: "data")
    try folder.write(Gzip.compress(bytes), to: "data.gz")
    return folder
  }

  @Test(arguments: ["CSV", "Matrix Market", "svmlight", "NPY", "IDX"], ["data", "data.gz"])
  func whatComesOnceIsReadAsItsFile(kind: String, name: String) throws {
    let folder = try makeFile(kind)
    let expected = try Executable.run(["inspect", "data"], in: folder)
    #expect(expected.status == 0 && expected.outputLines[1].hasPrefix("format      \(kind): "), "\(expected.output)")
    for line in ["cat \(name) | \"$VAE_TRAIN\" inspect -", "\"$VAE_TRAIN\" inspect <(cat \(name))"] {
      let read = try Executable.shell(line, in: folder)
      #expect(read.status == 0 && read.errors == "", "\(read.errors)")
      // The first line has the path.
      #expect(read.outputLines.dropFirst() == expected.outputLines.dropFirst())
    }
  }

  @Test func aModelOfWhatComesOnceIsThatOfItsFile() throws {
    let folder = try makeFile("NPY")
    let start = ["--storage", "memory"] + TinyTable.options
    let trained = try Executable.run(["--data", "data", "--output", "file"] + start, in: folder)
    #expect(trained.status == 0, "\(trained.errors)")
    let piped = try Executable.shell(
      "cat data.gz | \"$VAE_TRAIN\" --data - --output piped \(start.joined(separator: " "))"
        + " && cmp file/model.safetensors piped/model.safetensors", in: folder)
    #expect(piped.status == 0, "\(piped.errors) \(piped.output)")
  }

  @Test(arguments: [
    ("printf 'PK\\003\\004'", ["standard input", "a file"]), ("printf ''", ["standard input", "found nothing"]),
    ("printf 'PAR1\\001'", ["a Parquet file", "'FILE'"]), ("printf '\\001\\002'", ["begin with the bytes 01 02"]),
  ])
  func whatCannotComeOnceIsNamed(command: String, words: [String]) throws {
    let result = try Executable.shell("\(command) | \"$VAE_TRAIN\" inspect -", in: try TemporaryFolder())
    #expect(result.status == 1 && result.errorLines.count == 1, "\(result.errors)")
    for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
  }

  /// A matrix in full, of which a first look would leave nothing.
  @Test func whatComesOnceIsConverted() throws {
    let folder = try TemporaryFolder()
    try folder.write("%%MatrixMarket matrix array real general\n3 2\n1\n2\n3\n4\n5\n6\n".utf8, to: "d.mtx")
    let line = "\"$VAE_TRAIN\" convert d.mtx --output a.csv && \"$VAE_TRAIN\" convert - --output b.csv < d.mtx"
    let result = try Executable.shell("\(line) && cmp a.csv b.csv", in: folder)
    #expect(result.status == 0, "\(result.errors)")
  }

  /// Two letters are no archive.
  @Test func aPrimaryKeyIsAColumn() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text(header: "PK,income,smoker,city,grade").utf8, to: "t.csv")
    for path in ["t.csv", "- < t.csv"] {
      let read = try Executable.shell("\"$VAE_TRAIN\" inspect \(path)", in: folder)
      #expect(read.status == 0 && read.output.contains("CSV: 120 rows"), "\(read.errors)")
    }
  }

  @Test func numbersCannotStayInAPipe() throws {
    for kind in ["NPY", "IDX"] {
      let folder = try makeFile(kind)
      let result = try Executable.shell("cat data | \"$VAE_TRAIN\" inspect - --storage file", in: folder)
      #expect(result.status == 1 && result.errors.contains("comes but once"), "\(result.errors)")
    }
  }
}
