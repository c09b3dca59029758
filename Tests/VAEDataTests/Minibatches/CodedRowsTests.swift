import Testing
import VAEKernels

@testable import VAEData

/// Features that are kept against features that are made anew.
struct CodedRowsTests {
  private static let columns = [
    Table.Column(name: "size", texts: nil, decimals: 2), Table.Column(name: "rain", texts: nil, decimals: 1),
    Table.Column(name: "smoker", texts: ["no", "yes"], decimals: 0),
    Table.Column(name: "city", texts: ["Bern", "Oslo", "Rome"], decimals: 0),
    Table.Column(name: "children", texts: nil, decimals: 0), Table.Column(name: "year", texts: nil, decimals: 0),
    Table.Column(name: "age", texts: nil, decimals: 0),
  ]

  /// A number, one that is mostly 0, a yes or no, a category with missing cells, a count, a constant, and a condition.
  private static func dataset(_ count: Int) -> Dataset {
    let values = (0..<count).flatMap { row -> [Float] in
      let size = row % 17 == 4 ? Float.nan : Float(row * 7 % 23) / 4
      let city = row % 11 == 5 ? Float.nan : Float(row % 3)
      return [
        size, row % 4 == 1 ? Float(row) / 3 : 0, Float(row % 2), city, Float(row * row % 5), 2024, Float(20 + row % 60),
      ]
    }
    return Dataset(Table(path: "people.csv", columns: columns, values: values))
  }

  private static func coding(_ counts: [String]) throws -> TableCoding {
    var modelling = TableModelling()
    (modelling.conditions, modelling.counts) = (["age"], counts)
    return try TableCoding.fit(dataset(200), modelling)
  }

  /// All that a minibatch has of some rows, the parts after each other; room that nothing was written to is −7.
  private static func gathered(_ data: Dataset, _ examples: [UInt32], _ coding: TableCoding, sparingly: Bool) -> [Float]
  {
    let side = coding.sideInputs(hasMissing: !sparingly)
    let features = coding.featureCount
    let widths = [
      features, side.contains(.target) ? features : 0, side.contains(.mask) ? features : 0,
      side.contains(.offset) ? 1 : 0, sparingly ? 0 : coding.indicatorCount, coding.conditionCount,
    ]
    let buffer = AlignedBuffer(count: widths.reduce(0, +) * examples.count)
    buffer.base.update(repeating: -7, count: buffer.count)
    var next = buffer.base
    let parts = widths.map { columns -> Matrix? in
      defer { next += columns * examples.count }
      return columns == 0 ? nil : Matrix(next, rows: examples.count, columns: columns)
    }
    let minibatch = Minibatch(
      input: parts[0]!, target: parts[1], mask: parts[2], offset: parts[3], indicators: parts[4], covariates: parts[5])
    examples.withUnsafeBufferPointer {
      data.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: minibatch)
    }
    return Array(UnsafeBufferPointer(start: buffer.base, count: buffer.count))
  }

  @Test(arguments: [[], ["children"]], [false, true]) func keptFeaturesAreThoseThatAreMade(
    counts: [String], sparingly: Bool
  ) throws {
    let coding = try Self.coding(counts)
    let made = Self.dataset(90).coded(by: coding)
    let kept = Self.dataset(90).coded(by: coding)
    kept.keepFeatures()
    #expect(kept.found.codedRows != nil)
    let examples: [UInt32] = [3, 89, 0, 4, 4, 21, 5, 16]
    let expected = Self.gathered(made, examples, coding, sparingly: sparingly)
    #expect(Self.gathered(kept, examples, coding, sparingly: sparingly) == expected)
    #expect(!expected.contains(-7))
  }

  /// An encoder is shown a bound in place of what is far beyond all training rows; what is to be reconstructed stays.
  @Test(arguments: [[], ["children"]]) func numbersFarOutAreShownAsABound(counts: [String]) throws {
    let coding = try Self.coding(counts)
    var values = Self.dataset(4).allNumbers
    values[0] = 9999
    let table = Dataset(Table(path: "people.csv", columns: Self.columns, values: values))
    #expect(Self.dataset(4).coded(by: coding).hasFarNumbers == false)
    let far = table.coded(by: coding)
    #expect(far.sideInputs.contains(.target))
    let buffer = AlignedBuffer(count: 4 * 4 * coding.featureCount)
    let parts = (0..<4).map {
      Matrix(buffer.base + $0 * 4 * coding.featureCount, rows: 4, columns: coding.featureCount)
    }
    let size = try #require(coding.features(ofColumn: 0)).lowerBound
    for (part, keeps) in [(0, false), (2, true)] {
      if keeps { far.keepFeatures() }
      let minibatch = Minibatch(input: parts[part], target: parts[part + 1])
      [UInt32(0), 1, 2, 3].withUnsafeBufferPointer {
        far.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: minibatch)
      }
      #expect(minibatch.input[0, size] == TableCoding.encoderBound)
      #expect(minibatch.target[0, size] == coding.columns[0].transform.forward(9999).value)
      #expect(minibatch.target[0, size] > 100 && minibatch.input[1, size] == minibatch.target[1, size])
    }
  }

  @Test func aSubsetHasItsOwn() throws {
    let coding = try Self.coding(["children"])
    let whole = Self.dataset(90).coded(by: coding)
    whole.keepFeatures()
    let part = whole.subset([7, 5])
    part.keepFeatures()
    #expect(
      Self.gathered(part, [0, 1], coding, sparingly: false) == Self.gathered(whole, [7, 5], coding, sparingly: false))
  }

  @Test func manyRowsAreMadeAnew() throws {
    let coding = try Self.coding([])
    let count = CodedRows.mostBytes / 4 / (2 * coding.featureCount)
    let data = Dataset(
      Table(
        path: "people.csv", columns: Self.columns,
        values: [Float](repeating: 0, count: count * Self.columns.count))
    ).coded(by: coding)
    data.keepFeatures()
    #expect(data.found.codedRows == nil)
  }
}
