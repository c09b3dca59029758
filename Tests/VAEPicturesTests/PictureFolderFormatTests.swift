import TestSupport
import Testing
import VAEData

@testable import VAEPictures

/// Which folders are ones of pictures.
struct PictureFolderFormatTests {
  private func isOfPictures(_ names: [String]) throws -> Bool {
    let folder = try TemporaryFolder()
    for name in names { try folder.write([0], to: name) }
    return try PictureFolderFormat().recognizes(DataProbe(path: folder.path))
  }

  @Test(arguments: [
    ["cat-images/1.png", "dog-images/1.png"], ["my-images.png"], ["train-images.jpg", "readme.txt"],
    ["a-ubyte.png", "b-idx3-ubyte.jpg"], ["x-ubyte/1.png"], ["train-images-idx3-ubyte/1.png"], ["idx3/1.png"],
  ])
  func namesLikeIDXDoNotMatter(names: [String]) throws {
    #expect(try isOfPictures(names))
    let folder = try TemporaryFolder()
    for name in names where name.hasSuffix("g") { try folder.write(Picture.test(3, 2).png, to: name) }
    let source = DataSource(
      path: folder.path, seed: 1, formats: [PictureFolderFormat()] + DataFormats.standard)
    #expect(try source.all().imageShape == ImageShape(width: 3, height: 2))
  }

  @Test(arguments: [
    ["train-images-idx3-ubyte", "1.png"], ["t10k-images.idx3-ubyte.gz"], ["QMNIST-train-labels-IDX2-int"],
    ["images-ubyte"], ["train-images-idx3-ubyte/train-images-idx3-ubyte"],
    ["emnist-letters-train-images-idx3-ubyte/emnist-letters-train-images-idx3-ubyte.gz"],
  ])
  func foldersOfIDXFilesAreNone(names: [String]) throws { #expect(try !isOfPictures(names)) }
}
