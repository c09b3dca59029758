import Foundation
import TestSupport
import Testing
import VAEData
import VAETrainer

@Suite struct SafetensorsTests {
  static var fixture: String {
    get throws {
      try #require(
        Bundle.module.path(forResource: "other-writer", ofType: "safetensors", inDirectory: "Fixtures"))
    }
  }

  /// The fixture is written by another program: `Scripts/make-safetensors-fixture.py`.
  @Test func aFileOfAnotherProgramIsRead() throws {
    let file = try SafetensorsFile(path: Self.fixture)
    #expect(try file.floats("encoder.mean.weight", shape: [2, 3]) == [0, 1, 2, 10, 11, 12])
    #expect(try file.floats("encoder.mean.bias", shape: [2]) == [-0.5, .infinity])
    #expect(try file.numbers("step", of: Int64.self, shape: []) == [1 << 40 + 1])
    #expect(try file.numbers("loss", of: Double.self, shape: [1]) == [1 / 3])
    #expect(try file.floats("empty", shape: [0, 5]) == [])
    #expect(file["bytes"]?.type == .u8)
    #expect(file["bytes"]?.bytes.count == 3)
    #expect(file["nothing"] == nil)
    #expect(
      file.metadata == [
        "architecture": #"{"activation": "relu"}"#, "note": "quotes \" and \\, lines\n, ε, 😀, \u{1}",
      ])
  }

  @Test func whatIsWrittenIsRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a.safetensors")
    let metadata = ["b": "tab\t", "a": "line\n\"ε\"\u{0}😀"]
    try example(metadata).write(to: path)

    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == metadata)
    #expect(file.tensors.map(\.name) == ["counters", "na\"me", "none", "rows"])
    #expect(try file.numbers("counters", of: Int64.self, shape: [2]) == [.min, .max])
    #expect(try file.floats("na\"me", shape: [1, 1]) == [-0.0])
    #expect(try file.floats("none", shape: [4, 0]) == [])
    #expect(try file.floats("rows", shape: [3, 2]) == [0, 0, 1, 1, 2, 2])
  }

  /// What the Python package reads, or later versions of the format may have.
  @Test(arguments: [
    "{\(member())}", "{\"__metadata__\":null,\(member())}", "{\"__metadata__\":{},\(member())}", " {\(member())}\n\t ",
    #"{"x":{"dtype":"F32","later":{"a":[1,-2.5e3,null,"]}"],"b":{}},"shape":[1],"data_offsets":[0,4],"t":true}}"#,
    "{\(member()),\(member("[4,7]", name: "y", type: "F3_E1M1", shape: "[8]"))}",
    "{\(member("[0,4]")),\(member("[4,4]", name: "y", type: "later", shape: "[0]"))}",
  ]) func whatIsNotNeededIsPassedOver(header: String) throws {
    let folder = try TemporaryFolder()
    let data: [UInt8] = [0, 0, 0xC0, 0x3F] + (header.contains("F3_E1M1") ? [1, 2, 3] : [])
    let path = try folder.write(safetensors(header, data: data), to: "a.safetensors")
    let file = try SafetensorsFile(path: path)
    #expect(try file.floats("x", shape: [1]) == [1.5])
    #expect(file.metadata == [:])
    if file.tensors.count > 1 {
      #expect(file["y"]?.type == nil)
      #expect(throws: SafetensorsError.self) { try file.floats("y", shape: file["y"]!.shape) }
    }
  }

  @Test func otherPrecisionsBecomeFloats() throws {
    let folder = try TemporaryFolder()
    let header = [("d", "F64", "[0,8]"), ("h", "F16", "[8,10]"), ("b", "BF16", "[10,12]")]
      .map { member($0.2, name: $0.0, type: $0.1) }.joined(separator: ",")
    let third = withUnsafeBytes(of: 1.0 / 3) { Array($0) }
    let path = try folder.write(safetensors("{\(header)}", data: third + [0, 0xBC, 0xC0, 0x3F]), to: "a.safetensors")
    let file = try SafetensorsFile(path: path)
    #expect(try ["d", "h", "b"].map { try file.floats($0, shape: [1])[0] } == [1 / 3, -1, 1.5])
  }

  @Test func theBytesAreThoseOfTheFormat() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a.safetensors")
    var writer = SafetensorsWriter(metadata: ["z": "1", "a": "2"])
    writer.add("x", [Float(1), 2], shape: [2])
    try writer.write(to: path)
    let header =
      #"{"__metadata__":{"a":"2","z":"1"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let padded = header + String(repeating: " ", count: 88 - header.utf8.count)
    #expect(
      try Data(contentsOf: URL(filePath: path))
        == safetensors(padded, data: [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]))
  }

  @Test func askingForAnotherTensorNamesBoth() throws {
    let file = try SafetensorsFile(path: Self.fixture)
    var error = #expect(throws: SafetensorsError.self) {
      try file.floats("encoder.mean.weight", shape: [3, 2])
    }
    #expect(error?.description.hasSuffix("expected floats of shape [3, 2], found F32 of shape [2, 3]") == true)
    error = #expect(throws: SafetensorsError.self) { try file.floats("bytes", shape: [3]) }
    #expect(error?.found == "U8 of shape [3]")
    error = #expect(throws: SafetensorsError.self) { try file.numbers("loss", of: Float.self, shape: [1]) }
    #expect(error?.found == "F64 of shape [1]")
    error = #expect(throws: SafetensorsError.self) { try file.floats("decoder", shape: []) }
    #expect(error?.place == "tensor \"decoder\"")
  }
}

