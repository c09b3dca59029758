import Foundation
import TestSupport
import Testing

/// Numbers and names that make no sense.
struct BadOptionTests {
  /// Options of training with values that each must be refused.
  private static let training: [(option: String, values: [String])] = [
    ("epochs", ["0", "-1", "abc", "1e9", "nan", "99999999999", ""]),
    ("hidden", ["0", "-5", "99999999999", "8,0", ",", "nan", "16777216,16777216"]),
    ("decoder-hidden", ["0", "-1"]),
    ("latent", ["0", "-1", "nan", "99999999999"]),
    ("batch-size", ["0", "-1", "nan", "99999999999"]),
    ("learning-rate", ["0", "-1", "nan", "inf", "1e30", "1e99", "abc"]),
    ("beta1", ["1", "-0.1", "nan"]), ("beta2", ["1", "-0.1", "nan"]),
    ("epsilon", ["0", "-1", "nan", "1e-99"]),
    ("schedule", ["linear"]),
    ("learning-rate-steps", ["1", "0:0.1", "1:nan", "1:-1", "5:0.1,3:0.1", "999999999999999999:1"]),
    ("warm-up-epochs", ["-1", "nan", "1e9"]),
    ("clip-norm", ["0", "-1", "nan", "inf"]),
    ("kl-weight", ["-1", "nan", "1e9"]),
    ("objective", ["mse", "iwae 0", "elbo free-bits"]), ("importance-samples", ["0", "-1", "nan", "99999999999"]),
    ("kl-estimate", ["exact"]), ("gradient-estimator", ["best", "sticking-the-landing"]),
    ("kl-warm-up-epochs", ["-1", "nan", "1000001"]), ("kl-cycles", ["0", "-1", "2"]),
    ("binarize", ["some"]), ("activation", ["softsign"]), ("initialization", ["zero"]), ("likelihood", ["student"]),
    ("variance", ["1"]),
    ("patience", ["0", "-1", "2"]),
    ("validation", ["-1", "64", "99999999999", "nan"]),
    ("test-fraction", ["0", "1", "-0.5", "nan"]),
    ("checkpoint-steps", ["0", "-1", "nan"]),
    ("seed", ["-1", "nan", "99999999999999999999"]),
    ("threads", ["0", "-1", "10000", "nan"]),
    ("products", ["blas", "OWN", ""]), ("instruction-set", ["sse9", "AVX2", ""]),
    ("data", [""]), ("nonsense", ["1"]),
  ]

  @Test(arguments: training.map(\.option))
  func ofTrainingAreRefused(option: String) throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    for value in Self.training.first(where: { $0.option == option })!.values {
      // The option under test comes last, and so counts.
      let arguments = ["--data", "data", "--output", "run", "--\(option)", value]
      try expectRefusal(arguments, in: folder, naming: ["--\(option)"])
    }
  }

  @Test func thatContradictOthersAreRefused() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try expectRefusal(["--quiet", "--json"], in: folder, naming: ["--quiet"])
    try expectRefusal(["--resume", "run", "--seed", "1"], in: folder, naming: ["--seed"])
    try expectRefusal(["--likelihood", "gaussian", "--variance", "0"], in: folder, naming: ["--variance"])
    try expectRefusal(["--likelihood", "gaussian", "--variance", "nan"], in: folder, naming: ["--variance"])
    try expectRefusal(["--objective", "iwae", "--kl-estimate", "monte-carlo"], in: folder, naming: ["--kl-estimate"])
    try expectRefusal(
      ["--kl-estimate", "monte-carlo", "--gradient-estimator", "doubly-reparameterized"], in: folder,
      naming: ["--gradient-estimator"])
    try expectRefusal(["--schedule", "steps"], in: folder, naming: ["--learning-rate-steps"])
    try expectRefusal(["--schedule", "cosine", "--learning-rate-steps", "1:0.1"], in: folder, naming: ["\"cosine\""])
    try expectRefusal(["nonsense"], in: folder, naming: ["nonsense"])
    try expectRefusal(["--resume", ""], in: folder, naming: ["--resume", "expected a path"])
    try expectRefusal(["train", "--data", "data", "--output", "run"], in: folder, naming: ["--output run"])
  }

  /// Whichever layer finds it: what a person wrote wrong has the exit code of a wrong command line (sysexits' EX_USAGE).
  @Test(arguments: [
    ["--latent", "0"], ["--epochs", "0"], ["--epochs", "a"], ["--variance", "0", "--likelihood", "gaussian"],
  ])
  func theLineBeginsWithTheOption(arguments: [String]) throws {
    let result = try Executable.run(arguments, in: TemporaryFolder())
    #expect(result.status == 64)
    if Int(arguments[1]) != nil {
      #expect(result.errors.hasPrefix("vae-train: \(arguments[0]): expected "), "\(result.errors)")
    }
  }

  @Test func ofTheOtherCommandsAreRefused() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try Executable.run(["encode", "run", "--output", "a.csv"], in: folder)
    for size in ["0", "-1", "nan", "1e9", "1001"] {
      try expectRefusal(["sample", "run", "--rows", size], in: folder, naming: ["--rows"])
      try expectRefusal(["reconstruct", "run", "--columns", size], in: folder, naming: ["--columns"])
      try expectRefusal(["manifold", "run", "--size", size], in: folder, naming: ["--size"])
      try expectRefusal(["decode", "run", "--latents", "a.csv", "--columns", size], in: folder, naming: ["--columns"])
    }
    for threads in ["0", "-1", "10000"] {
      try expectRefusal(["evaluate", "run", "--threads", threads], in: folder, naming: ["--threads"])
      try expectRefusal(["check-gradients", "--threads", threads], in: folder, naming: ["--threads"])
    }
    try expectRefusal(["evaluate", "run", "--products", "mkl"], in: folder, naming: ["--products", "own, openblas"])
    try expectRefusal(
      ["evaluate", "run", "--instruction-set", "mmx"], in: folder, naming: ["--instruction-set", "processor supports"])
    for dimensions in ["0,0", "0,2", "-1,0", "1", "a,b", "0,1,1", ""] {
      try expectRefusal(["manifold", "run", "--dimensions", dimensions], in: folder, naming: ["--dimensions"])
    }
    for set in ["validation", "some"] {
      try expectRefusal(["evaluate", "run", "--set", set], in: folder, naming: ["--set"])
    }
    for (option, value) in [
      ("inputs", "0"), ("hidden", "0"), ("batch-size", "0"), ("batch-size", "99999"), ("kl-weight", "nan"),
      ("hidden", "60000,60000"),
    ] {
      try expectRefusal(["check-gradients", "--\(option)", value], in: folder, naming: ["--\(option)"])
    }
    try expectRefusal(["evaluate"], in: folder, naming: ["<run>"])
    try expectRefusal(["info", "--nonsense"], in: folder, naming: ["--nonsense"])
  }
}
