import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData

/// What a minibatch is given of raw rows, by the formulas of each kind of column.
struct TableCodingWriteTests {
  /// x, a number with a curve and gaps; s, one that is standardised; h, often 0; n, a count; y, yes or no, with gaps; c, a
  /// category of numbers; k, constant; t, a number that the model is told; u, a category that it is told.
  private static let coding: TableCoding = {
    var x = CodedColumn(name: "x", kind: .number)
    x.transform = NumberTransform(knots: [
      .init(value: 0, normal: -1), .init(value: 2, normal: 0), .init(value: 10, normal: 1),
    ])
    x.mayBeMissing = true
    var s = CodedColumn(name: "s", kind: .number)
    s.transform = NumberTransform(center: 100, scale: 20)
    var h = CodedColumn(name: "h", kind: .inflated, levels: [0])
    h.transform = NumberTransform(center: 5, scale: 2)
    var n = CodedColumn(name: "n", kind: .count)
    n.transform = NumberTransform(center: 1, scale: 0.5)
    var y = CodedColumn(name: "y", kind: .yesNo, levels: [-7, 7])
    y.mayBeMissing = true
    let c = CodedColumn(name: "c", kind: .category, levels: [1, 4, 9])
    let k = CodedColumn(name: "k", kind: .constant, levels: [3])
    var t = CodedColumn(name: "t", kind: .number)
    (t.role, t.transform) = (.condition, NumberTransform(center: -1, scale: 4))
    var u = CodedColumn(name: "u", kind: .category, texts: ["a", "b"], levels: [0, 1])
    u.role = .condition
    // Not in the order of their kinds.
    return TableCoding(columns: [c, x, u, n, k, s, h, t, y])
  }()

  private struct Written {
    var input: [Float] = []
    var target: [Float] = []
    var mask: [Float] = []
    var indicators: [Float] = []
    var offset: Float = 0
    var conditions: [Float] = []
  }

