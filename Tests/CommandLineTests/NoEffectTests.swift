import Foundation
import TestSupport
import Testing

/// Options that can have no effect are refused, or where a longer run would heed them, said to have none.
struct NoEffectTests {
  @Test(arguments: [
    ["--test-fraction", "0.5"], ["--hidden", "none", "--activation", "tanh"],
    ["--kl-weight", "0", "--kl-warm-up-epochs", "1"], ["--kl-weight", "0", "--free-bits", "1"],
    ["--kl-weight", "0", "--capacity", "1"], ["--capacity", "0", "--capacity-epochs", "1"],
    ["--capacity-epochs", "1"], ["--objective", "iwae", "--kl-estimate", "closed-form"], ["--kl-cycles", "2"],
    ["--schedule", "constant", "--learning-rate-steps", "1:0.1"], ["--patience", "2"], ["--output", ""],
    ["--optimizer", "adamw", "--weight-decay", "0", "--decayed", "weights"],
    ["--l2-penalty", "0", "--decayed", "weights"], ["--resume-schedule", "keep"],
    ["--image-epochs", "1", "--no-images"],
  ])
  func ofTrainingAreRefused(options: [String]) throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let named = options.dropLast().last { $0.hasPrefix("--") }!
    let all = ["--data", "data", "--epochs", "3"] + (options.contains("--output") ? [] : ["--output", "run"])
    let result = try Executable.run(all + options, in: folder)
    #expect(result.status == 64 && result.output == "", "\(options): \(result.errors)")
    #expect(result.errorLines.count == 1 && result.errors.contains("--"), "\(named): \(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "run")))
  }

  @Test func aTestFractionOfWhatIsDividedAlreadyIsRefused() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try expectRefusal(["--test-fraction", "0.5"], in: folder, naming: ["--test-fraction", "generated digits"])
    for command in [["evaluate"], ["encode", "--output", "a.csv"], ["plot"]] {
      let arguments = [command[0], "run", "--test-fraction", "0.5"] + command.dropFirst()
      try expectRefusal(arguments, in: folder, naming: ["--test-fraction", "single file"])
    }
    let all = ["encode", "run", "--data", "data/train-images-idx3-ubyte", "--test-fraction", "0.5", "--set", "all"]
    try expectRefusal(all + ["--output", "a.csv"], in: folder, naming: ["--test-fraction", "--set all"])
  }

  @Test(arguments: [
    (["encode", "run", "--output", "a.csv", "--seed", "1"], "--seed"),
    (["reconstruct", "run", "--seed", "1"], "--seed"),
    (["sample", "run", "--threads", "1"], "--threads"), (["sample", "run", "--data", "data"], "--data"),
    (["decode", "run", "--latents", "a.csv", "--output", "a.npy", "--columns", "2"], "--columns"),
    (["reproduce", "--list", "--seed", "1"], "--seed"), (["reproduce", "dense-2d", "--list"], "dense-2d"),
    (["check-gradients", "--kl-warm-up-epochs", "1"], "--kl-warm-up-epochs"),
    (["check-gradients", "--corruption", "masking", "--corruption-amount", "0.1"], "--corruption-amount"),
    (["--resume", "run", "--resume-schedule", "keep"], "--epochs"),
    (["--resume", "run", "--resume-schedule", "keep", "--epochs", "3"], "--resume-schedule"),
    (["--data", "data", "--initialize-from", "run", "--initialization", "he-normal"], "--initialization"),
    (["--data", "data", "--initialize-from", "run", "--no-output-bias-from-mean"], "--output-bias-from-mean"),
  ])
  func ofTheOtherCommandsAreRefused(arguments: [String], named: String) throws {
    try expectRefusal(arguments, in: Tiny.makeRun(["--no-images"]), naming: [named])
  }

  @Test(arguments: [
    (
      "t.csv", "CSV or TSV",
      [
        "--image-size 8", "--fit whole", "--channels grey", "--background 000000",
        "--unreadable fail", "--transpose-images", "--array x", "--label-array y",
      ]
    ),
    (
      "t.npy", "NPY",
      [
        "--image-size 8", "--array x", "--delimiter comma", "--header no", "--decimal-comma",
        "--no-decimal-comma", "--missing x",
      ]
    ),
    ("data", "a folder of IDX files", ["--channels grey", "--columns a", "--missing x"]),
    (
      "p", "a folder of pictures",
      [
        "--columns a", "--exclude a", "--counts a", "--categories a", "--numbers a",
        "--conditions a", "--scaling none", "--unseen other", "--delimiter comma", "--missing x", "--array x",
        "--transpose-images",
      ]
    ),
  ])
  func ofReadingOtherFormatsAreRefused(path: String, name: String, options: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try folder.write(TinyTable.npy([1, 2, 3, 4], [2, 2]), to: "t.npy")
    try Tiny.writeData(in: folder)
    try folder.write(TinyTable.picture("PNG type 0, 1 bits"), to: "p/1.png")
    for option in options {
      let words = option.split(separator: " ").map(String.init)
      try expectRefusal(["inspect", path] + words, in: folder, naming: ["\(words[0]): expected with", "with \(name)"])
    }
    try expectRefusal(
      ["--data", path, "--output", "run"] + options[0].split(separator: " ").map(String.init), in: folder,
      naming: ["found with \(name)"])
  }

  @Test func ofOneOfTwoFilesAreHeeded() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.npy((0..<20).map { Float($0) }, [10, 2]), to: "t.npy")
    try folder.write("1;2\n4;3\n".utf8, to: "u.csv")
    let inspected = try Executable.run(
      ["inspect", "t.npy", "--test-data", "u.csv", "--header", "no"], in: folder)
    #expect(inspected.status == 0, "\(inspected.errors)")
    try Tiny.writeData(in: folder)
    let turned = try Executable.run(["inspect", "data", "--transpose-images"], in: folder)
    #expect(turned.output.contains("4 × 5"), "\(turned.output) \(turned.errors)")
    try expectRefusal(
      ["inspect", "--image-size", "8", "t.npy", "--test-data", "u.csv"], in: folder, naming: ["--image-size"])
    let trained = try Executable.run(
      ["--data", "data", "--output", "run", "--epochs", "1", "--no-images"] + Tiny.options, in: folder)
    #expect(trained.status == 0, "\(trained.errors)")
    try expectRefusal(
      ["encode", "run", "--data", "data", "--delimiter", "tab", "--output", "a.csv"], in: folder,
      naming: ["--delimiter: expected with CSV or TSV", "a folder of IDX files"])
    try expectRefusal(["score", "run", "data", "--array", "x"], in: folder, naming: ["--array: expected with"])
  }

  @Test func whatLiesBeyondTheEndIsSaid() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.run(
      ["--data", "data", "--epochs", "2", "--output", "run"]
        + ["--learning-rate-steps", "1:0.5,2:0.1", "--validation", "8", "--patience", "2"]
        + ["--checkpoint-steps", "1000", "--image-epochs", "3"] + Tiny.options, in: folder)
    #expect(result.status == 0)
    #expect(
      result.errorLines.count == 4 && result.errorLines.allSatisfy { $0.contains("no effect") }, "\(result.errors)")
    for option in ["--learning-rate-steps: epoch 2", "--patience", "--checkpoint-steps", "--image-epochs"] {
      #expect(result.errors.contains(option), "\(result.errors)")
    }
  }

  @Test func namesForOtherExamplesAreSaidToBeLeftOut() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try folder.write(Array("one\ntwo\n".utf8), to: "names.txt")
    let result = try Executable.run(["report", "run", "--labels", "names.txt"], in: folder)
    #expect(result.status == 0 && result.errors.contains("--labels") && result.errors.contains("left out"))
  }

  @Test func aVariableThatNothingReadsIsSaid() throws {
    let folder = try TemporaryFolder()
    let result = try Executable.shell("VAE_THREADS=3 VAE_MNIST=a VAE_DATA=b \"$VAE_TRAIN\" info", in: folder)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    #expect(result.outputLines.count { $0.contains("VAE_") && $0.contains("ignored") } == 1)
    #expect(result.output.contains("VAE_THREADS"))
    let evaluation = try Executable.shell("VAE_THREADS=3 VAE_MNIST=a \"$VAE_TRAIN\" describe --hidden 4", in: folder)
    #expect(evaluation.errorLines.count == 1 && evaluation.errors.contains("VAE_THREADS"), "\(evaluation.errors)")
    let misspelt = try Executable.shell("VAE_PRODUCTS=mkl \"$VAE_TRAIN\" info", in: folder)
    let line = try #require(misspelt.outputLines.first { $0.hasPrefix("products") })
    #expect(line.contains("VAE_PRODUCTS") && line.contains("\"mkl\"") && line.contains("ignored"))
  }

  /// What is said of columns has no meaning for pictures, in whatever file they are, nor for what is only written anew.
  @Test func columnsOfPicturesAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.npy((0..<640).map { Float($0 * 7 % 11) / 10 }, [40, 4, 4]), to: "p.npy")
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    for options in [["--scaling", "robust"], ["--counts", "*"], ["--conditions", "a"], ["--columns", "a"]] {
      try expectRefusal(
        ["--data", "p.npy", "--output", "run"] + options + TinyTable.options, in: folder,
        naming: ["p.npy", "a table, for \(options[0])", "pictures"])
      if options[0] == "--columns" { continue }
      try expectRefusal(
        ["convert", "t.csv", "--output", "t.npy"] + options, in: folder, naming: ["\(options[0]): ", "convert"])
    }
    try expectRefusal(
      ["convert", "t.csv", "--output", "t.npy", "--unseen", "other"], in: folder, naming: ["--unseen: ", "convert"])
    try expectRefusal(["--id-column", "a"], in: folder, naming: ["--id-column", "generated digits"])
    try TinyTable.train(["--data", "p.npy", "--output", "run"], in: folder)
    try expectRefusal(
      ["score", "run", "p.npy", "--unseen", "other"], in: folder, naming: ["a table, for --unseen"])
    // What a run of before has in its configuration nobody can take back.
    let changed = try Executable.shell(
      "sed -i.old 's/\"scaling\" *: *\"[a-z]*\"/\"scaling\": \"standard\"/' run/config.json"
        + " && grep -q standard run/config.json", in: folder)
    #expect(changed.status == 0, "\(changed.errors)")
    for command in [["evaluate", "run"], ["score", "run", "p.npy"], ["--resume", "run", "--epochs", "2"]] {
      #expect(try Executable.run(command, in: folder).status == 0, "\(command)")
    }
  }
}
