import Foundation
import TestSupport
import Testing

@testable import VAEData

/// A file of images given by itself.
struct IDXFileTests {
  private func folder(labels: [UInt8]?, to name: String = "train-labels-idx1-ubyte") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(IDX.encode(smallImages(4), shape: [4, 2, 3]), to: "train-images-idx3-ubyte")
    try folder.write(IDX.encode(smallImages(2), shape: [2, 2, 3]), to: "t10k-images-idx3-ubyte")
    try folder.write(IDX.encode([8, 9], shape: [2]), to: "t10k-labels-idx1-ubyte")
    if let labels { try folder.write(labels, to: name) }
    return folder
  }

  @Test(arguments: ["train-labels-idx1-ubyte", "train-labels.idx1-ubyte", "TRAIN-LABELS-IDX1-UBYTE"])
  func labelsBesideItAreTakenAlong(name: String) throws {
    let folder = try folder(labels: IDX.encode([1, 2, 3, 4], shape: [4]), to: name)
    let path = folder.path(of: "train-images-idx3-ubyte")
    let (data, remarks) = try IDXFile(path: path).read()
    #expect(data.labels == [1, 2, 3, 4] && data.count == 4 && data.name == path && remarks.isEmpty)
    #expect(try IDXFile(path: folder.path(of: "t10k-images-idx3-ubyte")).read().data.labels == [8, 9])
  }

  @Test func thoseOfOthersAreNot() throws {
    let folder = try folder(labels: nil)
    #expect(try IDXFile(path: folder.path(of: "train-images-idx3-ubyte")).read().data.labels == nil)
    let other = try folder.write(
      IDX.encode(smallImages(2), shape: [2, 2, 3]), to: "emnist-mnist-t10k-images-idx3-ubyte")
    #expect(try IDXFile(path: other).read().data.labels == nil)
    let odd = try folder.write(IDX.encode(smallImages(2), shape: [2, 2, 3]), to: "pictures")
    let (data, remarks) = try IDXFile(path: odd).read()
    #expect(data.labels == nil && remarks.isEmpty)
  }

  @Test func labelsThatDoNotFitAreLeftWithARemark() throws {
    let folder = try folder(labels: IDX.encode([1, 2, 3], shape: [3]))
    let path = folder.path(of: "train-images-idx3-ubyte")
    let labels = folder.path(of: "train-labels-idx1-ubyte")
    let (data, remarks) = try IDXFile(path: path).read()
    #expect(data.labels == nil && data.count == 4)
    #expect(
      remarks == [
        "\(path): read without labels: \(labels): header: expected 4 labels, one for each image of \(path), found 3"
      ])
    try folder.write(Array("no labels".utf8), to: "train-labels-idx1-ubyte")
    let broken = try IDXFile(path: path).read()
    #expect(broken.data.labels == nil && broken.remarks.count == 1)
  }

  @Test func aPathMayBeABareName() throws {
    let folder = try folder(labels: IDX.encode([1, 2, 3, 4], shape: [4]))
    // Within the current folder, which tests share and none may change, a path that leads out of it has to do.
    let relative = String(repeating: "../", count: 40) + folder.path(of: "train-images-idx3-ubyte").dropFirst()
    #expect(try IDXFile(path: relative).read().data.labels == [1, 2, 3, 4])
  }

  @Test func remarksAreCollected() throws {
    let folder = try folder(labels: IDX.encode([1, 2, 3, 4], shape: [4]) + [0])
    let path = try folder.write(IDX.encode(smallImages(4), shape: [4, 2, 3]) + [0], to: "train-images-idx3-ubyte")
    let (data, remarks) = try IDXFile(path: path).read()
    #expect(data.labels?.count == 4)
    #expect(
      remarks
        == [path, folder.path(of: "train-labels-idx1-ubyte")].map {
          "\($0): 1 byte behind the last number passed over"
        })
  }

  @Test func emnistIsRecognisedByItsName() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Gzip.compress(IDX.encode([1, 2, 3, 4, 5, 6], shape: [1, 2, 3])), to: "emnist-digits-test-images-idx3-ubyte.gz")
    let (asItIs, remarks) = try IDXFile(path: path).read()
    #expect(remarks == ["\(path): EMNIST's pictures lie on their sides; --transpose-images sets them upright"])
    #expect(asItIs.fingerprint == Dataset(bytes: [1, 2, 3, 4, 5, 6], featureCount: 6).fingerprint)
    let (upright, none) = try IDXFile(path: path, transposed: true).read()
    #expect(none.isEmpty && upright.imageShape == ImageShape(width: 2, height: 3))
    #expect(upright.fingerprint == Dataset(bytes: [1, 4, 2, 5, 3, 6], featureCount: 6).fingerprint)
    let vectors = try folder.write(IDX.encode([1, 2], shape: [1, 2]), to: "emnist-digits-train-images-idx2-ubyte")
    #expect(try IDXFile(path: vectors).read().remarks.isEmpty)
  }
}
