import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData

/// Sparse matrices as counts, which stay sparse, or as tables.
struct SparseCountsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// 40 rows of 6 columns, a quarter of which are not zero.
  private static let numbers = (0..<240).map { index -> Float in index % 4 == 3 ? Float(1 + index % 5) : 0 }

  private static func market(_ numbers: [Float] = numbers, columns: Int = 6) -> String {
    let entries = numbers.indices.filter { numbers[$0] != 0 }
    return "%%MatrixMarket matrix coordinate real general\n\(numbers.count / columns) \(columns) \(entries.count)\n"
      + entries.reversed().map { "\($0 / columns + 1) \($0 % columns + 1) \(numbers[$0])\n" }.joined()
  }

  private static func svmlight(_ numbers: [Float] = numbers, columns: Int = 6) -> String {
    let lines = (0..<numbers.count / columns).map { row -> String in
      let places = (0..<columns).filter { numbers[row * columns + $0] != 0 }
      let pairs = places.map { " \($0 + 1):\(numbers[row * columns + $0])" }
      return "\(row % 2 * 2 - 1)" + pairs.joined() + "\n"
    }
    return lines.joined()
  }

  private func contents(
    _ text: String, known: DataDescription? = nil, _ change: (inout DataReading) -> Void = { _ in }
  ) throws -> DataContents {
    var reading = DataReading()
    change(&reading)
    let path = try folder.write(text.utf8, to: "data")
    return try DataSource(path: path, reading: reading, seed: 1, known: known).contents()
  }

  private func message(
    _ text: String, known: DataDescription? = nil, _ change: (inout DataReading) -> Void = { _ in }
  ) -> String {
    errorDescription { _ = try contents(text, known: known, change) }
      .replacing(folder.path(of: "data"), with: "PATH")
  }

  @Test(arguments: [market(), svmlight()]) func wholeNumbersThatAreMostlyZeroStaySparse(text: String) throws {
    let read = try contents(text)
    #expect(read.examples.isSparse && read.examples.isOfCounts && read.examples.columns.isEmpty)
    #expect(read.examples.allNumbers == Self.numbers && read.stored == 60)
    #expect(read.examples.featureNames == (1...6).map { "column \($0)" })
    if !text.hasPrefix("%") { #expect(read.examples.labels?.prefix(3) == [0, 1, 0]) }
    let summary = try DataSource(path: folder.path(of: "data"), seed: 1).summary()
    #expect(summary.kind == .counts && summary.stored == 60 && summary.training?.isSparse == true)
    #expect(summary.columnCount == 6 && summary.columns.isEmpty)
  }

  @Test func othersAreTables() throws {
    var numbers = Self.numbers
    numbers[7] = 1.5
    let dense = (0..<240).map { Float($0 % 3) }
    for tables in [
      try contents(Self.market(numbers)), try contents(Self.svmlight(dense)),
      try contents(Self.market()) { $0.rows = .table },
      try contents(Self.market()) { $0.modelling.counts = ["*"] },
      try contents(Self.svmlight()) { $0.modelling.scaling = .standard },
    ] { #expect(!tables.examples.isSparse && tables.examples.columns.count == 6) }
    // Rows for a model of counts, or of a table, are what it is of, whatever they look like.
    let counts = try contents(Self.market()).examples.description
    #expect(counts.coding == nil && counts.featureNames?.count == 6)
    var source = DataSource(path: folder.path(of: "data"), seed: 1)
    source.reading.rows = .table
    source.known = try source.split().train.description
    source.reading.rows = .automatic
    #expect(try source.contents().examples.columns.count == 6)
    #expect(try contents(Self.svmlight(dense), known: counts).examples.isSparse)
    #expect(try contents(Self.svmlight(dense)) { $0.rows = .counts }.examples.isSparse)
  }

  @Test func numbersThatAreNoCountsAreNamed() throws {
    var numbers = Self.numbers
    for (value, found) in [(2.5, "2.5"), (-3, "-3")] as [(Float, String)] {
      numbers[13] = value
      let rows = (0..<40).map { numbers[$0 * 6..<$0 * 6 + 6].map { "\($0)" }.joined(separator: ",") }
      let csv = "a,b,c,d,e,f\n" + rows.joined(separator: "\n") + "\n"
      for (text, column) in [(Self.market(numbers), "column 2"), (Self.svmlight(numbers), "column 2"), (csv, "b")] {
        #expect(
          message(text) { $0.rows = .counts }
            == "PATH: row 3, column \"\(column)\": expected a whole number from 0 up, as counts are (--exclude or "
            + "--label-column for a column of something else), found \(found)")
      }
    }
    #expect(message("a,b\n1,2\n,3\n") { $0.rows = .counts }.hasSuffix("found nothing"))
    #expect(
      message("a,b\n1,x\n0,y\n") { $0.rows = .counts }.hasPrefix(
        "PATH: column \"b\": expected whole numbers from 0 up, as counts are (--exclude, --label-column"))
    #expect(
      message(Self.market()) {
        $0.rows = .counts
        $0.modelling.scaling = .robust
      }.contains("--likelihood auto has one for each column), found --scaling"))
  }

  @Test(arguments: [
    "%%MatrixMarket matrix coordinate integer general\n0 3 0\n",
    "%%MatrixMarket matrix coordinate integer general\n3 0 0\n", "1\n-1 # nothing\n",
  ]) func whatIsEmptyIsRefused(text: String) {
    for rows in DataReading.Rows.allCases {
      let message = message(text) { $0.rows = rows }
      #expect(message.hasPrefix("PATH: ") && !message.contains("\n"), "\(message)")
    }
  }

  /// As a program writes them that has divided and multiplied: 0.999999 for 1.
  @Test func numbersThatAreCountsButForTheirLastDigitsAreRounded() throws {
    var numbers = Self.numbers
    (numbers[3], numbers[7]) = (0.999_999, 2.000_01)
    let rows = (0..<40).map { numbers[$0 * 6..<$0 * 6 + 6].map { "\($0)" }.joined(separator: ",") }
    let csv = "a,b,c,d,e,f\n" + rows.joined(separator: "\n") + "\n"
    (numbers[3], numbers[7]) = (1, 2)
    for text in [Self.market, Self.svmlight].map({ make in
      var odd = numbers
      (odd[3], odd[7]) = (0.999_999, 2.000_01)
      return make(odd, 6)
    }) + [csv] {
      let read = try contents(text) { $0.rows = .counts }
      #expect(read.examples.isSparse && read.examples.allNumbers == numbers)
      #expect(
        read.remarks.contains { $0.hasPrefix("2 numbers, the first of them 0.999999, were rounded") }, "\(read.remarks)"
      )
    }
    // Beyond the last digits it is another number.
    #expect(message("a,b\n1,0\n0.9999,0\n") { $0.rows = .counts }.contains("row 2, column \"a\""))
  }

  @Test func numbersOfOnePlaceAreAdded() throws {
    let text = "%%MatrixMarket matrix coordinate integer general\n4 3 5\n2 3 4\n1 1 2\n2 3 1\n4 2 7\n2 1 300\n"
    #expect(try contents(text).examples.allNumbers == [2, 0, 0, 300, 0, 5, 0, 0, 0, 0, 7, 0])
  }

  @Test func columnsAreChosenAmongCounts() throws {
    let read = try contents(Self.market()) {
      $0.excluded = ["column 2", "column 5"]
      $0.labelColumn = "column 6"
    }.examples
    #expect(read.isSparse && read.featureNames == ["column 1", "column 3", "column 4"])
    #expect(read.allNumbers == (0..<40).flatMap { row in [0, 2, 3].map { Self.numbers[row * 6 + $0] } })
    #expect(read.labels?.enumerated().allSatisfy { Float($1) == Self.numbers[$0 * 6 + 5] } == true)
    #expect(message(Self.market()) { $0.excluded = ["column 9"] }.contains("a column of the name \"column 9\""))
    // New rows for a model of some of the columns.
    let more = try contents("1 2:9 4:3 7:1\n0 1:5\n", known: read.description) {
      $0.excluded = ["column 2", "column 5"]
    }
    #expect(more.examples.allNumbers == [0, 0, 3, 5, 0, 0])
  }

  @Test func svmlightIsAsWideAsTheModel() throws {
    let known = try contents(Self.svmlight()).examples.description
    let read = try contents("1 2:3\n-1 1:1 9:4\n", known: known)
    #expect(read.examples.allNumbers == [0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    #expect(read.remarks.contains { $0.hasSuffix("3 columns beyond the 6 that were known before are left out") })
    let other = Self.market([1, 0, 0, 2], columns: 2)
    #expect(message(other, known: known) == "PATH: expected 6 columns, as before, found 2")
    var reading = DataReading()
    reading.testPath = try folder.write("1 2:3\n-1 1:1 9:4\n".utf8, to: "test")
    _ = try contents(Self.svmlight())
    let split = try DataSource(path: folder.path(of: "data"), reading: reading, seed: 1).split()
    #expect(split.test.isSparse && split.test.allNumbers == read.examples.allNumbers && split.test.labels == [1, 0])
  }

  /// A table in text, for a likelihood of counts: names are kept, and what is no count is told.
  @Test func tablesBecomeCounts() throws {
    let text = "cell,batch,g1,g2,g3\na,x,0,2,300\nb,y,1,0,0\nc,x,0,0,4\n"
    func ask(_ reading: inout DataReading) {
      (reading.rows, reading.idColumn, reading.modelling.conditions) = (.counts, "cell", ["batch"])
    }
    let read = try contents(text, ask)
    #expect(read.examples.isSparse && read.examples.featureNames == ["g1", "g2", "g3"] && read.stored == 4)
    #expect(read.examples.allNumbers == [0, 2, 300, 1, 0, 0, 0, 0, 4] && read.examples.ids == ["a", "b", "c"])
    let told = try #require(read.examples.told)
    #expect(told.columns == [Table.Column(name: "batch", texts: ["x", "y"])] && told.allNumbers == [0, 1, 0])
    var known = read.examples.description
    known.told = try TableCoding.fitTold(told, allowing: [])
    let new = "cell,g3,other,batch,g1\nd,7,1.5,y,2\n"
    let more = try contents(new, known: known, ask)
    #expect(more.examples.allNumbers == [2, 0, 7] && more.examples.told?.allNumbers == [1])
    #expect(
      more.remarks == ["1 of the model's 3 columns are not there, such as g2: taken as 0"], "\(more.remarks)")
  }
}
