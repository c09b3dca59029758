import Foundation
import Testing

@testable import VAEData

struct DatasetTests {
  private let bytes = Dataset(
    bytes: smallImages(300), featureCount: 6, imageShape: ImageShape(width: 3, height: 2),
    labels: (0..<300).map { UInt8($0 % 10) })

  @Test func subsetKeepsRowsAndLabelsTogether() throws {
    let part = bytes.subset([7, 0, 7])
    #expect(part.count == 3)
    #expect(part.labels == [7, 0, 7])
    #expect(part.imageShape == bytes.imageShape)
    guard let rows = part.ownBytes else { throw Unexpected() }
    let all = smallImages(300)
    let expected = [7, 0, 7].flatMap { all[$0 * 6..<$0 * 6 + 6] }
    #expect(rows == expected)

    let floats = Dataset([0, 1, 2, 3], featureCount: 2).subset([1])
    let values = floats.allNumbers
    #expect(values == [2, 3])
    #expect(bytes.subset([]).count == 0)
  }

  /// 300 examples: more than one block of rows, and a short one.
  @Test func meanIsThatOfThePixels() {
    let all = smallImages(300)
    for (feature, mean) in bytes.mean().enumerated() {
      let sum = stride(from: feature, to: all.count, by: 6).reduce(0) { $0 + Int(all[$1]) }
      #expect(abs(Double(mean) - Double(sum) / (300 * 255)) < 1e-6)
    }
    #expect(Dataset([1, -2, 3, 4], featureCount: 2).mean() == [2, 1])
    #expect(bytes.subset([]).mean() == [Float](repeating: 0, count: 6))
  }

  @Test func fingerprintTellsDataApart() {
    // CRC-32 of "123456789", the check value that every description of it gives.
    #expect(Dataset(bytes: Array("123456789".utf8), featureCount: 3).fingerprint == "3x3-bytes-cbf43926")
    var other = smallImages(300)
    other[1799] ^= 1
    #expect(Dataset(bytes: other, featureCount: 6).fingerprint != bytes.fingerprint)
    #expect(Dataset(bytes: smallImages(300), featureCount: 3).fingerprint != bytes.fingerprint)
    #expect(Dataset(bytes: smallImages(300), featureCount: 6).fingerprint == bytes.fingerprint)
    #expect(Dataset([Float](repeating: 0, count: 4), featureCount: 2).fingerprint.hasPrefix("2x2-floats-"))
  }

  /// Labels have a fingerprint of their own; that of the data is the same with any labels, or none.
  @Test func fingerprintOfLabels() {
    let digits = Array("123456789".utf8)
    let labelled = Dataset(bytes: digits, featureCount: 1, labels: digits)
    #expect(labelled.labelFingerprint == "9-labels-cbf43926")
    let plain = Dataset(bytes: digits, featureCount: 1)
    #expect(plain.labelFingerprint == nil)
    #expect(plain.fingerprint == labelled.fingerprint)
    let split = { (train: Dataset, test: Dataset) in
      DataSplit(train: train, test: test, source: "digits").labelFingerprint
    }
    #expect(split(plain, plain) == nil)
    #expect(split(labelled, plain) == "train 9-labels-cbf43926, test none")
    #expect(split(labelled, labelled) == "train 9-labels-cbf43926, test 9-labels-cbf43926")
  }

  @Test func splitIsAPartition() {
    let (kept, heldOut) = bytes.split(heldOutCount: 40, seed: 5)
    #expect(heldOut.count == 40)
    #expect(rows(kept).union(rows(heldOut)) == rows(bytes))
    #expect(kept.count + heldOut.count == 300)
    #expect(bytes.split(heldOutCount: 40, seed: 5).heldOut.fingerprint == heldOut.fingerprint)
    #expect(bytes.split(heldOutCount: 40, seed: 6).heldOut.fingerprint != heldOut.fingerprint)
    #expect(bytes.split(heldOutFraction: 0.1, seed: 5).heldOut.count == 30)
    #expect(bytes.split(heldOutFraction: 1e-9, seed: 5).heldOut.count == 1)
    #expect(bytes.split(heldOutFraction: 0.999_999, seed: 5).kept.count == 1)
  }

  @Test func valuesOutsideARangeAreFound() throws {
    let data = Dataset([0, 1, 0.5, .nan], featureCount: 2)
    let found = try #require(data.firstValue(outside: 0...1))
    #expect(found.example == 1 && found.feature == 1 && found.value.isNaN)
    #expect(Dataset([0, 1], featureCount: 2).firstValue(outside: 0...1) == nil)
    #expect(bytes.firstValue(outside: 0...1) == nil)
    #expect(bytes.firstValue(outside: 0...0.5)?.value == Float(159) / 255)
  }

  /// The rows as a set; they all differ up to the 128th, after which they repeat with the bytes.
  private func rows(_ data: Dataset) -> Set<[UInt8]> {
    guard let bytes = data.ownBytes else { return [] }
    return Set(stride(from: 0, to: bytes.count, by: 6).map { Array(bytes[$0..<$0 + 6]) })
  }

  private struct Unexpected: Error {}

  /// Over more than one block of rows.
  @Test func varianceIsAboutTheMean() {
    let count = 600
    let values: [Float] = (0..<count).flatMap { [Float($0 % 3), 7] }
    let variance = Dataset(values, featureCount: 2).variance()
    #expect(abs(variance[0] - 2.0 / 3) < 1e-5 && variance[1] == 0)
  }
}
