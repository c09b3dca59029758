import Foundation
import TestSupport
import Testing

@testable import VAEData

/// Files of numbers without a header.
struct RawFormatTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Six floats behind three bytes that are none of them.
  private static let bytes: [UInt8] =
    [9, 9, 9]
    + [1, -2, 0.5, 3, 4, 1e10].flatMap { (number: Float) in
      withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    }

  private func source(_ file: String, _ layout: RawLayout?, storage: DataReading.Storage = .automatic) -> DataSource {
    var reading = DataReading()
    (reading.raw, reading.storage) = (layout, storage)
    return DataSource(path: folder.path(of: file), reading: reading, seed: 1)
  }

  @Test(arguments: DataReading.Storage.allCases)
  func numbersAreReadBehindTheOffset(storage: DataReading.Storage) throws {
    try folder.write(Self.bytes, to: "rows.bin")
    let layout = try #require(RawLayout(type: "float32", shape: [3], start: 3))
    let contents = try source("rows.bin", layout, storage: storage).contents()
    #expect(contents.format == "raw numbers" && contents.examples.count == 2)
    #expect(contents.examples.columns.count == 3 && contents.examples.imageShape == nil)
    #expect(contents.examples.allNumbers == [1, -2, 0.5, 3, 4, 1e10])
  }

  /// Compressed, big-endian, and of halves of one byte each.
  @Test func typesAreNumPys() throws {
    try folder.write(Gzip.compress([0, 1, 1, 0, 255, 255]), to: "a.bin.gz")
    func numbers(_ type: String, _ shape: [Int]) throws -> [Float] {
      try source("a.bin.gz", RawLayout(type: type, shape: shape)).contents().examples.allNumbers
    }
    #expect(try numbers(">u2", [3]) == [1, 256, 65535])
    #expect(try numbers("uint16", [3]) == [256, 1, 65535])
    #expect(try numbers("int16", [1]) == [256, 1, -1])
    #expect(try numbers("int8", [2]) == [0, 1, 1, 0, -1, -1])
    #expect(try numbers("bool", [6]) == [0, 1, 1, 0, 1, 1])
    for (name, word) in RawLayout.types {
      #expect(RawLayout(type: name, shape: [2]) == RawLayout(type: word, shape: [2]), "\(name)")
    }
  }

  /// Bytes of pictures are pixels, as IDX has them; classes lie beside the file as beside NPY.
  @Test(arguments: DataReading.Storage.allCases) func bytesOfPicturesArePixels(storage: DataReading.Storage) throws {
    try folder.write((0..<24).map { UInt8($0 * 10) }, to: "p.raw")
    try folder.write(NPY.encode([2, 0], shape: [2]), to: "p.raw.labels.npy")
    let examples = try source("p.raw", RawLayout(type: "uint8", shape: [2, 2, 3]), storage: storage).contents().examples
    let image = try #require(examples.imageShape)
    #expect(image.width == 2 && image.height == 2 && image.channels == 3 && examples.count == 2)
    #expect(examples.allNumbers == (0..<24).map { Float($0 * 10) / 255 })
    #expect(examples.labels == [2, 0])
  }

  @Test func whatDoesNotFitIsSaidWithBothSizes() throws {
    let path = try folder.write(Self.bytes, to: "rows.bin")
    let layout = RawLayout(type: "float32", shape: [4])
    #expect(
      errorDescription { _ = try source("rows.bin", layout).contents() }
        == "\(path): expected examples of 4 numbers of 4 bytes, 16 bytes each, as --raw-type and --raw-shape say, found "
        + "27 bytes, 11 too many")
    #expect(
      errorDescription { _ = try source("rows.bin", RawLayout(type: "int8", shape: [1], start: 30)).contents() }
        == "\(path): expected 30 bytes and examples of 1 numbers of 1 byte, 1 byte each, as --raw-type and --raw-shape "
        + "say, found 27 bytes, less")
    try folder.write([], to: "none.bin")
    #expect(errorDescription { _ = try source("none.bin", layout).contents() }.contains("none"))
    #expect(
      errorDescription {
        var source = source("rows.bin", layout)
        source.path = folder.path
        _ = try source.contents()
      } == "\(folder.path): expected a file, for --raw-type and --raw-shape, found a folder")
  }

  /// What cannot stay in its file is refused where that is asked for, and read where it is not.
  @Test func whatCannotStayInItsFileIsRefused() throws {
    try folder.write(Gzip.compress([1, 2, 3, 4]), to: "a.bin.gz")
    let layout = RawLayout(type: "int8", shape: [2])
    let message = errorDescription { _ = try source("a.bin.gz", layout, storage: .file).contents() }
    #expect(
      message.contains("for --storage file") && message.hasSuffix("found gzip: unpack it by gunzip"), "\(message)")
    #expect(try source("a.bin.gz", layout).contents().examples.allNumbers == [1, 2, 3, 4])
    var columns = NPY.encode([1, 2, 3, 4] as [Float], shape: [2, 2])
    columns.replaceSubrange(try #require(columns.range(of: Data("False".utf8))), with: Data("True ".utf8))
    try folder.write(columns, to: "f.npy")
    #expect(
      errorDescription { _ = try source("f.npy", nil, storage: .file).contents() }.hasSuffix("found Fortran's order"))
    try folder.write(NPY.encode([Float](repeating: 0, count: 12), shape: [1, 3, 2, 2]), to: "c.npy")
    #expect(
      errorDescription { _ = try source("c.npy", nil, storage: .file).contents() }
        .hasSuffix("found pictures channel by channel"))
    #expect(try source("c.npy", nil).contents().examples.imageShape?.channels == 3)
  }

  /// An array with a header is what it says, whatever its siblings are.
  @Test func headersAreBelieved() throws {
    try folder.write(NPY.encode([1, 2, 3, 4] as [Float], shape: [2, 2]), to: "a.npy")
    let contents = try source("a.npy", RawLayout(type: "int8", shape: [1])).contents()
    #expect(contents.format == "NPY" && contents.examples.allNumbers == [1, 2, 3, 4])
  }

  @Test(arguments: [
    ("float31", [2], 0), ("f4 ", [2], 0), ("<c8", [2], 0), ("float32", [], 0), ("float32", [0], 0),
    ("float32", [2, 2, 2], 0),
    ("float32", [2, 2, 3, 1], 0), ("float32", [2], -1), ("float64", [1 << 61], 0), ("int8", [1 << 40, 1 << 40], 0),
  ])
  func layoutsThatAreNoneAreRefused(type: String, shape: [Int], start: Int) throws {
    #expect(RawLayout(type: type, shape: shape, start: start) == nil)
    let written = try JSONSerialization.data(withJSONObject: ["type": type, "shape": shape, "start": start])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(RawLayout.self, from: written) }
  }

  @Test func layoutsComeBackFromARunsFile() throws {
    var reading = DataReading()
    reading.raw = RawLayout(type: ">f8", shape: [28, 28], start: 16)
    let again = try JSONDecoder().decode(DataReading.self, from: JSONEncoder().encode(reading))
    #expect(again == reading && again.raw?.start == 16)
  }
}
