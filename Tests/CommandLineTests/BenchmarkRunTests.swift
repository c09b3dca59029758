import Foundation
import TestSupport
import Testing

/// `vae-bench` on data that take no time. A process of its own, for it changes who multiplies.
struct BenchmarkRunTests {
  private struct Report: Decodable {
    struct Machine: Decodable { let products: String }
    struct Engine: Decodable {
      let products: String
      let epochSeconds: [Double]
      let bestEpochSeconds: Double
    }
    struct Workload: Decodable {
      let epochSeconds: [Double]
      let engines: [Engine]
    }
    let machine: Machine
    let workloads: [Workload]
  }

  /// Whichever is in use has the figures at the top, too.
  @Test(arguments: ["own", "openblas"]) func measuresBothEngines(inUse: String) throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.shell(
      "VAE_PRODUCTS=\(inUse) \"$(dirname \"$VAE_TRAIN\")/vae-bench\" --data data --hidden 4 --latent 1 --epochs 2 "
        + "--threads 2 --json", in: folder)
    try #require(result.status == 0, "\(result.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let report = try decoder.decode(Report.self, from: Data(result.output.utf8))
    let workload = try #require(report.workloads.first)
    #expect(report.machine.products == inUse)
    #expect(workload.engines.map(\.products) == ["own", "openblas"])
    for engine in workload.engines {
      #expect(engine.epochSeconds.count == 2 && engine.epochSeconds.min() == engine.bestEpochSeconds)
      #expect((engine.epochSeconds == workload.epochSeconds) == (engine.products == inUse))
    }
  }
}
