import Foundation
import TestSupport
import Testing

/// A run's own data that are no longer those that it was trained on: a warning, where a checkpoint can tell.
struct ChangedDataTests {
  private static let warning = "t.csv: no longer the data that the run was trained on"

  /// What the command says on standard error.
  private func errors(_ arguments: [String], in folder: TemporaryFolder) throws -> [String] {
    let result = try Executable.run(arguments, in: folder)
    #expect([0, 3].contains(result.status), "\(arguments): \(result.errors)")
    return result.errorLines
  }

  @Test(arguments: [[], ["--label-column", "city", "--conditional"], ["--validation", "20"]])
  func changedRowsAreSaidOnce(options: [String]) throws {
    let folder = try TemporaryFolder()
    let text = TinyTable.text()
    try folder.write(text.utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run"] + options, in: folder)
    try folder.write(TinyTable.text(rows: 5).utf8, to: "new.csv")
    let ofRun = [
      ["evaluate", "run"], ["evaluate", "run", "--set", "train"], ["encode", "run", "--output", "c.csv"],
      ["score", "run", "new.csv", "--threshold-quantile", "0.9", "--explain", "1"],
    ]
    let ofOthers = [
      ["evaluate", "run", "--data", "new.csv"], ["score", "run", "new.csv"],
      ["evaluate", "run", "--test-fraction", "0.5"],
    ]
    for command in ofRun + ofOthers { #expect(try errors(command, in: folder) == []) }

    // One number of one row.
    let row = text.split(separator: "\n")[7]
    let changed = row.replacing(/^\d+/) { _ in "77" }
    try #require(changed != row)
    try folder.write(text.replacing(row, with: changed).utf8, to: "t.csv")
    for command in ofRun {
      let lines = try errors(command, in: folder)
      #expect(
        lines.count == 1 && lines[0].contains("warning: ") && lines[0].contains(Self.warning), "\(command): \(lines)")
    }
    for command in ofOthers { #expect(try errors(command, in: folder) == []) }
    // Nobody can tell without a checkpoint.
    try FileManager.default.removeItem(atPath: folder.path(of: "run/checkpoint.safetensors"))
    #expect(try errors(["evaluate", "run"], in: folder) == [])
  }

  /// Other classes are other data to a model that is told them, and to no other.
  @Test(arguments: [true, false]) func changedClassesAreSaidWhereTheyAreTold(isTold: Bool) throws {
    let folder = try TemporaryFolder()
    let text = TinyTable.text()
    try folder.write(text.utf8, to: "t.csv")
    let options = ["--label-column", "city"] + (isTold ? ["--conditional"] : [])
    try TinyTable.train(["--data", "t.csv", "--output", "run"] + options, in: folder)
    try folder.write(text.replacing("Graz", with: "Wien", maxReplacements: 1).utf8, to: "t.csv")
    let lines = try errors(["evaluate", "run"], in: folder)
    #expect(lines.count == (isTold ? 1 : 0) && lines.allSatisfy { $0.contains(Self.warning) }, "\(lines)")
  }
}
