import TestSupport
import Testing

@testable import VAEData

/// Where the numbers of pictures lie: each number here tells its picture, row, column and channel.
struct IDXPictureLayoutTests {
  private static let (count, height, width) = (3, 2, 4)

  private static func number(_ example: Int, _ row: Int, _ column: Int, _ channel: Int) -> UInt8 {
    UInt8(example * 64 + row * 16 + column * 4 + channel)
  }

  /// All numbers in the order of four loops, of which the first is the outermost.
  private static func numbers(
    _ sizes: [Int], _ number: (_ first: Int, _ second: Int, _ third: Int, _ fourth: Int) -> UInt8
  ) -> [UInt8] {
    (0..<sizes[0]).flatMap { first in
      (0..<sizes[1]).flatMap { second in
        (0..<sizes[2]).flatMap { third in (0..<sizes[3]).map { number(first, second, third, $0) } }
      }
    }
  }

  private func read(_ bytes: [UInt8], _ shape: [Int], transposed: Bool) throws -> IDXImages {
    let folder = try TemporaryFolder()
    let path = try folder.write(IDX.encode(bytes, shape: shape), to: "images")
    let images = try IDX.images(path: path, transposed: transposed)
    // Floats take another way through the reader.
    let floats = try folder.write(encodeIDX(bytes.map(Double.init), as: .float, shape: shape), to: "floats")
    guard case .floats(let numbers) = try IDX.images(path: floats, transposed: transposed).numbers else {
      throw DataError(path: floats, expected: "floats", found: "bytes")
    }
    #expect(numbers == images.bytes?.map(Float.init))
    return images
  }

  @Test(arguments: [1, 3], [false, true]) func channelsLast(channels: Int, transposed: Bool) throws {
    let (count, height, width) = (Self.count, Self.height, Self.width)
    let file = Self.numbers([count, height, width, channels], Self.number)
    let images = try read(file, [count, height, width, channels], transposed: transposed)
    try expectUpright(images, channels, transposed)
    #expect(transposed || images.bytes == file)
  }

  @Test(arguments: [1, 3], [false, true]) func channelsFirst(channels: Int, transposed: Bool) throws {
    let (count, height, width) = (Self.count, Self.height, Self.width)
    let file = Self.numbers([count, channels, height, width]) { Self.number($0, $2, $3, $1) }
    try expectUpright(
      read(file, [count, channels, height, width], transposed: transposed), channels, transposed)
  }

  @Test(arguments: [false, true]) func withoutChannels(transposed: Bool) throws {
    let (count, height, width) = (Self.count, Self.height, Self.width)
    let file = Self.numbers([count, height, width, 1], Self.number)
    try expectUpright(read(file, [count, height, width], transposed: transposed), 1, transposed)
  }

  /// The picture has the file's rows, or where it was turned, the file's columns, one below the other.
  private func expectUpright(_ images: IDXImages, _ channels: Int, _ transposed: Bool) throws {
    let (count, height, width) = (Self.count, Self.height, Self.width)
    let expected =
      transposed
      ? Self.numbers([count, width, height, channels]) { Self.number($0, $2, $1, $3) }
      : Self.numbers([count, height, width, channels], Self.number)
    #expect(images.bytes == expected)
    #expect(
      images.imageShape
        == ImageShape(width: transposed ? height : width, height: transposed ? width : height, channels: channels))
  }

  @Test func squareOnesAreTransposedToo() throws {
    #expect(try read([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2], transposed: true).bytes == [1, 3, 2, 4, 5, 7, 6, 8])
  }

  /// Both ends could be channels: the usual order, in which they come last, is taken.
  @Test(arguments: [[2, 3, 5, 3], [2, 1, 5, 3], [2, 3, 5, 1], [2, 1, 5, 1], [2, 5, 3, 2]])
  func doubtfulShapesHaveChannelsLast(shape: [Int]) throws {
    let bytes = (0..<shape.reduce(1, *)).map { UInt8($0) }
    let images = try read(bytes, shape, transposed: false)
    #expect(images.bytes == bytes)
    #expect(images.imageShape == ImageShape(width: shape[2], height: shape[1], channels: shape[3]))
  }

  @Test func vectorsHaveNoSides() throws {
    #expect(try read(smallImages(2), [2, 6], transposed: false).imageShape == nil)
    #expect(
      errorDescription { _ = try read(smallImages(2), [2, 6], transposed: true) }
        .hasSuffix("images: header: expected pictures to transpose, which have a rank of 3 or 4, found rank 2"))
  }
}
