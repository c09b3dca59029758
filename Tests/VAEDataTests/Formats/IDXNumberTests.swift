import Foundation
import TestSupport
import Testing

@testable import VAEData

/// The types of number beside unsigned bytes.
struct IDXNumberTests {
  /// Numbers of a type that reach to its ends, as 32-bit floats.
  private static let numbers: [(type: IDXNumber, numbers: [Double])] = [
    (.signedByte, [-128, 127, 0, -1, 1, 100]),
    (.short, [-32768, 32767, 0, -1, 256, 255]),
    (.int, [-2_147_483_648, 16_777_216, 0, -1, 65536, 255]),
    (.float, [0.1, -1.5, 1e-40, 3e38, 0, 255].map { Double(Float($0)) }),
    (.double, [0.1, -1.5, 1e-30, 3e38, 0, 255]),
  ]

  @Test(arguments: numbers.indices, [false, true]) func othersAreFloatsAsTheyAre(index: Int, compressed: Bool) throws {
    let (type, numbers) = Self.numbers[index]
    let folder = try TemporaryFolder()
    let bytes = encodeIDX(numbers, as: type, shape: [2, 3])
    let images = try IDX.images(path: folder.write(compressed ? Gzip.compress(bytes) : bytes, to: "images"))
    #expect(images.type == type && images.bytes == nil && images.imageShape == nil)
    let labels = try IDX.labels(path: folder.write(IDX.encode([1, 2], shape: [2]), to: "labels"))
    let data = images.dataset(labels, name: "numbers")
    #expect(data.count == 2 && data.featureCount == 3 && data.labels == [1, 2])
    guard case .floats(let floats) = images.numbers else { return #expect(Bool(false), "bytes") }
    #expect(floats == numbers.map(Float.init))
    // Rows read where they lie take the other way.
    var read = [Float](repeating: 0, count: 6)
    encodeIDX(numbers, as: type, shape: [2, 3])[12...].withUnsafeBytes { type.inNumPy.floats(in: $0, into: &read) }
    #expect(read == floats)
  }

  @Test func bytesStayBytes() throws {
    let folder = try TemporaryFolder()
    let numbers = [0.0, 255, 1, 128, 7, 9]
    let images = try IDX.images(path: folder.write(encodeIDX(numbers, as: .unsignedByte, shape: [2, 3]), to: "images"))
    #expect(images.bytes == [0, 255, 1, 128, 7, 9])
  }

  /// More than one block of the reader, whose ends are no ends of rows.
  @Test func manyNumbersComeInOrder() throws {
    let folder = try TemporaryFolder()
    let numbers = (0..<300_001).map { Double($0 % 65_536 - 32_768) }
    let path = try folder.write(encodeIDX(numbers, as: .double, shape: [300_001, 1]), to: "images")
    guard case .floats(let floats) = try IDX.images(path: path).numbers else { return #expect(Bool(false), "bytes") }
    #expect(floats == numbers.map(Float.init))
  }

  /// A number that no 32-bit float is, and how it is told.
  private static let odd: [(type: IDXNumber, number: Double, found: String)] = [
    (.float, .nan, "nan"), (.float, -.infinity, "-inf"), (.double, .infinity, "inf"), (.double, 1e300, "1e+300"),
  ]

  @Test(arguments: odd.indices) func whatIsNotFiniteIsRefusedWithItsPlace(index: Int) throws {
    let (type, number, found) = Self.odd[index]
    let folder = try TemporaryFolder()
    // Beyond the first block.
    var numbers = [Double](repeating: 1, count: 300_000)
    numbers[299_998] = number
    let path = try folder.write(encodeIDX(numbers, as: type, shape: [1000, 10, 30]), to: "images")
    #expect(
      errorDescription { _ = try IDX.images(path: path) }
        == "\(path): example 999, feature 298: expected a finite number that a 32-bit float can hold, found \(found)")
  }
}
