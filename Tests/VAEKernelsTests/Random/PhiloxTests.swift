import CVectorMath
import Testing

@testable import VAEKernels

/// The scalar generator against the published vectors; the vectorised ones against the scalar one.
@Suite struct PhiloxTests {
  /// A row of "kat_vectors" as published with Random123 (Salmon et al. 2011) for philox4x32-10.
  struct KnownAnswer {
    var counter: SIMD4<UInt32>
    var key: SIMD2<UInt32>
    var words: SIMD4<UInt32>
  }

  static let knownAnswers = [
    KnownAnswer(
      counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0),
      words: SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
    KnownAnswer(
      counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max),
      words: SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)),
    KnownAnswer(
      counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0),
      words: SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)),
  ]

  @Test func scalarGivesThePublishedWords() {
    for answer in Self.knownAnswers {
      #expect(Philox.block(counter: answer.counter, key: answer.key) == answer.words)
    }
  }

  /// Only the first vector has a block index that a short row reaches; the others are covered by the scalar
  /// generator, and this one's agreement with it below.
  @Test func vectorisedGivesThePublishedWords() throws {
    let answer = Self.knownAnswers[0]
    var index: Int32 = 0
    while let table = vm_supported(index) {
      var row = [Float](repeating: -1, count: 4)
      let stream = vm_random_stream(seed: 0, epoch: answer.counter[2], purpose_and_sample: answer.counter[3])
      table.pointee.uniform(&row, 4, 1, 4, stream, [answer.counter[1]])
      #expect(row.map { UInt32($0 * 0x1p24) } == (0..<4).map { answer.words[$0] >> 8 })
      index += 1
    }
    #expect(index == Int32(VectorMath.supported.count))
  }

  /// Counters and keys with every bit in play, long and short rows.
  @Test(arguments: [1, 2, 3, 4, 7, 8, 20, 31, 32, 33, 64, 100, 784])
  func vectorisedAgreesWithScalar(columns: Int) {
    let stream = RandomStream(
      seed: 0x299f_31d0_a409_3822, purpose: .user, epoch: 0xfedc_ba98, sample: 0x00ab_cdef)
    let examples: [UInt32] = [0, 0xffff_ffff, 0x85a3_08d3, 17, 5]
    for copy in VectorMath.supported {
      let rows = drawUniform(copy, stream, examples: examples, columns: columns)
      for (row, example) in zip(rows, examples) {
        let words = (0..<columns).map { stream.words(example: example, block: UInt32($0 / 4))[$0 % 4] }
        #expect(row == words.map { Float($0 >> 8) * 0x1p-24 }, "\(copy.instructionSet)")
      }
    }
  }
}

/// One row of uniform numbers for each example.
func drawUniform(
  _ copy: VectorMath, _ stream: RandomStream, examples: [UInt32], columns: Int
) -> [[Float]] {
  draw(examples: examples, columns: columns) { copy.fillUniform($0, stream, examples: $1) }
}

/// One row of normal numbers for each example.
func drawNormal(
  _ copy: VectorMath, _ stream: RandomStream, examples: [UInt32], columns: Int
) -> [[Float]] {
  draw(examples: examples, columns: columns) { copy.fillNormal($0, stream, examples: $1) }
}

private func draw(
  examples: [UInt32], columns: Int, _ fill: (Matrix, UnsafeBufferPointer<UInt32>) -> Void
) -> [[Float]] {
  let grid = GuardedMatrix(rows: examples.count, columns: columns) { _, _ in -1 }
  examples.withUnsafeBufferPointer { fill(grid.matrix, $0) }
  #expect(grid.isIntactAround)
  return (0..<examples.count).map(grid.row)
}
