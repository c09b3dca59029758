import Foundation
import Testing

@testable import vae_bench

/// What `vae-bench` says of an epoch. That it measures what it says is tried on the program itself, by `BenchmarkRunTests`.
@Suite struct EpochResultTests {
  private static let result = EpochResult(
    name: "tiny", shape: "4–2–4", parameters: 10, examples: 100, stepsPerEpoch: 10, epochSeconds: [1.5, 1.25],
    engines: [
      .init(products: "own", epochSeconds: [1.5, 1.25]), .init(products: "openblas", epochSeconds: [2.5, 3]),
    ], operationsPerEpoch: 1e9, productsSeconds: 1, phases: [.init(name: "decoder", seconds: 0.1)],
    evaluation: .init(seconds: 2, productsSeconds: 1), scaling: [], peakMemoryMegabytes: nil)

  @Test func theTextHasBothEngines() {
    let lines = Self.result.text.split(separator: "\n")
    #expect(lines.contains("  engines     best epoch by own 1.250 s, openblas 2.500 s (2.00 ×)"))
    #expect(lines.contains { $0.hasPrefix("  epoch       best 1.250 s, median 1.375 s of 2;") })
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  /// `summarize.py` reads some of these.
  @Test func theJSONHasBothEnginesBesideWhatItHad() throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let data = try encoder.encode(Self.result)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["epoch_seconds"] as? [Double] == [1.5, 1.25])
    #expect(object["best_epoch_seconds"] as? Double == 1.25)
    #expect(object["products_seconds"] as? Double == 1)
    #expect(object["products_share"] as? Double == 0.8)
    let engines = try #require(object["engines"] as? [[String: Any]])
    #expect(engines.map { $0["products"] as? String } == ["own", "openblas"])
    #expect(engines.map { $0["best_epoch_seconds"] as? Double } == [1.25, 2.5])
    #expect(engines.map { ($0["epoch_seconds"] as? [Double])?.count } == [2, 2])
  }
}
