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
}
