import Testing
import VAEData

@testable import VAEReport

@Suite struct RunPicturesTests {
  @Test func digitsFillTheGrid() {
    #expect(RunPictures.layout(of: ImageShape(width: 28, height: 28)) == (8, 12, 20))
  }

  /// However large the images, a picture takes no more than 2^26 numbers, or else is of two images.
  @Test(arguments: [300, 500, 1000, 3000, 6000, 20000]) func largeImagesAreFewer(side: Int) {
    let shape = ImageShape(width: side, height: side)
    let (rows, columns, walk) = RunPictures.layout(of: shape)
    #expect(rows >= 2 && columns >= 1 && walk >= 1)
    for count in [rows * columns, walk * walk] { #expect(count <= max(2, (1 << 26) / shape.featureCount)) }
  }
}
