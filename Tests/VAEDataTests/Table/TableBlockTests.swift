import CStandardLibrary
import TestSupport
import Testing
import VAEKernels

@testable import VAEData

/// Where a file is cut into blocks, and by how many threads they are read, changes nothing.
struct TableBlockTests {
  /// Rows of numbers and texts with all that makes it hard to tell where they end.
  private func text(rows: Int, seed: UInt64) -> String {
    var random = RandomSequence(RandomStream(seed: seed, purpose: .user))
    let texts = ["x", "\"a,b\"", "\"two\nlines\"", "\"\r\n\"\"\r\n\"", "5\" pipe", " spaced ", "", "\"#\"", "?"]
    let ends = ["\n", "\r\n", "\r"]
    var text = "number,text,other\n"
    for row in 0..<rows {
      let other = row < rows / 2 ? "" : "\(row)"
      text +=
        "\(row).5,\(texts[Int(random.integer(below: UInt32(texts.count)))]),\(other)\(ends[Int(random.integer(below: 3))])"
    }
    return text
  }

  @Test(arguments: [1, 2, 3]) func blocksMayEndAnywhere(workers: Int) throws {
    for seed: UInt64 in 0..<4 {
      let text = text(rows: 60, seed: seed)
      let whole = try table(text, workers: 1)
      #expect(whole.columns.map { $0.texts == nil } == [true, false, true])
      #expect(whole.rowCount == 60)
      for blockSize in Array(1...40) + [100, 1000] {
        let read = try table(text, workers: workers, blockSize: blockSize)
        #expect(read.columns == whole.columns)
        expectEqual(read.values, whole.values)
      }
    }
  }

  /// Of any text at all: by any number of threads the same table or the same error, and in blocks of any size the same table
  /// or an error, perhaps of another place in it; nothing traps. (The delimiter is found in the first block.)
  @Test func noTextIsReadTwoWays() {
    let commas = format { $0.delimiter = .comma }
    var random = RandomSequence(RandomStream(seed: 9, purpose: .user))
    let parts = [
      ",", ",", "\n", "\n", "\r", "\"", ";", "#", " ", "1", "-2.5", "x", "NA", "\t", "1e99", "\u{E9}", "\u{0}",
    ]
    var tables = 0
    for _ in 0..<1500 {
      var text = random.integer(below: 2) == 0 ? "a,b\n" : ""
      for _ in 0..<random.integer(below: 40) { text += parts[Int(random.integer(below: UInt32(parts.count)))] }
      func result(_ workers: Int, _ blockSize: Int) -> (table: String?, message: String?) {
        do {
          let read = try table(text, commas, workers: workers, blockSize: blockSize)
          return ("\(read.columns) \(read.values)", nil)
        } catch {
          return (nil, "\(error)")
        }
      }
      let results = [result(1, 7), result(2, 7), result(3, 7)]
      #expect(Set(results.map { $0.table ?? $0.message }).count == 1, "\(text.debugDescription): \(results)")
      let others = [result(1, 1 << 20), result(2, 3)]
      #expect(others.allSatisfy { $0.table == results[0].table }, "\(text.debugDescription): \(results) \(others)")
      for message in (results + others).compactMap(\.message) { #expect(!message.contains { $0.isNewline }) }
      if results[0].table != nil { tables += 1 }
    }
    #expect(tables > 50)
  }

  /// A column whose first value comes after the rows that are surveyed is what that value is.
  @Test func aColumnMayBeginLate() throws {
    let rows = (0..<30_000).map { row in
      row < 25_000 ? "\(row),,,?" : "\(row),x\(row % 5),\(row).25,\(row == 29_999 ? "end" : "NA")"
    }
    for workers in [1, 2] {
      let read = try table("a,b,c,d\n" + rows.joined(separator: "\n"), workers: workers, blockSize: 4096)
      #expect(read.columns.map(\.texts) == [nil, ["x0", "x1", "x2", "x3", "x4"], nil, ["end"]])
      #expect(read.columns.map(\.decimals) == [0, 0, 2, 0])
      expectEqual(Array(read.values[99_996..<100_004]), [24_999, .nan, .nan, .nan, 25_000, 0, 25_000.25, .nan])
      #expect(read.values.last == 0)
    }
  }

  /// Every few hundred rows have a digit more, so that a survey of more blocks would find more.
  @Test func theSurveyIsTheSameForAnyNumberOfThreads() throws {
    let rows = (0..<20_000).map { row in
      "\(row % 10)" + (row < 9000 ? "" : ".\(String(repeating: "5", count: min(12, (row - 8500) / 500)))")
    }
    let decimals = try [1, 2, 3, 4].map { workers in
      try table("a\n" + rows.joined(separator: "\n"), workers: workers, blockSize: 4096).columns[0].decimals
    }
    #expect(decimals[0] >= 2)
    #expect(Set(decimals).count == 1)
  }

  /// What comes but once is not lost to the survey.
  @Test func aPipeIsReadOnce() throws {
    let folder = try TemporaryFolder()
    let text = "n,t\n" + (0..<40_000).map { "\($0),\($0 % 2 == 0 ? "even" : "odd")\n" }.joined()
    for bytes in [Array(text.utf8), Gzip.compress(Array(text.utf8))] {
      let file = try folder.write(bytes, to: "data")
      let path = folder.path(of: "pipe-\(bytes.count)")
      #expect(mkfifo(path, 0o600) == 0)
      let pipe = try #require(popen("cat '\(file)' > '\(path)'", "w"))
      defer { pclose(pipe) }
      let read = try TableFile.read([ByteSource(path: path)], workers: 2, blockSize: 10_000)
      #expect(read.rowCount == 40_000)
      #expect(read.values.suffix(4) == [39_998, 0, 39_999, 1])
    }
  }

  @Test func aBrokenFileIsAnErrorWhereItBreaks() throws {
    let text = "n\n" + (0..<50_000).map { "\($0)\n" }.joined()
    let bytes = Array(Gzip.compress(Array(text.utf8)).dropLast(20))
    for workers in [1, 2] {
      let message = errorDescription {
        _ = try TableFile.read([ByteSource(bytes, path: "x.gz")], workers: workers, blockSize: 4096)
      }
      #expect(message.contains("it is cut short"))
    }
  }
}
