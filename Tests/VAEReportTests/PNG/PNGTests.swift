import Testing
import VAEReport

@Suite struct PNGTests {
  @Test(arguments: [(1, 1), (1, 9), (7, 1), (13, 5), (256, 33)], [1, 3])
  func aPictureDecodesToWhatWasEncoded(size: (width: Int, height: Int), channels: Int) throws {
    let count = size.width * size.height * channels
    // Every value, in an order that the compressor does not like.
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 11) }
    let image = PNGImage(width: size.width, height: size.height, channels: channels, bytes: bytes)
    let file = try image.encoded()
    #expect(file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(try PNGImage(decoding: file) == image)
  }

  @Test func whatIsNotAPictureIsRefused() throws {
    let file = try PNGImage(width: 5, height: 5, channels: 1, filledWith: 9).encoded()
    #expect(throws: PNGError.self) { try PNGImage(decoding: []) }
    #expect(throws: PNGError.self) { try PNGImage(decoding: [UInt8]("not a picture".utf8)) }
    #expect(throws: PNGError.self) { try PNGImage(decoding: Array(file.prefix(file.count / 2))) }
  }
}

@Suite struct ImageGridTests {
  @Test func picturesLieWhereTheyShould() {
    var grid = ImageGrid(imageWidth: 2, imageHeight: 1, rows: 2, columns: 2)
    grid.gap = 1
    grid.gapValue = 7
    let image = grid.image(of: [0, 1, 0.2, 0.4, 0.6, 0.8])
    #expect(image.width == 7)
    #expect(image.height == 5)
    #expect(
      image.bytes == [
        7, 7, 7, 7, 7, 7, 7,
        7, 0, 255, 7, 51, 102, 7,
        7, 7, 7, 7, 7, 7, 7,
        7, 153, 204, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7,
      ])
  }

  @Test func scaledPixelsAreSquares() {
    var grid = ImageGrid(imageWidth: 1, imageHeight: 2, channels: 3, rows: 1, columns: 1)
    grid.gap = 0
    grid.scale = 2
    let image = grid.image(of: [1, 0, 0, 0, 0, 1])
    let red: [UInt8] = [255, 0, 0]
    let blue: [UInt8] = [0, 0, 255]
    #expect(
      image
        == PNGImage(
          width: 2, height: 4, channels: 3, bytes: red + red + red + red + blue + blue + blue + blue))
  }

  @Test func anythingBecomesAByte() {
    var grid = ImageGrid(imageWidth: 4, imageHeight: 2, rows: 1, columns: 1)
    grid.gap = 0
    let image = grid.image(of: [.nan, -.infinity, .infinity, -1, 2, 0.5, 0.49 / 255, 0.51 / 255])
    #expect(image.bytes == [0, 0, 255, 0, 255, 128, 0, 1])
  }
}
