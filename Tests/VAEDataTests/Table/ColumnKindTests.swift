import TestSupport
import Testing
import VAEKernels

@testable import VAEData

/// What columns are, by the rows to train on and those that are held out.
struct ColumnKindTests {
  /// A table of one column and one that differs everywhere, of rows to train on and others.
  private func kind(
    _ train: [Float], _ others: [Float], _ change: (inout TableModelling) -> Void = { _ in }
  ) throws -> CodedColumn {
    func table(_ values: [Float]) -> Dataset {
      Dataset(
        Table(
          path: "t", columns: [Table.Column(name: "x"), Table.Column(name: "n", decimals: 2)],
          values: values.enumerated().flatMap { [$1, Float($0 * 37 % 101) + 0.25] }))
    }
    var modelling = TableModelling()
    change(&modelling)
    let (kept, held) = (table(train), table(others))
    let coding = try TableCoding.fit(kept, modelling, allowing: [held])
    // Whatever it is, all rows can be it.
    for data in [kept, held] {
      #expect(data.coded(by: coding).firstUnknownValue(coding) == nil)
      #expect(!data.coded(by: coding).hasMissing || values(data).contains { $0.isNaN })
    }
    return coding.columns[0]
  }

  private func values(_ data: Dataset) -> [Float] { data.allNumbers }

  private let twice: [Float] = (0..<60).map { Float($0 % 2) }

  @Test func twoValuesEverywhereAreYesOrNo() throws {
    let column = try kind(twice, [1, 0, .nan, 1])
    #expect(column.kind == .yesNo && column.levels == [0, 1])
  }

  @Test func aThirdValueMakesANumber() throws {
    #expect(try kind(twice, [0, 0.5]).kind == .number)
    #expect(try kind(twice, [7, 1]).kind == .count)
    #expect(try kind(twice, [-3]).kind == .number)
    let column = try kind(twice, [0, 7, 2.5])
    #expect(column.kind == .number && column.highest == 1 && column.mayBeMissing == false)
  }

  /// Nothing can be learnt about it.
  @Test func whatIsConstantInTrainingStaysSo() throws {
    let column = try kind([Float](repeating: 3, count: 40), [3, 4, 5, .nan])
    #expect(column.kind == .constant && column.levels == [3])
    #expect(try kind([Float](repeating: .nan, count: 40), [1, 2]).kind == .constant)
  }

  @Test func countsAreWholeEverywhere() throws {
    let counts = (0..<80).map { Float($0 * $0 % 5) }
    #expect(try kind(counts, [0, 9, 40]).kind == .count)
    #expect(try kind(counts, [0.5]).kind == .number)
    #expect(try kind(counts, [-1]).kind == .number)
    let asked: (inout TableModelling) -> Void = { $0.counts = ["x"] }
    #expect(try kind(counts, [7], asked).kind == .count)
    #expect(errorDescription { _ = try kind(counts, [7.5], asked) }.contains("expected whole numbers from 0 up"))
    #expect(errorDescription { _ = try kind(counts, [-2], asked) }.hasSuffix("found -2"))
  }

  @Test func categoriesAreThoseOfAllRows() throws {
    let column = try kind((0..<60).map { Float($0 % 3) }, [7, 1]) { $0.categories = ["x"] }
    #expect(column.kind == .category && column.levels == [0, 1, 2, 7])
  }

  /// Moments and quantiles are those of the rows to train on.
  @Test func figuresAreOfTheTrainingRows() throws {
    let numbers = (0..<90).map { Float($0 * 7919 % 1009) / 8 }
    let (alone, beside) = (try kind(numbers, [numbers[0]]), try kind(numbers, [1e6, -1e6, 3]))
    #expect(alone == beside)
    let standard: (inout TableModelling) -> Void = { $0.scaling = .standard }
    #expect(try kind(numbers, [numbers[0]], standard) == kind(numbers, [1e6], standard))
  }

  /// An infinity is for whoever looks at the rows to refuse, and decides nothing.
  @Test func infinitiesDecideNothing() throws {
    let statistics = Dataset(twice, featureCount: 1).columnStatistics()[0]
    let infinite = Dataset([.infinity, 3], featureCount: 1).columnStatistics()[0]
    #expect(statistics.allowing(infinite).levels == [0, 1])
    let many = Dataset((0..<70).map { Float($0) }, featureCount: 1).columnStatistics()[0]
    #expect(statistics.allowing(many).levels == nil && statistics.allowing(many).highest == 69)
    #expect(statistics.allowing(many).count == 60 && statistics.allowing(many).mean == 0.5)
  }

  /// As a run divides them: the third value is in one row of 200, wherever that goes.
  @Test(arguments: 0..<12) func theSplitDoesNotMatter(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let text = "gene,n\n" + (0..<200).map { "\($0 == 77 ? 2 : $0 * 7 % 2),\($0 * 31 % 97).5\n" }.joined()
    let split = try DataSource(path: folder.write(text.utf8, to: "t.csv"), seed: seed).split()
    let coding = try #require(split.train.coding)
    for part in [split.train, split.test] { #expect(part.firstUnknownValue(coding) == nil) }
  }
}