/// Files that lie. Every one gives an error that says where.
@Suite struct HostileSafetensorsTests {
  struct Lie: CustomTestStringConvertible {
    let testDescription: String
    let header: String
    var data = 4
    let place: String
    let expected: String
  }

  static let lies = [
    Lie(testDescription: "not JSON", header: "hello", place: "byte 8", expected: "'{'"),
    Lie(testDescription: "not an object", header: "[]", place: "byte 8", expected: "'{'"),
    Lie(testDescription: "nothing", header: "", place: "byte 8", expected: "'{'"),
    Lie(testDescription: "cut", header: #"{"x":{"dty"#, place: "byte 18", expected: "the end of a string"),
    Lie(
      testDescription: "trailing text", header: entry() + "}", place: "byte 62",
      expected: "the end of the header"),
    Lie(testDescription: "trailing comma", header: "{\(member()),}", place: "byte 62", expected: "'\"'"),
    Lie(
      testDescription: "dtype twice", header: #"{"x":{"dtype":"F32","dtype":"F32"}}"#, place: "tensor \"x\"",
      expected: "dtype, shape and data_offsets once each"),
    Lie(
      testDescription: "half of another field", header: #"{"x":{"later":[1,{"a":2}"#, place: "byte 32",
      expected: "a value"),
    Lie(
      testDescription: "brackets that cross", header: #"{"x":{"later":[{]}"#, place: "byte 24", expected: "a value"),
    Lie(
      testDescription: "a million open brackets", header: #"{"x":{"later":"# + String(repeating: "[", count: 1_000_000),
      place: "byte 1000022", expected: "a value"),
    Lie(
      testDescription: "same name twice", header: "{\(member()),\(member("[4,8]"))}", data: 8,
      place: "header",
      expected: "different names"),
    Lie(
      testDescription: "same metadata twice", header: #"{"__metadata__":{"a":"1","a":"2"}}"#, data: 0,
      place: "byte 37", expected: "different keys in __metadata__"),
    Lie(
      testDescription: "metadata of numbers", header: #"{"__metadata__":{"a":1}}"#, data: 0, place: "byte 29",
      expected: "'\"'"),
    Lie(
      testDescription: "negative offset", header: entry("[-4,0]"), place: "byte 56",
      expected: "a whole number from 0 to 2^63 - 1"),
    Lie(
      testDescription: "fraction", header: entry("[0,4.5]"), place: "byte 59", expected: "']'"),
    Lie(
      testDescription: "boundless number", header: entry("[0,9223372036854775808]"), place: "byte 58",
      expected: "a whole number from 0 to 2^63 - 1"),
    Lie(
      testDescription: "end before start", header: entry("[4,0]"), place: "tensor \"x\"",
      expected: "a start and an end as data_offsets"),
    Lie(
      testDescription: "one offset", header: entry("[4]"), place: "tensor \"x\"",
      expected: "a start and an end as data_offsets"),
    Lie(
      testDescription: "shape beyond bytes", header: entry(shape: "[2]"), place: "tensor \"x\"",
      expected: "as many bytes as F32 numbers of shape [2] take"),
    Lie(
      testDescription: "shape that overflows", header: entry(shape: "[4611686018427387904,4]"),
      place: "tensor \"x\"",
      expected: "as many bytes as F32 numbers of shape [4611686018427387904, 4] take"),
    Lie(
      testDescription: "terabytes", header: entry("[0,4398046511104]", shape: "[1099511627776]"),
      place: "end of the file", expected: "4398046511104 bytes of data, as the header says"),
    Lie(
      testDescription: "hole at the start", header: entry("[4,8]"), data: 8, place: "tensor \"x\"",
      expected: "a start at byte 0 of the data, where the tensor before it ends"),
    Lie(
      testDescription: "overlap", header: "{\(member()),\(member("[0,4]", name: "y"))}",
      place: "tensor \"y\"",
      expected: "a start at byte 4 of the data, where the tensor before it ends"),
    Lie(
      testDescription: "hole between", header: "{\(member()),\(member("[8,12]", name: "y"))}", data: 12,
      place: "tensor \"y\"", expected: "a start at byte 4 of the data, where the tensor before it ends"),
    Lie(
      testDescription: "bytes after the last", header: entry(), data: 5, place: "end of the file",
      expected: "4 bytes of data, as the header says"),
    Lie(
      testDescription: "missing offsets", header: #"{"x":{"dtype":"F32","shape":[1]}}"#,
      place: "tensor \"x\"",
      expected: "dtype, shape and data_offsets"),
    Lie(
      testDescription: "half a surrogate pair", header: #"{"\ud800":{}}"#, place: "byte 17",
      expected: "an escape sequence before this place"),
    Lie(
      testDescription: "a thousand lists", header: #"{"x":{"shape":"# + String(repeating: "[", count: 1000),
      place: "byte 23", expected: "a whole number from 0 to 2^63 - 1"),
  ]

  @Test(arguments: lies) func aLyingHeaderIsNamed(lie: Lie) throws {
    let error = try openingError(safetensors(lie.header, data: [UInt8](repeating: 0, count: lie.data)))
    #expect(error?.place == lie.place)
    #expect(error?.expected == lie.expected)
  }

  @Test func aHeaderThatIsNotUTF8IsNamed() throws {
    var bytes = safetensors(entry(), data: [0, 0, 0, 0])
    bytes[10] = 0xFF
    #expect(try openingError(bytes)?.expected == "UTF-8")
  }

  @Test(arguments: [UInt64.max, 1 << 63, 1 << 62, 100_000_001, 61])
  func aHeaderLengthBeyondTheFileIsNamed(length: UInt64) throws {
    var bytes = safetensors(entry(), data: [0, 0, 0, 0])
    bytes.replaceSubrange(0..<8, with: withUnsafeBytes(of: length.littleEndian) { Data($0) })
    #expect(try openingError(bytes)?.place == "header length")
  }

  @Test func aMessageIsOneLineWhateverTheNames() throws {
    let name = "\\n\\r\\u2028" + String(repeating: "x", count: 1000)
    let folder = try TemporaryFolder()
    let path = try folder.write(safetensors(entry(type: name), data: [0, 0, 0, 0]), to: "a.safetensors")
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path).floats("x", shape: [1]) }
    let message = try #require(error?.description)
    #expect(message.split(whereSeparator: \.isNewline).count == 1)
    #expect(message.count < 400)
  }

