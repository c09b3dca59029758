import Foundation
import TestSupport
import Testing
import VAEData

/// What is not known is not claimed.
struct UnknownTests {
  @Test func ofOneExampleThereIsNoVariance() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    try folder.write(Tiny.images(1), to: "data/t10k-images-idx3-ubyte")
    try folder.write(Tiny.labels(1), to: "data/t10k-labels-idx1-ubyte")
    let arguments = ["--data", "data", "--output", "run", "--epochs", "3", "--quiet"] + Tiny.options
    #expect(try Executable.run(arguments, in: folder).status == 0)
    let result = try Executable.run(["evaluate", "run", "--importance-samples", "1"], in: folder)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    #expect(!result.output.contains("collapsed") && !result.output.contains("0.0000,"), "\(result.output)")
    #expect(result.output.contains("± unknown") && result.output.contains("from 1 sample,"), "\(result.output)")
    let json = try Executable.run(["evaluate", "run", "--importance-samples", "2", "--json"], in: folder).output
    #expect(!json.contains("posterior_collapsed") && !json.contains("active_units") && !json.contains("standard_error"))
    #expect(try Tiny.metrics(folder).allSatisfy { $0["active_units"] == nil })
    let encoded = try Executable.run(["encode", "run", "--output", "a.csv"], in: folder)
    #expect(encoded.output.contains("1 example, 2 latent dimensions"), "\(encoded.output)")
    for command in ["report", "plot", "traversals"] {
      #expect(try Executable.run([command, "run"], in: folder).status == 0, "\(command)")
    }
  }

  /// EMNIST's letters are labelled from 1.
  @Test func aClassWithoutExamplesIsNotDrawn() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    for (part, count) in [("train", Tiny.trainCount), ("t10k", Tiny.testCount)] {
      let labels = (0..<count).map { UInt8($0 % 4 + 1) }
      try folder.write(IDX.encode(labels, shape: [count]), to: "data/\(part)-labels-idx1-ubyte")
    }
    let result = try Executable.run(
      ["--data", "data", "--output", "run", "--epochs", "1", "--conditional"] + Tiny.options, in: folder)
    #expect(result.status == 0 && result.output.contains("told 4 classes"), "\(result.output) \(result.errors)")
    try expectRefusal(
      ["sample", "run", "--label", "0"], in: folder, naming: ["--label: expected a class from 1 to 4", "found 0"])
    try expectRefusal(["manifold", "run", "--label", "5"], in: folder, naming: ["--label"])
    #expect(try Executable.run(["sample", "run", "--label", "1"], in: folder).status == 0)
    // A picture without --label begins with the first class that there is, and so does a decoded file.
    try folder.write(Array("0.5,1\n".utf8), to: "latents.csv")
    for label in [[], ["--label", "1"]] {
      let output = "decoded\(label.count).npy"
      _ = try Executable.run(["decode", "run", "--latents", "latents.csv", "--output", output] + label, in: folder)
    }
    #expect(try folder.read("decoded0.npy") == folder.read("decoded2.npy"))
    let resumed = try Executable.run(["--resume", "run", "--epochs", "2", "--no-images"], in: folder)
    #expect(resumed.status == 0 && resumed.output.contains("told 4 classes"), "\(resumed.errors)")
  }

  @Test func colorsAreCounted() throws {
    let folder = try TemporaryFolder()
    let pixels = (0..<20 * 4 * 5 * 3).map { UInt8($0 % 251) }
    try folder.write(IDX.encode(pixels, shape: [20, 4, 5, 3]), to: "colors")
    let result = try Executable.run(
      ["--data", "colors", "--output", "run", "--epochs", "1", "--no-images"] + Tiny.options, in: folder)
    #expect(result.outputLines.first?.contains("5 × 4 × 3") == true, "\(result.output) \(result.errors)")
    #expect(result.output.contains("1 epoch of 2 steps of 16"), "\(result.output)")
  }

  /// The first checkpoint that cannot be written is that after the only epoch.
  @Test func aPlaceIsInTheRun() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.run(
      ["--data", "data", "--output", "run", "--epochs", "1", "--likelihood", "gaussian", "--variance", "1e-30"]
        + Tiny.options, in: folder)
    #expect(result.status != 0 && !result.errors.contains("epoch 2"), "\(result.errors)")
  }

  @Test func theRangeOfAVarianceIsSaid() throws {
    let folder = try TemporaryFolder()
    for arguments in [["--likelihood", "gaussian", "--variance", "1e-38"], ["--likelihood", "gaussian 1e-38"]] {
      try expectRefusal(arguments, in: folder, naming: ["1.1754944e-38 to 8.507059e+37"])
    }
  }

  /// -log p(x) of an earlier epoch is not that of the model.
  @Test func anEarlierLikelihoodIsSaidToBeOne() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    func page(after arguments: [String]) throws -> String {
      #expect(try Executable.run(arguments, in: folder).status == 0)
      #expect(try Executable.run(["report", "run"], in: folder).status == 0)
      return String(decoding: try folder.read("run/report.html"), as: UTF8.self)
    }
    let current = try page(after: ["evaluate", "run", "--importance-samples", "2"])
    #expect(current.contains("2 samples") && !current.contains("of the model after epoch"))
    let later = try page(after: ["--resume", "run", "--epochs", "3", "--quiet", "--no-images"])
    #expect(later.contains("2 samples, of the model after epoch"))
  }
}
