import Foundation
import TestSupport
import Testing

/// Arguments that would not be what they seem: refused, with the exit code of a wrong command line.
struct TypedArgumentTests {
  private func refuse(_ arguments: [String], naming: [String]) throws {
    let result = try Executable.run(arguments, in: TemporaryFolder())
    #expect(result.status == 64 && result.output == "", "\(arguments)")
    #expect(result.errorLines.count == 1)
    for text in naming { #expect(result.errors.contains(text), "\(arguments): \(result.errors)") }
  }

  /// Read as letters some of these hold the h of help, and some do not.
  @Test(arguments: [
    ["-epochs", "3"], ["-threads", "2"], ["-batch-size=5"], ["-hidden", "5"], ["-help"], ["-quiet"],
    ["train", "-schedule", "cosine"], ["evaluate", "run", "-json"], ["sample", "-columns", "3", "run"],
    ["encode", "run", "-output", "a.csv"], ["info", "-json"], ["reproduce", "-list"], ["describe", "-inputs", "3"],
    ["check-gradients", "-inputs", "3"], ["compare", "a", "b", "-output", "c.html"],
  ])
  func oneDashIsRefused(arguments: [String]) throws {
    let option = try #require(arguments.first { $0.hasPrefix("-") }).prefix { $0 != "=" }
    try refuse(arguments, naming: ["\(option): expected", "two dashes", "; try -\(option)"])
  }

  /// A word that is no command; and an option that the command does not have, and others do.
  @Test func whatWasMeantIsSaid() throws {
    try refuse(["inspct", "t.csv"], naming: ["inspct: expected a command", "--help", "\"inspect\""])
    let folder = try TemporaryFolder()
    try folder.write([], to: "t.csv")
    try expectRefusal(["t.csv"], in: folder, naming: ["t.csv: expected a command", "--data t.csv", "inspect t.csv"])
    try refuse(
      ["score", "run", "t.csv", "--columns", "x"],
      naming: ["--columns: expected an option of score, found one of train, ", "inspect, convert"])
    try refuse(["inspect", "t.csv", "--data", "t.csv"], naming: ["--data: expected an option of inspect", "train"])
    try refuse(["score", "run", "t.csv", "--sample", "3"], naming: ["Unknown option '--sample'", "--samples"])
    try refuse(["score", "run", "--threads", "1"], naming: ["<data>"])
  }

  @Test func soIsAnotherDash() throws {
    try refuse(["–epochs", "3"], naming: ["try --epochs"])
    try refuse(["—epochs", "3"], naming: ["try --epochs"])
    try refuse(["-nonsense"], naming: ["-nonsense", "--help"])
  }

  @Test func anOptionThatIsGivenTwiceIsRefused() throws {
    try refuse(["--epochs", "1", "--epochs", "2"], naming: ["--epochs: expected once", "\"1\" and \"2\""])
    try refuse(["--epochs=1", "--seed", "3", "--epochs", "2"], naming: ["--epochs"])
    try refuse(["evaluate", "run", "--seed", "1", "--seed", "2"], naming: ["--seed"])
    try refuse(["--images", "--no-images"], naming: ["images"])
    // What says the same twice is clear enough.
    #expect(try Executable.run(["info", "--json", "--json"], in: TemporaryFolder()).status == 0)
    let same = ["describe", "--inputs", "3", "--inputs", "3"]
    #expect(try Executable.run(same, in: TemporaryFolder()).status == 0)
  }

  @Test func helpOfNoCommandIsRefused() throws {
    try refuse(["help", "trian"], naming: ["trian", "train"])
    #expect(try Executable.run(["-h"], in: TemporaryFolder()).status == 0)
    #expect(try Executable.run(["help", "train"], in: TemporaryFolder()).status == 0)
  }

  /// A sign does not make an option of a number.
  @Test(arguments: ["-1", "-.5", "-inf", "-nan"]) func aSignedNumberIsAValue(number: String) throws {
    try refuse(["--variance", number, "--likelihood", "gaussian"], naming: ["--variance"])
  }

  @Test func neitherAreWholeNumbersCalledNone() throws {
    try refuse(["--epochs", "99999999999999999999"], naming: ["--epochs", "9223372036854775807"])
    try refuse(["--kl-warm-up-epochs", "1e999"], naming: ["--kl-warm-up-epochs", "1.797"])
  }

  /// What a single-precision number cannot hold is neither called infinite nor taken for zero.
  @Test(arguments: ["1e39", "-1e300", "1e-50"]) func theRangeOfNumbersIsSaid(number: String) throws {
    try refuse(["--learning-rate", number], naming: ["--learning-rate", "3.4028235e+38"])
  }
}
