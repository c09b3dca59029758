import TestSupport
import Testing

@testable import VAEData

/// Data whose columns have no names, for a model of as many or of others.
struct UnnamedColumnTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Of a model of the data at `path`.
  private func coding(_ path: String, _ change: (inout DataReading) -> Void = { _ in }) throws -> TableCoding {
    var reading = DataReading()
    change(&reading)
    return try #require(try DataSource(path: folder.path(of: path), reading: reading, seed: 1).split().train.coding)
  }

  private func rows(
    _ path: String, _ coding: TableCoding, _ change: (inout DataReading) -> Void = { _ in }
  ) throws -> [Float] {
    var reading = DataReading()
    change(&reading)
    return try DataSource(path: folder.path(of: path), reading: reading, seed: 1, coding: coding).all().allNumbers
  }

  private static let matrix = (0..<30).map { row in
    "\(row % 2) 1:\(row % 7).5 2:\(row * row % 11) 3:\(row % 5) 5:\(row % 3)\n"
  }.joined()

  @Test func svmlightIsAsWideAsTheModel() throws {
    try folder.write(Self.matrix.utf8, to: "s.svm")
    let coding = try coding("s.svm")
    #expect(coding.columns.count == 5)
    try folder.write("1 2:3\n0 1:1 3:2\n".utf8, to: "narrow.svm")
    #expect(try rows("narrow.svm", coding) == [0, 3, 0, 0, 0, 1, 0, 2, 0, 0])
    try folder.write("1 2:3 7:1\n0 9:1\n".utf8, to: "wide.svm")
    #expect(try rows("wide.svm", coding) == [0, 3, 0, 0, 0, 0, 0, 0, 0, 0])
    var source = DataSource(path: folder.path(of: "wide.svm"), seed: 1, coding: coding)
    #expect(try source.contents().remarks[0].hasSuffix("4 columns beyond the 5 that were known before are left out"))
    // Where a choice was made among them.
    let chosen = try self.coding("s.svm") { $0.excluded = ["column 2"] }
    source = DataSource(path: folder.path(of: "narrow.svm"), seed: 1, coding: chosen)
    source.reading.excluded = ["column 2"]
    #expect(try source.all().allNumbers == [0, 0, 0, 0, 1, 2, 0, 0])
  }

  @Test(arguments: ["1 2:3\n0 1:1\n1 2:1\n", "1 2:3 8:1\n0 1:1\n1 2:1\n"])
  func svmlightToTestWithIsAsWideAsThatToTrainOn(text: String) throws {
    try folder.write(Self.matrix.utf8, to: "s.svm")
    try folder.write(text.utf8, to: "u.svm")
    var reading = DataReading()
    reading.testPath = folder.path(of: "u.svm")
    let split = try DataSource(path: folder.path(of: "s.svm"), reading: reading, seed: 1).split()
    #expect(split.test.allNumbers == [0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0])
    #expect(split.train.featureCount == split.test.featureCount)
  }

  /// What says how wide it is, has to be as wide.
  @Test func othersAreRefusedWithBothWidths() throws {
    let numbers = (0..<150).map { Double($0 * $0 % 23) }
    for (name, bytes, narrow, wide) in [
      (
        "a.npy", TestArrays.npy(numbers, as: "<f4", shape: [30, 5]),
        TestArrays.npy([1, 2, 3, 4], as: "<f4", shape: [1, 4]),
        TestArrays.npy([1, 2, 3, 4, 5, 6], as: "<f4", shape: [1, 6])
      ),
      (
        "b.mtx", matrixMarket(numbers), Array("%%MatrixMarket matrix coordinate real general\n1 4 1\n1 1 2\n".utf8),
        Array("%%MatrixMarket matrix array real general\n1 6\n1\n2\n3\n4\n5\n6\n".utf8)
      ),
      ("c.csv", rowsOfText(numbers), Array("1,2,3,4\n".utf8), Array("1,2,3,4,5,6\n".utf8)),
    ] {
      try folder.write(bytes, to: name)
      let coding = try coding(name)
      for (other, count) in [(narrow, 4), (wide, 6)] {
        let path = try folder.write(other, to: "other-" + name)
        #expect(
          errorDescription { _ = try rows("other-" + name, coding) }
            == "\(path): expected 5 columns, as before, found \(count)")
      }
    }
    let coding = try coding("a.npy")
    #expect(
      errorDescription { _ = try rows("other-a.npy", coding) { $0.storage = .file } }.hasSuffix(
        "expected 5 columns, as before, found 6"))
  }

  @Test func aChoiceNeedsTheColumnsThatItChose() throws {
    try folder.write(rowsOfText((0..<150).map { Double($0 * $0 % 23) }), to: "c.csv")
    let choose: (inout DataReading) -> Void = {
      $0.excluded = ["column 2"]
      $0.labelColumn = "column 1"
    }
    let coding = try coding("c.csv", choose)
    #expect(coding.columns.map(\.name) == ["column 3", "column 4", "column 5"])
    try folder.write("1,2,3,4\n".utf8, to: "d.csv")
    #expect(
      errorDescription { _ = try rows("d.csv", coding, choose) }.hasSuffix(
        "expected at least 5 columns, as before, found 4"))
    try folder.write("1,2,3,4,5\n".utf8, to: "d.csv")
    #expect(try rows("d.csv", coding, choose) == [3, 4, 5])
  }

  private func rowsOfText(_ numbers: [Double]) -> [UInt8] {
    let rows = stride(from: 0, to: numbers.count, by: 5).map { start in
      numbers[start..<start + 5].map { "\($0)" }.joined(separator: ",")
    }
    return Array((rows.joined(separator: "\n") + "\n").utf8)
  }

  private func matrixMarket(_ numbers: [Double]) -> [UInt8] {
    let columns = (0..<5).flatMap { column in (0..<30).map { "\(numbers[$0 * 5 + column])" } }
    return Array("%%MatrixMarket matrix array real general\n30 5\n\(columns.joined(separator: "\n"))\n".utf8)
  }

  @Test func namesSayTheirPlaces() {
    #expect(UnnamedColumns.place(of: UnnamedColumns.name(4)) == 4)
    for name in ["column 0", "column", "column x", "column 01", "age", "column  1"] {
      #expect(UnnamedColumns.place(of: name) == nil, "\(name)")
    }
  }
}
