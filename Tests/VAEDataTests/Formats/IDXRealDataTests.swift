import Foundation
import Testing

@testable import VAEData

private let environment = ProcessInfo.processInfo.environment
private let data = environment["VAE_DATA"].flatMap { $0.isEmpty ? nil : $0 }
private let mnist = environment["VAE_MNIST"].flatMap { $0.isEmpty ? nil : $0 }

/// Files as they are found.
struct IDXRealDataTests {
  @Test(.enabled(if: data != nil, "VAE_DATA names no folder with data")) func freyFaces() throws {
    let path = Folder.path(of: "fields/frey-faces/freyfaces-idx3-ubyte.gz", in: data!)
    let header = try IDXHeader(path: path)
    #expect(header.shape == [1965, 28, 20] && header.type == .unsignedByte && header.isCompressed)
    let (faces, remarks) = try IDXFile(path: path).read()
    #expect(faces.count == 1965 && faces.imageShape == ImageShape(width: 20, height: 28))
    #expect(faces.labels == nil && remarks.isEmpty)
    // Turned twice is as before.
    let lying = try IDX.images(path: path, transposed: true)
    #expect(lying.imageShape == ImageShape(width: 28, height: 20))
    let upright = try IDX.images(path: path)
    let (turned, straight) = (try #require(lying.bytes), try #require(upright.bytes))
    for (row, column) in [(0, 0), (27, 19), (3, 17), (14, 2)] {
      #expect(turned[1964 * 560 + column * 28 + row] == straight[1964 * 560 + row * 20 + column])
    }
  }

  @Test(.enabled(if: mnist != nil, "VAE_MNIST names no folder with MNIST")) func digitsBesideTheirLabels() throws {
    let whole = try IDXFolder(path: mnist!).read()
    #expect(whole.remarks.isEmpty && whole.train.count == 60_000)
    let digits = try #require(whole.test)
    let path = digits.name
    let (test, none) = try IDXFile(path: path).read()
    #expect(none.isEmpty && test.labels == digits.labels && test.labels?.prefix(5) == [7, 2, 1, 0, 4])
    #expect(test.fingerprint == digits.fingerprint)
  }
}
