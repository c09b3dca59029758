import TestSupport
import Testing
import VAEKernels

@testable import VAEData

/// Classes and conditions that a model knows, and those that it does not.
struct ToldRowsTests {
  private static func labelled(_ labels: [UInt8], _ names: [String]?) -> Dataset {
    let table = Table(path: "t.csv", columns: [.init(name: "x")], values: labels.map { Float($0) })
    var dataset = Dataset(table, labels: labels)
    dataset.classNames = names
    return dataset
  }

  private static func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing"
    } catch { return "\(error)" }
  }

  /// New rows number the classes that they have; a model has all of them.
  @Test func classesAreNumberedAsAModelKnowsThem() throws {
    let dataset = Self.labelled([0, 1, 1, 0], ["Linz", "Wien"])
    let known = try dataset.withClasses(["Graz", "Köln", "Linz", "Wien"], column: "city")
    #expect(known.labels == [2, 3, 3, 2] && known.classNames == ["Graz", "Köln", "Linz", "Wien"])
    #expect(try Self.labelled([7, 9], nil).withClasses(["7", "8", "9"], column: "c").labels == [0, 2])
    #expect(try Self.labelled([0, 1], ["5", "12"]).withClasses(nil, column: "c").labels == [5, 12])
    #expect(try Self.labelled([3, 1], nil).withClasses(nil, column: "c").labels == [3, 1])
    #expect(try Self.labelled([0], ["a"]).withClasses(["a"], column: "c").labels == [0])
    let part = dataset.subset([3, 1])
    #expect(try part.withClasses(["Graz", "Linz", "Wien"], column: "city").labels == [1, 2])
  }

  @Test func unknownClassesAreNamedWithTheirRow() {
    let dataset = Self.labelled([0, 1, 2], ["Bonn", "Linz", "Wien"])
    #expect(
      Self.message { _ = try dataset.subset([2, 0]).withClasses(["Linz", "Wien"], column: "city") }
        == "t.csv: row 1, column \"city\": expected one of the classes Linz, Wien, found \"Bonn\"")
    #expect(
      Self.message { _ = try dataset.withClasses(nil, column: "city") }
        == "t.csv: row 1, column \"city\": expected a class from 0 to 255, found \"Bonn\"")
    #expect(
      Self.message { try dataset.checkClasses(areAmong: [0, 1], column: "city") }
        == "t.csv: row 3, column \"city\": expected one of the classes Bonn, Linz, which training rows had, found \"Wien\""
    )
    #expect(
      Self.message { try Self.labelled([1, 4], nil).checkClasses(areAmong: [1, 2, 4], column: "c") } == "nothing")
    #expect(
      Self.message { try Self.labelled([1, 3], nil).checkClasses(areAmong: [1, 2, 4], column: "c") }.contains(
        "row 2, column \"c\": expected one of the classes 1, 2, 4"))
  }

  @Test func missingConditionsAreFound() {
    var (known, number) = (CodedColumn(name: "k", kind: .yesNo, levels: [0, 1]), CodedColumn(name: "t", kind: .number))
    var gaps = CodedColumn(name: "g", kind: .number)
    let feature = CodedColumn(name: "x", kind: .number)
    (known.role, number.role, gaps.role, gaps.mayBeMissing) = (.condition, .condition, .condition, true)
    let coding = TableCoding(columns: [feature, known, number, gaps])
    func found(_ values: [Float]) -> [Dataset.MissingCondition] {
      Dataset(Table(path: "t.csv", columns: coding.columns.map(\.source), values: values)).missingConditions(coding)
    }
    #expect(found([1, 0, 5, 3, .nan, 1, 6, .nan]).isEmpty)
    let missing = found([1, 1, 5, 3, 1, .nan, 5, 3, 1, 1, .nan, 3, 1, 2, 5, 3])
    #expect(missing.map(\.column) == [1, 2] && missing.map(\.example) == [1, 2] && missing.map(\.count) == [2, 1])
  }
}
