import Foundation
import TestSupport
import Testing

/// `vae-train reproduce`, without the hours that it takes.
struct ReproduceTests {
  @Test func lists() throws {
    let result = try Executable.run(["reproduce", "--list"], in: TemporaryFolder())
    #expect(result.status == 0 && result.errors == "")
    for name in ["pytorch-example", "dense-2d", "autoencoder-32", "linear-ppca", "iwae-mnist"] {
      #expect(result.outputLines.contains(name))
    }
  }

  @Test func refusesWhatMakesNoSense() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let data = ["--data", "data"]
    try expectRefusal(["reproduce"], in: folder, naming: ["pytorch-example"])
    try expectRefusal(["reproduce", "nothing"] + data, in: folder, naming: ["pytorch-example", "nothing"])
    try expectRefusal(["reproduce", "dense-2d"], in: folder, naming: ["--data"])
    try expectRefusal(["reproduce", "dense-2d", "--stages", "3"] + data, in: folder, naming: ["--stages"])
    try expectRefusal(["reproduce", "dense-2d", "--objective", "iwae"] + data, in: folder, naming: ["--objective"])
    try expectRefusal(["reproduce", "iwae-mnist", "--stages", "9"] + data, in: folder, naming: ["--stages", "9"])
    try expectRefusal(
      ["reproduce", "iwae-mnist", "--importance-samples", "0"] + data, in: folder, naming: ["--importance-samples"])
    // Not MNIST.
    try expectRefusal(["reproduce", "dense-2d"] + data, in: folder, naming: ["784", "20"])
  }
}
