import Foundation
import TestSupport
import Testing

/// What is held out is said in one way.
struct DivisionOptionTests {
  private func makeFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try folder.write(TinyTable.text(rows: 30).utf8, to: "u.csv")
    return folder
  }

  @Test func twoWaysAreRefused() throws {
    let folder = try makeFolder()
    let ways = [
      ["--test-data", "u.csv"], ["--split-column", "smoker"], ["--group-column", "city"], ["--stratify"],
    ]
    for (first, second) in ways.indices.flatMap({ a in ways.indices.map { (a, $0) } }) where first < second {
      let options = ways[second] + ways[first] + ["--label-column", "city"]
      let naming = ["\(ways[second][0]): expected without \(ways[first][0])", "found both"]
      let command = first == 0 ? ["inspect", "t.csv"] : ["--data", "t.csv", "--output", "run"]
      try expectRefusal(command + options, in: folder, naming: naming)
    }
    try expectRefusal(
      ["inspect", "t.csv", "--test-data", "u.csv", "--test-fraction", "0.2"], in: folder, naming: ["--test-fraction"])
    try expectRefusal(
      ["convert", "t.csv", "--stratify", "--output", "c.csv"], in: folder, naming: ["--stratify", "convert"])
  }

  /// The other of the two may be in a run's config.json.
  @Test func soIsAnotherThanTheRuns() throws {
    let folder = try makeFolder()
    let data = ["--data", "u.csv"]
    let ways = [
      (["--group-column", "city"], "group-column"), (["--stratify", "--label-column", "city"], "stratify"),
    ]
    for (options, own) in ways {
      let run = "run-\(own)"
      try TinyTable.train(["--data", "t.csv", "--output", run] + options, in: folder)
      for other in [["--split-column", "smoker"], ["--test-data", "t.csv"]] {
        try expectRefusal(
          ["evaluate", run] + data + other, in: folder, naming: ["\(other[0]): expected without --\(own)", "the run"])
      }
      // The same is no contradiction.
      let result = try Executable.run(["evaluate", run] + data + options, in: folder)
      #expect(result.status == 0 && result.output.contains("(test)"), "\(result.errors)")
    }
    let resumed = ["--resume", "run-stratify", "--epochs", "2", "--group-column", "city"]
    try expectRefusal(resumed, in: folder, naming: ["--group-column", "--resume"])
  }

  @Test func ofAllNothingIsHeldOut() throws {
    let folder = try makeFolder()
    try TinyTable.train(["--data", "t.csv", "--group-column", "city", "--output", "run"], in: folder)
    for option in [["--group-column", "city"], ["--stratify"], ["--split-column", "smoker"]] {
      try expectRefusal(
        ["evaluate", "run", "--data", "u.csv", "--set", "all"] + option, in: folder,
        naming: ["\(option[0]): expected without --set all"])
    }
    // So that the column that says what is held out may be missing.
    let text = TinyTable.text(rows: 9).replacing("city", with: "town")
    try folder.write(text.utf8, to: "town.csv")
    let arguments = ["encode", "run", "--data", "town.csv", "--set", "all", "--output", "a.csv"]
    let all = try Executable.run(arguments, in: folder)
    #expect(all.status == 0 && all.output.contains("9 examples"), "\(all.errors)")
    // Who says how to divide a file wants a part of it.
    let part = try Executable.run(
      ["encode", "run", "--data", "u.csv", "--group-column", "city", "--output", "b.csv"], in: folder)
    #expect(part.status == 0 && !part.output.contains("30 examples"), "\(part.errors) \(part.output)")
  }
}
