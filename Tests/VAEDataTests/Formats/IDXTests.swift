import Foundation
import TestSupport
import Testing

@testable import VAEData

struct IDXTests {
  @Test(arguments: [false, true]) func imagesComeBack(compressed: Bool) throws {
    let folder = try TemporaryFolder()
    for shape in [[4, 6], [4, 2, 3], [2, 2, 2, 3]] {
      let bytes = IDX.encode(smallImages(4), shape: shape)
      let path = try folder.write(compressed ? Gzip.compress(bytes) : bytes, to: "images")
      let images = try IDX.images(path: path)
      #expect(images.shape == shape)
      #expect(images.bytes == smallImages(4))
    }
    let colour = try IDX.images(path: folder.path(of: "images"))
    #expect(colour.imageShape == ImageShape(width: 2, height: 2, channels: 3))
  }

  @Test func labelsComeBack() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(IDX.encode([3, 1, 4], shape: [3]), to: "labels")
    #expect(try IDX.labels(path: path).bytes == [3, 1, 4])
  }

  /// Contents, and the end of the one line that refuses them.
  private static let broken: [([UInt8], String)] = [
    ([], "expected images in the IDX format, found nothing"),
    ([0, 0, 8], "header: expected images in the IDX format, which begin with \(magic), found 00 00 08"),
    (
      Array("PNG picture".utf8),
      "header: expected images in the IDX format, which begin with \(magic), found 50 4E 47 20"
    ),
    (
      [0, 0, 0x42, 3],
      "expected type 08 (unsigned bytes), 09 (signed bytes), 0B (16-bit integers), 0C (32-bit integers), "
        + "0D (32-bit floats) or 0E (64-bit floats), found type 42"
    ),
    (
      IDX.encode([1, 2, 3], shape: [3]),
      "expected images, which begin with \(magic), found labels, beginning with 00 00 08 01"
    ),
    ([0, 0, 8, 9], "found an array of rank 9, beginning with 00 00 08 09"),
    ([0, 0, 8, 3, 0, 0, 0, 1, 0], "header: expected 3 sizes of four bytes, found 5 bytes"),
    (
      IDX.encode(smallImages(4), shape: [4, 2, 3]).dropLast(1),
      "header: expected 40 bytes of contents: 4 × 2 × 3 images, found 39 bytes"
    ),
    (
      encodeIDX([Double](repeating: 1, count: 6), as: .float, shape: [2, 3]).dropLast(1),
      "header: expected 36 bytes of contents: 2 × 3 images of 32-bit floats, found 35 bytes"
    ),
    (
      encodeIDX([1, 2], as: .short, shape: [2]),
      "expected images, which begin with 00 00 0B 02 or 00 00 0B 03 or 00 00 0B 04, found labels, beginning with"
    ),
    (
      IDX.encode([], shape: [0, 28, 28]),
      "expected at least one example of at least one byte, found 0 × 28 × 28 images"
    ),
    (IDX.encode([], shape: [5, 0]), "expected at least one example of at least one byte, found 5 × 0 images"),
    // Three terabytes, and more than 64 bits can count.
    (
      [0, 0, 8, 3, 0xB0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 32, 9],
      "header: expected 3023656976400 bytes of contents: 2952790016 × 32 × 32 images"
    ),
    ([0, 0, 8, 3] + [UInt8](repeating: 255, count: 13), "expected a size that fits in memory"),
  ]
  private static let magic = "00 00 08 02 or 00 00 08 03 or 00 00 08 04"

  @Test(arguments: broken.indices, [false, true]) func brokenImagesAreRefused(index: Int, compressed: Bool) throws {
    let (bytes, expected) = Self.broken[index]
    let folder = try TemporaryFolder()
    let path = try folder.write(compressed ? Gzip.compress(bytes) : bytes, to: "images")
    let message = errorDescription { _ = try IDX.images(path: path) }
    #expect(message.hasPrefix("\(path): "))
    #expect(message.contains(expected))
    #expect(!message.contains("\n"))
  }

  @Test(arguments: [1, 7, 3_000_000]) func whatIsBehindTheEndIsPassedOverWithARemark(count: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = IDX.encode(smallImages(4), shape: [4, 2, 3]) + [UInt8](repeating: 9, count: count)
    for (name, contents) in [("plain", bytes), ("compressed", Gzip.compress(bytes))] {
      let path = try folder.write(contents, to: name)
      let images = try IDX.images(path: path)
      #expect(images.bytes == smallImages(4))
      #expect(
        images.remarks == ["\(path): \(count) \(count == 1 ? "byte" : "bytes") behind the last number passed over"])
    }
    let labels = try IDX.labels(path: folder.write(IDX.encode([1, 2], shape: [2]) + [0, 0], to: "labels"))
    #expect(
      labels.bytes == [1, 2]
        && labels.remarks == ["\(folder.path(of: "labels")): 2 bytes behind the last number passed over"])
    #expect(try IDX.images(path: folder.write(IDX.encode([1, 2], shape: [1, 2]), to: "exact")).remarks.isEmpty)
  }

  /// What lies behind is not needed, but a file that is damaged there may be damaged before.
  @Test func whatIsBehindTheEndOfACompressedFileMustBeIntact() throws {
    let folder = try TemporaryFolder()
    var bytes = Gzip.compress(IDX.encode(smallImages(4), shape: [4, 2, 3]) + [UInt8](repeating: 9, count: 3000))
    bytes[bytes.count - 8] ^= 0xFF
    let path = try folder.write(bytes, to: "damaged.gz")
    #expect(errorDescription { _ = try IDX.images(path: path) }.hasPrefix("\(path): byte "))
  }

  @Test func headersAreReadAlone() throws {
    let folder = try TemporaryFolder()
    let bytes = encodeIDX([Double](repeating: 0.5, count: 24), as: .double, shape: [4, 2, 3])
    let plain = try folder.write(bytes + [1], to: "plain")
    let header = try IDXHeader(path: plain)
    #expect(header.type == .double && header.shape == [4, 2, 3] && !header.isCompressed)
    #expect(header.start == 16 && header.count == 24 && header.rowWidth == 48)
    #expect(header.remarks == ["\(plain): 1 byte behind the last number passed over"])
    let compressed = try IDXHeader(path: folder.write(Gzip.compress(bytes), to: "compressed"))
    #expect(compressed.isCompressed && compressed.shape == [4, 2, 3] && compressed.remarks.isEmpty)
    let short = try folder.write(bytes.dropLast(1), to: "short")
    #expect(
      errorDescription { _ = try IDXHeader(path: short) }
        == "\(short): header: expected 208 bytes of contents: 4 × 2 × 3 images of 64-bit floats, found 207 bytes")
    // Nothing behind the header is read: half of this file is missing.
    let half = try folder.write(Gzip.compress(IDX.encode([UInt8](0...255), shape: [16, 16])).prefix(200), to: "half")
    #expect(try IDXHeader(path: half).shape == [16, 16])
    #expect(try IDXHeader(path: folder.write(IDX.encode([1], shape: [1]), to: "labels"), kind: .labels).shape == [1])
  }

  /// Blank pictures compress beyond the ratio at which the reader trusts a header; it counts, and reads them.
  @Test func unusuallyCompressibleImagesAreCountedFirst() throws {
    let folder = try TemporaryFolder()
    let blank = [UInt8](repeating: 0, count: 200_000)
    let path = try folder.write(Gzip.compress(IDX.encode(blank, shape: [200, 1000])), to: "blank.gz")
    #expect(try IDX.images(path: path).bytes == blank)
    let lying: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 210, 0, 0, 3, 232] + blank
    let lyingPath = try folder.write(Gzip.compress(lying), to: "lying.gz")
    let message = errorDescription { _ = try IDX.images(path: lyingPath) }
    #expect(message.hasSuffix("expected 210012 bytes of contents: 210 × 1000 images, found 200012 bytes"))
  }

  @Test func imagesAreNotLabels() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(IDX.encode(smallImages(4), shape: [4, 2, 3]), to: "images")
    let message = errorDescription { _ = try IDX.labels(path: path) }
    #expect(message.hasSuffix("labels, which begin with 00 00 08 01, found images, beginning with 00 00 08 03"))
  }
}
