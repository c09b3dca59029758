import Foundation
import TestSupport
import Testing

@testable import VAEData

struct DataSourceTests {
  /// The usual four files, small: 12 images of 2 × 3 to train on and 5 to test with.
  private func mnistLike(_ edit: (inout [String: [UInt8]]) -> Void = { _ in }) throws -> TemporaryFolder {
    var files: [String: [UInt8]] = [
      "train-images-idx3-ubyte": IDX.encode(smallImages(12), shape: [12, 2, 3]),
      "train-labels-idx1-ubyte": IDX.encode([UInt8](0..<12), shape: [12]),
      "t10k-images-idx3-ubyte": IDX.encode(smallImages(5), shape: [5, 2, 3]),
      "t10k-labels-idx1-ubyte": IDX.encode([UInt8](5..<10), shape: [5]),
    ]
    edit(&files)
    let folder = try TemporaryFolder()
    for (name, bytes) in files { _ = try folder.write(bytes, to: name) }
    return folder
  }

  private func message(_ path: String) -> String {
    errorDescription { _ = try DataSource.load(path: path, seed: 1) }
  }

  @Test func folderOfFour() throws {
    let folder = try mnistLike()
    let data = try DataSource.load(path: folder.path, seed: 1)
    #expect(data.train.count == 12 && data.test.count == 5)
    #expect(data.train.imageShape == ImageShape(width: 3, height: 2))
    #expect(data.train.labels == [UInt8](0..<12) && data.test.labels == [5, 6, 7, 8, 9])
    #expect(data.source == folder.path)
  }

  @Test func namesWithDotsAndGzip() throws {
    let folder = try mnistLike { files in
      files = Dictionary(
        uniqueKeysWithValues: files.map { name, bytes in
          (name.replacing("-idx", with: ".idx") + ".gz", Gzip.compress(bytes))
        })
    }
    let data = try DataSource.load(path: folder.path + "/", seed: 1)
    #expect(data.train.count == 12 && data.train.labels?.count == 12)
    #expect(data.test.count == 5 && data.test.labels?.count == 5)
  }

  @Test func namesInCapitals() throws {
    let folder = try mnistLike { files in
      files = Dictionary(uniqueKeysWithValues: files.map { ("\($0.uppercased()).GZ", Gzip.compress($1)) })
    }
    #expect(try DataSource.load(path: folder.path, seed: 1).test.labels?.count == 5)
  }

  @Test func labelsMayBeMissing() throws {
    let folder = try mnistLike { $0["train-labels-idx1-ubyte"] = nil }
    let data = try DataSource.load(path: folder.path, seed: 1)
    #expect(data.train.labels == nil && data.test.labels?.count == 5)
  }

  @Test func allIsWhatAFileHoldsInItsOrder() throws {
    let folder = try TemporaryFolder()
    let images = smallImages(40)
    let path = try folder.write(IDX.encode(images, shape: [40, 2, 3]), to: "some.idx")
    let all = try DataSource.loadAll(path: path, seed: 1)
    #expect(all.fingerprint == Dataset(bytes: images, featureCount: 6).fingerprint)
    // One example cannot be split, but it can be looked at.
    let single = try folder.write(IDX.encode(smallImages(1), shape: [1, 2, 3]), to: "one.idx")
    #expect(try DataSource.loadAll(path: single, seed: 1).count == 1)
  }

  @Test func allOfAFolderIsTheTrainingSetAndThenTheTestSet() throws {
    let folder = try mnistLike()
    let all = try DataSource.loadAll(path: folder.path, seed: 1)
    #expect(all.count == 17 && all.labels == [UInt8](0..<12) + [5, 6, 7, 8, 9])
    #expect(all.imageShape == ImageShape(width: 3, height: 2) && all.name == folder.path)
    #expect(all.fingerprint == Dataset(bytes: smallImages(12) + smallImages(5), featureCount: 6).fingerprint)
    let unlabelled = try mnistLike { $0["train-labels-idx1-ubyte"] = nil }
    #expect(try DataSource.loadAll(path: unlabelled.path, seed: 1).labels == nil)
  }