  @Test func aFileCutAtAnyByteIsAnError() throws {
    let whole = try Data(contentsOf: URL(filePath: SafetensorsTests.fixture))
    let folder = try TemporaryFolder()
    let path = folder.path(of: "cut.safetensors")
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(filePath: path))
      #expect(throws: SafetensorsError.self, "cut after \(count) bytes") { try SafetensorsFile(path: path) }
    }
  }

  /// A damaged file is read or refused; it never stops the program.
  @Test func damagedFilesNeverTrap() throws {
    let whole = try Data(contentsOf: URL(filePath: SafetensorsTests.fixture))
    let folder = try TemporaryFolder()
    let path = folder.path(of: "damaged.safetensors")
    var random = SplitMix(state: 1)
    var refused = 0
    for _ in 0..<2000 {
      var damaged = whole
      for _ in 0...random.next() % 3 {
        let place = Int(random.next() % UInt64(whole.count))
        damaged[place] =
          random.next() % 2 == 0 ? damaged[place] ^ 1 << (random.next() % 8) : UInt8(random.next() % 256)
      }
      try damaged.write(to: URL(filePath: path))
      do {
        let file = try SafetensorsFile(path: path)
        for tensor in file.tensors where tensor.type == .f32 {
          #expect(try file.floats(tensor.name, shape: tensor.shape).count == tensor.bytes.count / 4)
        }
      } catch let error as SafetensorsError {
        #expect(!error.description.contains("\n"))
        refused += 1
      }
    }
    // Most of the file is its header, and little of a header can change without effect.
    #expect(refused > 1000)
  }
}

/// The generator of Steele, Lea and Flood (2014): enough for damage that is the same every time.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

private func example(_ metadata: [String: String]) -> SafetensorsWriter {
  var writer = SafetensorsWriter(metadata: metadata)
  writer.add("counters", [Int64.min, .max], shape: [2])
  writer.add("na\"me", [Float(-0.0)], shape: [1, 1])
  writer.add("none", [Float](), shape: [4, 0])
  writer.add("rows", of: Float.self, shape: [3, 2]) { file in
    for row in 0..<3 { try file.append([Float](repeating: Float(row), count: 2)) }
  }
  return writer
}

private func member(
  _ offsets: String = "[0,4]", name: String = "x", type: String = "F32", shape: String = "[1]"
) -> String {
  #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
}

private func entry(_ offsets: String = "[0,4]", type: String = "F32", shape: String = "[1]") -> String {
  "{\(member(offsets, type: type, shape: shape))}"
}

private func safetensors(_ header: String, data: [UInt8]) -> Data {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8) + Data(data)
}

private func openingError(_ bytes: Data) throws -> SafetensorsError? {
  let folder = try TemporaryFolder()
  let path = folder.path(of: "lie.safetensors")
  try bytes.write(to: URL(filePath: path))
  return #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
}