  /// What is written of rows, all at once; every place was NaN before.
  private static func write(_ rows: [[Float]], hasMask: Bool = true) -> [Written] {
    let (count, features) = (rows.count, coding.featureCount)
    func matrix(_ columns: Int) -> Matrix {
      // Wider than it needs to be: as within a workspace, rows lie apart.
      let buffer = AlignedBuffer(count: count * (columns + 3))
      buffers.append(buffer)
      let matrix = Matrix(buffer.base, rows: count, columns: columns, stride: columns + 3)
      matrix.setElements(Array(repeating: .nan, count: count * columns))
      return matrix
    }
    var buffers: [AlignedBuffer] = []
    let minibatch = Minibatch(
      input: matrix(features), target: matrix(features), mask: hasMask ? matrix(features) : nil, offset: matrix(1),
      indicators: matrix(coding.indicatorCount), covariates: matrix(2 + coding.conditionCount), classCount: 2)
    let columns = coding.columns.map(\.source)
    let dataset = Dataset(Table(path: "t.csv", columns: columns, values: rows.flatMap { $0 })).coded(by: coding)
    (0..<UInt32(count)).map { $0 }.withUnsafeBufferPointer {
      dataset.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: minibatch.withoutLabels)
    }
    return withExtendedLifetime(buffers) {
      (0..<count).map { row in
        func values(_ matrix: Matrix?) -> [Float] { matrix.map { $0.rows(row..<row + 1).copyElements() } ?? [] }
        return Written(
          input: values(minibatch.input), target: values(minibatch.target), mask: values(minibatch.mask),
          indicators: values(minibatch.indicators), offset: minibatch.offset![row, 0],
          conditions: values(minibatch.numericCovariates))
      }
    }
  }

  private static func expectClose(
    _ found: [Float], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(relativeError(of: found, from: expected) < 1e-6, "\(found), \(expected)", sourceLocation: sourceLocation)
  }

  @Test func featuresStandByKind() {
    let coding = Self.coding
    #expect(coding.featureCount == 9 && coding.indicatorCount == 2 && coding.conditionCount == 3)
    // Numbers, inflated ones, counts, yes or no, categories.
    #expect(
      (0..<9).map { coding.features(ofColumn: $0) } == [6..<9, 0..<1, nil, 4..<5, nil, 1..<2, 2..<4, nil, 5..<6])
    #expect(coding.modelled.map(\.name) == ["x", "s", "h", "n", "y", "c"])
    #expect(coding.sideInputs(hasMissing: false) == [.target, .offset, .mask])
  }

  @Test func whatIsKnownIsWritten() {
    //                          c  x  u  n  k  s    h    t  y
    let written = Self.write([[4, 6, 1, 3, 3, 130, 6.5, 7, 7], [9, -2, 0, 0, 3, 90, 0, -1, -7]])
    let log1p3 = (log(4.0) - 1) / 0.5
    Self.expectClose(written[0].input, [0.5, 1.5, 0, 0.75, log1p3, 1, 0, 1, 0])
    // The likelihood of a count is one of the count itself.
    Self.expectClose(written[0].target, [0.5, 1.5, 0, 0.75, 3, 1, 0, 1, 0])
    #expect(written[0].mask == Array(repeating: 1, count: 9) && written[0].indicators == [1, 1])
    Self.expectClose(written[0].conditions, [2, 0, 1])
    // −log t′: of the curve log 8, of s log 20, of h log 2; none of t, which is not modelled.
    Self.expectClose([written[0].offset], [log(8) + log(20) + log(2)])
    Self.expectClose(written[1].input, [-2, -0.5, 1, 0, -2, 0, 0, 0, 1])
    Self.expectClose(written[1].target, [-2, -0.5, 1, 0, 0, 0, 0, 0, 1])
    // The number of a column that is often 0 is as good as missing where it is 0.
    #expect(written[1].mask == [1, 1, 1, 0, 1, 1, 1, 1, 1] && written[1].indicators == [1, 1])
    Self.expectClose(written[1].conditions, [0, 1, 0])
    Self.expectClose([written[1].offset], [log(2) + log(20)])
  }

  /// In every column in turn, and in all of them.
  @Test func whatIsMissingIsZeroAndHasNoJacobian() {
    let whole: [Float] = [4, 6, 1, 3, 3, 130, 6.5, 7, 7]
    let jacobians = [1: log(8.0), 5: log(20.0), 6: log(2.0)]
    let reference = Self.write([whole])[0]
    for column in whole.indices {
      var row = whole
      row[column] = .nan
      let found = Self.write([row])[0]
      let features = Self.coding.features(ofColumn: column) ?? 0..<0
      for feature in 0..<9 {
        let isHere = features.contains(feature)
        #expect(found.input[feature] == (isHere ? 0 : reference.input[feature]))
        #expect(found.target[feature] == (isHere ? 0 : reference.target[feature]))
        #expect(found.mask[feature] == (isHere ? 0 : 1))
      }
      #expect(found.indicators == [column == 1 ? 0 : 1, column == 8 ? 0 : 1])
      let known = jacobians.filter { $0.key != column }.values.reduce(0, +)
      Self.expectClose([found.offset], [known])
      #expect(found.conditions == (column == 7 ? [0, 0, 1] : column == 2 ? [2, 0, 0] : [2, 0, 1]))
    }
    let nothing = Self.write([Array(repeating: .nan, count: 9)])[0]
    #expect(nothing.input + nothing.target + nothing.mask == Array(repeating: 0, count: 27))
    #expect(nothing.offset == 0 && nothing.indicators == [0, 0] && nothing.conditions == [0, 0, 0])
  }

  /// A value that is none of a column's levels is as one that is missing.
  @Test func whatIsNoLevelIsNotKnown() {
    for (column, value) in [(0, Float(5)), (0, 2.5), (0, -1), (8, 0), (8, 1e30), (0, .infinity)] {
      var row: [Float] = [4, 6, 1, 3, 3, 130, 6.5, 7, 7]
      row[column] = value
      let found = Self.write([row])[0]
      row[column] = .nan
      let missing = Self.write([row])[0]
      #expect(found.input == missing.input && found.mask == missing.mask && found.indicators == missing.indicators)
      #expect(!Self.coding.knows(value, column: column))
    }
  }

  /// Features of one row do not depend on those about it, nor on whether there is room for a mask.
  @Test func rowsAreApart() {
    let rows: [[Float]] = [
      [4, 6, 1, 3, 3, 130, 6.5, 7, 7], [.nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan],
      [9, -2, 0, 0, 3, 90, 0, -1, -7],
    ]
    for (found, alone) in zip(Self.write(rows), rows.map { Self.write([$0])[0] }) {
      #expect(found.input == alone.input && found.target == alone.target && found.offset == alone.offset)
      #expect(found.mask == alone.mask && found.conditions == alone.conditions)
    }
    #expect(Self.write(rows, hasMask: false).map(\.input) == Self.write(rows).map(\.input))
  }

  /// What is written of a row leads back to it.
  @Test func featuresBecomeTheRowAgain() {
    var columns = Self.coding.columns
    for index in columns.indices { (columns[index].lowest, columns[index].highest) = (-10, 200) }
    let coding = TableCoding(columns: columns)
    for row: [Float] in [[4, 6, 1, 3, 3, 130, 6.5, 7, 7], [9, -2, 0, 0, 3, 90, 0, -1, -7]] {
      let target = Self.write([row])[0].target
      let raw = target.withUnsafeBufferPointer { coding.raw(ofFeatures: $0.baseAddress!, isDraw: true) }
      for (column, value) in raw.enumerated() where columns[column].role == .feature {
        #expect(abs(value - row[column]) < 1e-4, "\(columns[column].name)")
      }
      #expect(raw[2].isNaN && raw[7].isNaN)
      #expect(coding.conditions(ofRaw: row) == Self.write([row])[0].conditions)
    }
    // Beyond the range of the data is its end, and a count that is drawn is whole.
    let far: [Float] = [50, -50, 0, 90, 2.6, 0.2, 0.1, 0.5, 0.4]
    let raw = far.withUnsafeBufferPointer { coding.raw(ofFeatures: $0.baseAddress!, isDraw: true) }
    #expect(raw[1] == 200 && raw[5] == -10 && raw[6] == 185 && raw[3] == 3 && raw[8] == -7 && raw[0] == 4)
    let mean = far.withUnsafeBufferPointer { coding.raw(ofFeatures: $0.baseAddress!, isDraw: false) }
    #expect(mean[3] == 2.6)
    // So it is of counts, however large a rate may grow.
    columns[3].highest = 4
    let counts = TableCoding(columns: columns)
    for (isDraw, rate) in [(true, Float(7)), (false, 4.5), (true, .infinity), (false, .infinity)] {
      var rates = far
      rates[4] = rate
      let raw = rates.withUnsafeBufferPointer { counts.raw(ofFeatures: $0.baseAddress!, isDraw: isDraw) }
      #expect(raw[3] == 4, "\(rate)")
    }
  }
}

extension Minibatch {
  /// With the places of classes left to others.
  fileprivate var withoutLabels: Minibatch {
    Minibatch(
      input: input, target: target, mask: mask, offset: offset, indicators: indicators, covariates: numericCovariates)
  }
}