  @Test func aFileOfImagesHasTheLabelsBesideIt() throws {
    let folder = try mnistLike { $0["train-images-idx3-ubyte"]?.append(0) }
    let path = folder.path(of: "train-images-idx3-ubyte")
    #expect(try DataSource.loadAll(path: path, seed: 1).labels == [UInt8](0..<12))
    let split = try DataSource.load(path: path, seed: 1)
    #expect(split.train.count + split.test.count == 12 && split.train.labels?.count == split.train.count)
    for place in [path, folder.path] {
      #expect(
        try DataSource.load(path: place, seed: 1).remarks == ["\(path): 1 byte behind the last number passed over"])
    }
  }

  @Test func picturesAreTransposedWhereThatIsAskedFor() throws {
    let folder = try mnistLike()
    var reading = DataReading()
    reading.isTransposed = true
    for name in ["", "t10k-images-idx3-ubyte"] {
      let split = try DataSource(path: folder.path(of: name), reading: reading, seed: 1).split()
      #expect(split.test.imageShape == ImageShape(width: 2, height: 3))
    }
  }

  @Test func oneFileIsSplitBySeed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(IDX.encode(smallImages(40), shape: [40, 2, 3]), to: "some.idx")
    let data = try DataSource.load(path: path, seed: 1)
    #expect(data.train.count == 36 && data.test.count == 4)
    #expect(data.train.labels == nil)
    #expect(try DataSource.load(path: path, testFraction: 0.25, seed: 1).test.count == 10)
    #expect(try DataSource.load(path: path, seed: 1).test.fingerprint == data.test.fingerprint)
    #expect(try DataSource.load(path: path, seed: 2).test.fingerprint != data.test.fingerprint)
  }

  @Test func oneExampleCannotBeSplit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(IDX.encode(smallImages(1), shape: [1, 2, 3]), to: "one.idx")
    #expect(message(path).hasPrefix("\(path): expected at least two examples"))
  }

  @Test func missingPaths() throws {
    let folder = try mnistLike { $0["t10k-images-idx3-ubyte"] = nil }
    let nowhere = folder.path(of: "nowhere")
    #expect(message(nowhere) == "\(nowhere): expected a folder or a file with data, found no such file or folder")
    #expect(message("") == "\"\": expected a folder or a file with data, found no such file or folder")
    #expect(
      message(folder.path)
        == "\(folder.path): expected a file t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz, found none")
    let empty = try TemporaryFolder()
    #expect(message(empty.path).hasSuffix("train-images-idx3-ubyte.gz, found an empty folder"))
  }

  @Test func labelsMustMatchImages() throws {
    let folder = try mnistLike { $0["train-labels-idx1-ubyte"] = IDX.encode([1, 2, 3], shape: [3]) }
    let images = folder.path(of: "train-images-idx3-ubyte")
    let labels = folder.path(of: "train-labels-idx1-ubyte")
    #expect(message(folder.path) == "\(labels): header: expected 12 labels, one for each image of \(images), found 3")
  }

  @Test func trainingAndTestImagesMustBeOfOneSize() throws {
    let folder = try mnistLike { $0["t10k-images-idx3-ubyte"] = IDX.encode(smallImages(5), shape: [5, 3, 2]) }
    let message = message(folder.path)
    #expect(message.hasPrefix("\(folder.path(of: "t10k-images-idx3-ubyte")): header: expected images of 3 × 2 pixels"))
    #expect(message.hasSuffix("found images of 2 × 3 pixels"))
  }

  @Test func labelsInTheImagesPlaceAreRefused() throws {
    let folder = try mnistLike { $0["train-images-idx3-ubyte"] = $0["train-labels-idx1-ubyte"] }
    #expect(message(folder.path).contains("found labels, beginning with 00 00 08 01"))
  }

  @Test(.enabled(if: geteuid() != 0, "root may read every file"))
  func unreadableFilesAreNamed() throws {
    let folder = try mnistLike()
    let path = folder.path(of: "train-images-idx3-ubyte")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    #expect(message(folder.path) == "\(path): cannot open the file: permission denied")
  }

  @Test func devicesAreNotFiles() {
    #expect(
      message("/dev/null").hasPrefix(
        "/dev/null: expected a table, an array, a matrix or pictures in a known format, found nothing"))
  }
}
