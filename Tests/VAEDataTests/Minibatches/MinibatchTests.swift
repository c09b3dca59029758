import Testing
import VAEData
import VAEKernels

struct MinibatchTests {
  private let bytes = Dataset(bytes: smallImages(20), featureCount: 6)

  /// The same pixels as `bytes`, as floats.
  private let floats = Dataset(smallImages(20).map { Float($0) / 255 }, featureCount: 6)

  private func batch(
    _ data: Dataset, _ examples: [UInt32], _ binarization: Binarization, seed: UInt64 = 1, epoch: UInt32 = 1
  ) -> [Float] {
    // A wider buffer than the batch, so that a write beyond a row's end is seen.
    let columns = data.featureCount
    let width = columns + 3
    let buffer = AlignedBuffer(count: examples.count * width)
    buffer.base.update(repeating: -7, count: buffer.count)
    let stream = binarization.stream(seed: seed, purpose: .trainingBinarization, epoch: epoch)
    let rows = Matrix(buffer.base, rows: examples.count, columns: columns, stride: width)
    examples.withUnsafeBufferPointer { data.gather($0, binarization, stream, into: rows) }
    for row in 0..<examples.count {
      for column in columns..<width { #expect(buffer.base[row * width + column] == -7) }
    }
    return rows.copyElements()
  }

  @Test func rowsAreTheExamplesAskedFor() {
    let examples: [UInt32] = [19, 0, 3, 3]
    let all = smallImages(20)
    let expected = examples.flatMap { all[Int($0) * 6..<Int($0) * 6 + 6].map { Float($0) / 255 } }
    #expect(batch(bytes, examples, .none) == expected)
    #expect(batch(floats, examples, .none) == expected)
    #expect(batch(bytes, [], .none) == [])
  }

  @Test func thresholdIsOneHalf() {
    let edge = Dataset(bytes: [0, 127, 128, 255], featureCount: 4)
    #expect(batch(edge, [0], .threshold) == [0, 0, 1, 1])
    let floatEdge = Dataset([0, Float(0.5).nextDown, 0.5, 1], featureCount: 4)
    #expect(batch(floatEdge, [0], .threshold) == [0, 0, 1, 1])
  }

  @Test func staticIsDrawnOnceAndDynamicInEveryEpoch() {
    let examples = [UInt32](0..<20)
    #expect(batch(bytes, examples, .static, epoch: 1) == batch(bytes, examples, .static, epoch: 2))
    #expect(batch(bytes, examples, .static, seed: 1) != batch(bytes, examples, .static, seed: 2))
    #expect(batch(bytes, examples, .dynamic, epoch: 1) == batch(bytes, examples, .dynamic, epoch: 1))
    #expect(batch(bytes, examples, .dynamic, epoch: 1) != batch(bytes, examples, .dynamic, epoch: 2))
  }

  @Test func aDrawDependsOnTheExampleAlone() {
    let together = batch(bytes, [4, 9, 17], .dynamic)
    #expect(batch(bytes, [9], .dynamic) == Array(together[6..<12]))
    #expect(batch(floats, [4, 9, 17], .dynamic) == together)
  }

  /// A pixel of byte b is white with probability b / 255: never for 0, always for 255.
  @Test(arguments: [UInt8](arrayLiteral: 0, 1, 51, 128, 254, 255)) func drawsFollowThePixel(byte: UInt8) {
    let data = Dataset(bytes: [UInt8](repeating: byte, count: 40_000), featureCount: 400)
    let draws = batch(data, [UInt32](0..<100), .dynamic)
    #expect(draws.allSatisfy { $0 == 0 || $0 == 1 })
    let probability = Double(byte) / 255
    let share = Double(draws.reduce(0, +)) / 40_000
    // Five standard deviations of the share; exactly 0 for 0 and 255.
    let tolerance = 5 * (probability * (1 - probability) / 40_000).squareRoot()
    #expect(abs(share - probability) <= tolerance)
  }
}

struct EpochOrderTests {
  @Test func everyEpochIsAPermutationOfItsOwn() {
    var order = EpochOrder(count: 1000, seed: 1)
    var seen: Set<[UInt32]> = []
    for epoch in 1...3 as ClosedRange<UInt32> {
      order.shuffle(forEpoch: epoch)
      #expect(order.examples.sorted() == [UInt32](0..<1000))
      seen.insert(order.examples)
    }
    var other = EpochOrder(count: 1000, seed: 2)
    other.shuffle(forEpoch: 1)
    seen.insert(other.examples)
    #expect(seen.count == 4)
  }

  @Test func anEpochDoesNotDependOnThoseBefore() {
    var first = EpochOrder(count: 100, seed: 9)
    first.shuffle(forEpoch: 1)
    first.shuffle(forEpoch: 2)
    var second = EpochOrder(count: 100, seed: 9)
    second.shuffle(forEpoch: 2)
    #expect(first.examples == second.examples)
  }

  @Test func storageIsUsedAgain() {
    var order = EpochOrder(count: 100, seed: 9)
    let before = order.examples.withUnsafeBufferPointer { $0.baseAddress }
    order.shuffle(forEpoch: 1)
    #expect(order.examples.withUnsafeBufferPointer { $0.baseAddress } == before)
  }
}
