import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData

/// Data sets whose rows lie in a file.
struct FileRowsTests {
  private static let width = 5

  /// A table of 200 rows in memory, and the same in a file.
  private func tables(_ change: (inout [Double]) -> Void = { _ in }) throws -> (memory: Dataset, file: Dataset) {
    var random = RandomSequence(RandomStream(seed: 3, purpose: .user))
    var numbers = (0..<200 * Self.width).map { index -> Double in
      index % Self.width == 0 ? Double(random.integer(below: 3)) : Double(random.uniform(-2, 2))
    }
    change(&numbers)
    let folder = try TemporaryFolder()
    let path = try folder.write(TestArrays.npy(numbers, as: "<f8", shape: [200, Self.width]), to: "t.npy")
    func read(_ storage: DataReading.Storage) throws -> Dataset {
      var reading = DataReading()
      reading.storage = storage
      return try DataSource(path: path, reading: reading, seed: 1).contents().examples
    }
    // An open file outlives its name.
    return try (read(.memory), read(.file))
  }

  @Test func rowsAreThoseOfTheFile() throws {
    let (memory, file) = try tables()
    #expect(file.isInFile && !memory.isInFile)
    #expect(file.allNumbers == memory.allNumbers)
    let places = [3, 4, 5, 9, 199, 0, 1, 1, 150]
    #expect(file.subset(places).allNumbers == memory.subset(places).allNumbers)
    #expect(file.subset(places).mean() == memory.subset(places).mean())
    #expect(file.variance() == memory.variance())
    #expect(file.failure == nil)
  }

  /// One pass for all parts finds what a pass for each does.
  @Test(arguments: [false, true]) func partsAreSurveyedTogether(isShuffled: Bool) throws {
    let (memory, file) = try tables()
    func parts(_ data: Dataset) -> [Dataset] {
      let (rest, validation) = data.split(heldOutCount: 20, seed: 9)
      let (kept, heldOut) = rest.split(heldOutCount: 30, seed: 4)
      return [isShuffled ? kept.subset(Array((0..<kept.count).reversed())) : kept, heldOut, validation]
    }
    let (inMemory, inFile) = (parts(memory), parts(file))
    Dataset.survey(inFile)
    for (own, expected) in zip(inFile, inMemory) {
      // Rows out of order are surveyed by themselves, when they are asked for.
      #expect((own.found.survey == nil) == isShuffled)
      for (column, other) in zip(own.columnStatistics(), expected.columnStatistics()) {
        #expect(column.count == other.count && column.levels == other.levels)
        #expect(column.lowest == other.lowest && column.highest == other.highest)
        #expect(column.mean.bitPattern == other.mean.bitPattern)
        #expect(column.variance.bitPattern == other.variance.bitPattern)
      }
    }
  }

  /// What is known of all rows is known of some of them.
  @Test func surveysAnswerForParts() throws {
    let (_, file) = try tables()
    let coding = try TableCoding.fit(file)
    let part = file.coded(by: coding).subset(Array(0..<50))
    #expect(part.firstUnknownValue(coding) == nil && part.found.survey == nil)
  }

  /// A value that a column cannot have is found, though a survey has only counted.
  @Test func unknownValuesAreFound() throws {
    let (memory, file) = try tables { $0[120 * Self.width] = 7 }
    let coding = try TableCoding.fit(memory.subset(Array(0..<100)), categories(["column 1"]))
    for data in [memory, file] {
      let found = try #require(data.firstUnknownValue(coding))
      #expect(found.example == 120 && found.column == 0 && found.value == 7)
      #expect(data.hasMissing(coding) && !data.subset(Array(0..<100)).hasMissing(coding))
    }
    let infinite = try tables { $0[63 * Self.width + 2] = .infinity }.file
    #expect(
      errorDescription { _ = try TableCoding.fit(infinite) }.contains("row 64, column \"column 3\": expected a finite"))
  }

  private func categories(_ names: [String]) -> TableModelling {
    var modelling = TableModelling()
    modelling.categories = names
    return modelling
  }

  @Test func theMeanOfManyIsOfBlocksOfThem() {
    let values = (0..<2000).map { Float($0 % 7) }
    let data = Dataset(values, featureCount: 1)
    let some = data.mean(atMost: 512)[0]
    let blocks = Array(values[0..<256] + values[1024..<1280])
    #expect(some == Dataset(blocks, featureCount: 1).mean()[0])
    #expect(data.mean(atMost: 2000) == data.mean())
  }

  /// As a shuffle of all examples and two sorts have it, which is what runs were divided by from the first.
  @Test func aSplitIsThatOfAnOrder() {
    let data = Dataset((0..<101).map { Float($0) }, featureCount: 1)
    var random = RandomSequence(RandomStream(seed: 12, purpose: .split))
    var order = Array(0..<101)
    random.shuffle(&order)
    let (kept, heldOut) = data.split(heldOutCount: 17, seed: 12)
    #expect(heldOut.allNumbers == order[..<17].sorted().map { Float($0) })
    #expect(kept.allNumbers == order[17...].sorted().map { Float($0) })
  }

  @Test func columnsAreSampledInGroups() throws {
    let (memory, file) = try tables()
    for data in [memory, file.subset(Array(10..<150))] {
      var columns: [Int: [Float]] = [:]
      data.forEachSampledColumn([4, 1], atMost: 60) { columns[$0] = Array($1) }
      let sample = data.rawSample(atMost: 60)
      for column in [1, 4] {
        #expect(columns[column] == stride(from: column, to: sample.count, by: Self.width).map { sample[$0] })
      }
      #expect(columns.count == 2)
    }
  }

  /// Rows that are asked for ahead are asked for once, to the end of the order.
  @Test func readAheadGoesToTheEndAndBeginsAgain() throws {
    let (memory, file) = try tables()
    for data in [memory, file] {
      let ahead = ReadAhead(data)
      var asked: [Int] = []
      for _ in 0..<2 {
        for start in stride(from: 0, to: 200, by: 16) {
          ahead.advance(to: start..<min(start + 16, 200), of: 200) {
            asked.append($0)
            return 199 - $0
          }
        }
        ahead.restart()
      }
      #expect(asked == (data.isInFile ? Array(0..<200) + Array(0..<200) : []))
    }
  }
}
