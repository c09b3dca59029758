import Foundation
import Testing
import VAEData

/// The folder with the real MNIST, where there is one.
private let mnist = ProcessInfo.processInfo.environment["VAE_MNIST"]

@Suite(.enabled(if: mnist != nil, "VAE_MNIST names no folder with MNIST"))
struct MNISTTests {
  @Test func itIsTheWholeOfIt() throws {
    let data = try DataSource.load(path: mnist, seed: 1)
    #expect(data.train.count == 60_000 && data.test.count == 10_000)
    #expect(data.train.imageShape == ImageShape(width: 28, height: 28))
    // The first ten labels, and the mean pixel that every tutorial subtracts.
    #expect(data.train.labels?.prefix(10) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    #expect(abs(data.train.mean().reduce(0, +) / 784 - 0.1307) < 5e-5)
    // CRC-32 of the pixels, by Python's zlib.
    #expect(data.train.fingerprint == "60000x784-bytes-f3639b56")
    #expect(data.test.fingerprint == "10000x784-bytes-e4ca5f57")
  }
}
