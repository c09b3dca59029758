import Foundation
import Testing

@testable import VAEKernels

/// Distances, keys and the convolution of a grid, for every instruction set.
@Suite struct VectorMathNeighborTests {
  @Test(arguments: [(1, 1, 1), (3, 5, 17), (4, 2, 31), (9, 10, 100), (6, 1, 64)])
  func squaredDistances(queryCount: Int, dimension: Int, count: Int) {
    let points = GuardedMatrix(rows: dimension, columns: count, LoopFixture.numbers(-3, 3, seed: 1))
    let queries = GuardedMatrix(rows: queryCount, columns: dimension, LoopFixture.numbers(-3, 3, seed: 2))
    // One of the points itself.
    for index in 0..<dimension { queries.matrix[0, index] = points.matrix[index, count - 1] }
    for math in VectorMath.supported {
      let out = GuardedMatrix(rows: queryCount, columns: count) { _, _ in .nan }
      math.squaredDistances(ofColumns: points.matrix, from: queries.matrix, into: out.matrix)
      for query in 0..<queryCount {
        for point in 0..<count {
          let exact = (0..<dimension).reduce(0.0) { sum, index in
            let difference = Double(points.matrix[index, point]) - Double(queries.matrix[query, index])
            return sum + difference * difference
          }
          #expect(
            LoopFixture.isNear(out.matrix[query, point], exact, tolerance: LoopFixture.sumTolerance),
            "\(math.instructionSet)")
        }
      }
      #expect(out.matrix[0, count - 1] == 0 && out.isIntactAround)
    }
  }

  @Test(arguments: [1, 15, 64, 200]) func keysWithin(count: Int) {
    let distances = (0..<count).map { Float($0 * 7919 % 101) }
    for math in VectorMath.supported {
      for bound: Float in [-1, 0, 3, 50, .infinity] {
        var keys = [UInt64](repeating: 0, count: count)
        let found = math.selectWithin(bound, distances, count: count, first: 1000, into: &keys)
        let expected = distances.indices.filter { distances[$0] <= bound }
        #expect(keys[..<found].map { Int($0 & 0xFFFF_FFFF) } == expected.map { 1000 + $0 })
        #expect(keys[..<found].map { Float(bitPattern: UInt32($0 >> 32)) } == expected.map { distances[$0] })
      }
    }
    var none = [UInt64](repeating: 0, count: 1)
    #expect(VectorMath.active.selectWithin(1, [.nan], count: 1, first: 0, into: &none) == 0)
  }

  /// A grid convolved with an even kernel by transforms of different lengths along its axes, against the sums.
  @Test(arguments: [(64, 96, 31, 40), (96, 64, 48, 32), (192, 128, 5, 64)])
  func convolution(rowLength: Int, columnLength: Int, rows: Int, columns: Int) {
    func kernel(_ down: Int, _ across: Int) -> Double { 1 / (1 + 0.1 * Double(down * down + across * across)) }
    func twiddles(_ length: Int) -> [Float] {
      (0..<length).flatMap { place -> [Float] in
        let angle = 2 * .pi * Double(place) / Double(length)
        return [Float(cos(angle)), Float(-sin(angle))]
      }
    }
    // A few charges, so that the sums are quick.
    let charges = [(0, 0, 1.0), (rows - 1, columns - 1, 2.0), (rows / 2, 3, -1.5), (1, columns / 2, 0.25)]
    let (ofRows, ofColumns) = (twiddles(rowLength), twiddles(columnLength))
    for math in VectorMath.supported {
      let width = math.width
      let stride = (columns + width - 1) / width * width
      let spectrumStride = columnLength / 2 + width
      let blocks = (rowLength / 2 + width) / width
      let grid = AlignedBuffer(count: rows * stride)
      let spectrum = AlignedBuffer(count: blocks * width * 2 * spectrumStride)
      let transform = AlignedBuffer(count: blocks * width * columnLength)
      let work = AlignedBuffer(count: 4 * max(rowLength, columnLength) * width)
      let column = AlignedBuffer(count: rowLength * width)
      for block in starts(upTo: columnLength / 2 + 1, by: width) {
        for row in 0..<rowLength {
          for lane in 0..<width {
            column.base[row * width + lane] = Float(kernel(min(row, rowLength - row), block + lane))
          }
        }
        math.transformColumns(
          column.base, stride: width, rows: rowLength, length: rowLength, twiddles: ofRows,
          into: spectrum.base + block, stride: spectrumStride, work: work.base)
      }
      for block in 0..<blocks {
        math.transformKernelRows(
          spectrum.base + block * width * 2 * spectrumStride, stride: spectrumStride, length: columnLength,
          twiddles: ofColumns, into: transform.base + block * columnLength * width, work: work.base)
      }
      for (row, column, charge) in charges { grid.base[row * stride + column] = Float(charge) }
      for block in starts(upTo: stride, by: width) {
        math.transformColumns(
          grid.base + block, stride: stride, rows: rows, length: rowLength, twiddles: ofRows,
          into: spectrum.base + block, stride: spectrumStride, work: work.base)
      }
      for block in 0..<blocks {
        math.convolveRows(
          spectrum.base + block * width * 2 * spectrumStride, stride: spectrumStride, columns: stride,
          length: columnLength, twiddles: ofColumns, kernel: transform.base + block * columnLength * width,
          work: work.base)
      }
      for block in starts(upTo: stride, by: width) {
        math.transformColumnsBack(
          spectrum.base + block, stride: spectrumStride, length: rowLength, twiddles: ofRows,
          into: grid.base + block, stride: stride, rows: rows, work: work.base)
      }
      var worst = 0.0
      for row in 0..<rows {
        for column in 0..<columns {
          let exact = charges.reduce(0.0) { $0 + $1.2 * kernel(row - $1.0, column - $1.1) }
          let found = Double(grid.base[row * stride + column]) / Double(rowLength * columnLength)
          worst = max(worst, abs(found - exact))
        }
      }
      // Charges of about 1, a dozen passes of roundings.
      #expect(worst < 3e-6, "\(math.instructionSet): \(worst)")
    }
  }

  private func starts(upTo end: Int, by step: Int) -> [Int] { Array(stride(from: 0, to: end, by: step)) }
}
