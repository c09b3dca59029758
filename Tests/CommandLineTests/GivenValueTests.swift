import Foundation
import TestSupport
import Testing

/// What `--given` says, as `sample` and `decode` take it.
struct GivenValueTests {
  /// A model that is told a city and an age, of cities with commas and quotes in their names.
  private func makeRun() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let cities = ["New", "\"New, York\"", "\"New, York, NY\"", "\"the \"\"big\"\" one\""]
    let rows = (0..<80).map { "\(20 + $0 % 37),\(cities[$0 % 4]),\($0 * 37 % 101).5" }
    try folder.write(("age,city,x\n" + rows.joined(separator: "\n") + "\n").utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run", "--conditions", "age,city"], in: folder)
    return folder
  }

  @Test func aValueMayHaveACommaInIt() throws {
    let folder = try makeRun()
    for (given, row) in [
      ("city=New, age=40", "40,New,"), ("city=New, York, age=40", "40,\"New, York\","),
      ("city=\"New, York\", age=40", "40,\"New, York\","), ("age=40,city = New, York, NY ", "40,\"New, York, NY\","),
      ("\"city\"=\"New\" , age = 40", "40,New,"),
      ("city=\"the \"\"big\"\" one\",age=40", "40,\"the \"\"big\"\" one\","),
      ("city=the \"big\" one,age=40,", "40,\"the \"\"big\"\" one\","),
    ] {
      let result = try Executable.run(["sample", "run", "--count", "3", "--given", given], in: folder)
      #expect(result.status == 0 && result.errors == "", "\(given): \(result.errors)")
      #expect(
        result.outputLines.count == 4 && result.outputLines.dropFirst().allSatisfy { $0.hasPrefix(row) }, "\(given)")
    }
  }

  @Test(arguments: [
    ("city=\"New, York", "a quote at the end"),
    ("city=\"New\" York", "expected a comma behind city=\"New\", found \"York\""),
    ("city=York", "expected for city one of New"), ("city=New, Yor, age=40", "expected column=value, found \"Yor\""),
    ("age", "expected column=value, found \"age\""), ("=3", "expected one of the columns"),
    ("town=New", "found \"town\""), ("age=40, age=41", "found age twice"), ("age=old", "expected for age a number"),
    ("city=", "expected for city one of"),
  ])
  func whatCannotBeMeantIsRefused(given: String, complaint: String) throws {
    try expectRefusal(["sample", "run", "--given", given], in: makeRun(), naming: ["--given: ", complaint])
  }

  @Test func aValueWithMoreDigitsIsToldAsItIs() throws {
    let result = try Executable.run(["sample", "run", "--count", "1", "--given", "age=40.5, city=New"], in: makeRun())
    #expect(result.status == 0 && result.errors.contains("age=40.5, and rows have 40,"), "\(result.errors)")
  }

  /// A value far beyond the data makes rows that make no sense, and yet are rows, in what is drawn, decoded and filled in.
  @Test(arguments: ["1e6", "1e9", "1e30"]) func whatIsBeyondTheDataMakesNumbers(age: String) throws {
    let folder = try TemporaryFolder()
    let rows = (0..<200).map { "\(20 + $0 % 37),\([0, 1, 1, 2, 3, 0, 5, 1][$0 * 13 % 8]),\($0 * 37 % 101).5" }
    try folder.write(("age,visits,x\n" + rows.joined(separator: "\n") + "\n").utf8, to: "t.csv")
    let options = ["--conditions", "age", "--counts", "visits"]
    try TinyTable.train(["--data", "t.csv", "--output", "run", "--scaling", "standard"] + options, in: folder)
    try folder.write("mean_0,mean_1\n0,0\n1,-1\n".utf8, to: "z.csv")
    try folder.write("age,visits,x\n\(age),,\n\(age),,3.5\n".utf8, to: "gaps.csv")
    let sampled = try Executable.run(["sample", "run", "--given", "age=\(age)"], in: folder)
    #expect(sampled.status == 0 && sampled.errorLines.count == 1 && sampled.errors.contains("beyond"))
    let decoded = try Executable.run(["decode", "run", "--latents", "z.csv", "--given", "age=\(age)"], in: folder)
    #expect(decoded.status == 0, "\(decoded.errors)")
    let filled = try Executable.run(["impute", "run", "gaps.csv", "--output", "filled.csv"], in: folder)
    #expect(filled.status == 0, "\(filled.errors)")
    let texts = [sampled.output, decoded.output, String(decoding: try folder.read("filled.csv"), as: UTF8.self)]
    for (text, count) in zip(texts, [101, 3, 3]) {
      let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(lines.count == count && lines[0] == ["age", "visits", "x"])
      for line in lines.dropFirst() {
        #expect((0...5).contains(Float(line[1]) ?? .nan) && (0.5...100.5).contains(Float(line[2]) ?? .nan), "\(line)")
      }
    }
  }
}
