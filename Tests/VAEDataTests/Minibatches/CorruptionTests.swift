import Testing
import VAEData
import VAEKernels

/// What an encoder sees in place of its examples.
struct CorruptionTests {
  private func corrupted(_ corruption: Corruption, epoch: UInt32 = 1) -> [Float] {
    let (rows, columns) = (50, 200)
    let buffer = AlignedBuffer(count: 2 * rows * columns)
    let clean = Matrix(buffer.base, rows: rows, columns: columns)
    let batch = Matrix(buffer.base + rows * columns, rows: rows, columns: columns)
    clean.fill(0.5)
    (0..<rows).map { UInt32($0) }.withUnsafeBufferPointer {
      corruption.apply(
        to: clean, RandomStream(seed: 1, purpose: .corruption, epoch: epoch), examples: $0, into: batch)
    }
    return batch.copyElements()
  }

  @Test func maskingKeepsAShare() {
    let found = corrupted(Corruption(.masking, amount: 0.3))
    let zeros = found.count { $0 == 0 }
    #expect(found.allSatisfy { $0 == 0 || $0 == 0.5 })
    // 10,000 draws: a deviation of 46.
    #expect(abs(zeros - 3000) < 250)
  }

  @Test func gaussianAddsItsDeviation() {
    let found = corrupted(Corruption(.gaussian, amount: 0.2)).map { Double($0) - 0.5 }
    let mean = found.reduce(0, +) / Double(found.count)
    let variance = found.reduce(0) { $0 + $1 * $1 } / Double(found.count)
    #expect(abs(mean) < 0.01 && abs(variance - 0.04) < 0.003)
  }

  @Test func everyEpochIsAnother() {
    let corruption = Corruption(.masking, amount: 0.5)
    #expect(corrupted(corruption) == corrupted(corruption))
    #expect(corrupted(corruption) != corrupted(corruption, epoch: 2))
    #expect(corrupted(.none).allSatisfy { $0 == 0.5 })
  }
}
