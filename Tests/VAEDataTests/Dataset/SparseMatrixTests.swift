import Testing
import VAEKernels

@testable import VAEData

struct SparseMatrixTests {
  /// [[0, 1, 0, 2], [0, 0, 0, 0], [3, 0, 4, 0]]
  private let matrix = SparseMatrix(
    rowCount: 3, columnCount: 4, rowStarts: [0, 2, 2, 4], columns: [1, 3, 0, 2], values: [1, 2, 3, 4])
  private let dense: [Float] = [0, 1, 0, 2, 0, 0, 0, 0, 3, 0, 4, 0]

  @Test func rowsAreThoseInFull() {
    #expect(matrix.stored == 4)
    #expect(matrix.rows(0..<3) == dense)
    #expect(matrix.rows(1..<3) == Array(dense[4...]))
    #expect(matrix.rows(3..<3) == [])
  }

  /// Into rows that lie apart, over what was there, and leaving alone what is between them.
  @Test func rowsOverwriteABatch() {
    var floats = [Float](repeating: 9, count: 12)
    floats.withUnsafeMutableBufferPointer { floats in
      let batch = Matrix(floats.baseAddress!, rows: 2, columns: 4, stride: 6)
      let rows: [UInt32] = [2, 0]
      rows.withUnsafeBufferPointer { matrix.rows($0, into: batch) }
    }
    #expect(floats == [3, 0, 4, 0, 9, 9, 0, 1, 0, 2, 9, 9])
  }

  @Test func otherWaysGiveTheSame() {
    #expect(
      SparseMatrix(
        columnMajor: [0, 1, 2, 3, 4], rows: [2, 0, 2, 0], values: [3, 1, 4, 2], rowCount: 3, columnCount: 4)
        == matrix)
    #expect(
      SparseMatrix(rowCount: 3, columnCount: 4, rows: [2, 0, 2, 0], columns: [2, 3, 0, 1], values: [4, 2, 3, 1])
        == matrix)
    #expect(
      SparseMatrix(
        rowCount: 3, columnCount: 4, rowStarts: [0, 2, 2, 4], columns: [3, 1, 2, 0], values: [2, 1, 4, 3]) == matrix)
    let transposed = SparseMatrix(
      rowCount: 4, columnCount: 3, rowStarts: [0, 1, 2, 3, 4], columns: [2, 0, 2, 0], values: [3, 1, 4, 2])
    #expect(matrix.transposed == transposed && transposed.transposed == matrix)
  }

  /// In the order in which they come: in floats that can be told.
  @Test func elementsOfOnePlaceAreAddedUp() {
    let made = SparseMatrix(
      rowCount: 2, columnCount: 3, rows: [1, 0, 1, 1, 1], columns: [2, 0, 2, 1, 2], values: [1e8, 5, 1, 7, -1e8])
    #expect(made.rowStarts == [0, 1, 3] && made.columns == [0, 1, 2] && made.values == [5, 7, 0])
  }

  /// Against a table filled in by hand, with rows and columns of none and of several.
  @Test func randomElementsAreWhereTheyShouldBe() {
    var random = RandomSequence(RandomStream(seed: 3, purpose: .user))
    for (rowCount, columnCount, count) in [(1, 1, 3), (7, 5, 0), (5, 7, 20), (1, 40, 60), (40, 1, 60), (13, 17, 400)] {
      var table = [Float](repeating: 0, count: rowCount * columnCount)
      var (rows, columns, values) = ([UInt32](), [UInt32](), [Float]())
      for _ in 0..<count {
        let (row, column) = (random.integer(below: UInt32(rowCount)), random.integer(below: UInt32(columnCount)))
        let value = Float(random.integer(below: 9))
        rows.append(row)
        columns.append(column)
        values.append(value)
        table[Int(row) * columnCount + Int(column)] += value
      }
      let matrix = SparseMatrix(
        rowCount: rowCount, columnCount: columnCount, rows: rows, columns: columns, values: values)
      #expect(matrix.rows(0..<rowCount) == table)
      #expect(matrix.stored == Set(zip(rows, columns).map { Int($0) * columnCount + Int($1) }).count)
      for row in 0..<rowCount {
        let places = matrix.columns[matrix.rowStarts[row]..<matrix.rowStarts[row + 1]]
        #expect(Array(places) == Set(places).sorted())
      }
      let transposed = matrix.transposed.rows(0..<columnCount)
      for row in 0..<rowCount {
        for column in 0..<columnCount {
          #expect(transposed[column * rowCount + row] == table[row * columnCount + column])
        }
      }
    }
  }

  @Test func emptyMatricesAreMatrices() {
    for (rowCount, columnCount) in [(0, 0), (0, 3), (3, 0)] {
      let matrix = SparseMatrix(rowCount: rowCount, columnCount: columnCount, rows: [], columns: [], values: [])
      #expect(matrix.rows(0..<rowCount) == [Float](repeating: 0, count: rowCount * columnCount))
      #expect(matrix.transposed.rowCount == columnCount && matrix.transposed.transposed == matrix)
    }
  }

  @Test func whatAFileSaysIsChecked() {
    func message(_ rowCount: Int, _ columnCount: Int, _ starts: [Int], _ columns: [Int], _ values: [Float]) -> String {
      errorDescription {
        _ = try SparseMatrix(
          rowCount: rowCount, columnCount: columnCount, rowStarts: starts, columns: columns, values: values, path: "a")
      }
    }
    #expect(message(2, 3, [0, 1, 2], [0, 2], [1, 2]) == "")
    #expect(message(2, 3, [0, 1, 2], [0, 3], [1, 2]) == "a: expected columns from 0 to 2, found 3")
    #expect(message(2, 3, [0, 1, 2], [-1, 0], [1, 2]) == "a: expected columns from 0 to 2, found -1")
    #expect(message(2, 3, [0, 3, 2], [0, 2], [1, 2]) == "a: expected starts of rows that rise, found 2 after 3")
    #expect(message(2, 3, [0, -1, 2], [0, 2], [1, 2]) == "a: expected starts of rows that rise, found -1 after 0")
    #expect(
      message(2, 3, [1, 1, 2], [0, 2], [1, 2]).hasSuffix("3 starts of rows, from 0 to 2, found 3, from 1 to 2"))
    #expect(
      message(2, 3, [0, 1, 3], [0, 2], [1, 2]).hasSuffix("3 starts of rows, from 0 to 2, found 3, from 0 to 3"))
    #expect(message(2, 3, [0, 2], [0, 2], [1, 2]).hasSuffix("3 starts of rows, from 0 to 2, found 2, from 0 to 2"))
    #expect(message(2, 3, [], [0, 2], [1, 2]).hasSuffix("found 0, from 0 to 0"))
    #expect(message(2, 3, [0, 1, 2], [0, 2], [1]) == "a: expected 2 elements, found 1")
    #expect(message(1 << 40, 3, [0], [], []).hasSuffix("found 1099511627776 × 3"))
    #expect(message(0, -3, [0], [], []) == "a: expected at most 4294967295 rows and columns, found 0 × -3")
  }
}
