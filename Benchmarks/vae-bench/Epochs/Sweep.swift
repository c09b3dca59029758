import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `vae-bench --sweep`: how the cost of an epoch grows with one quantity.
struct Sweep {
  enum Quantity: String, CaseIterable, ExpressibleByArgument { case batch, width, threads, examples }

  let quantity: Quantity
  let measurement: MeasurementOptions
  private let digits = GeneratedDigits.split(seed: 0).train

  init(_ quantity: Quantity, _ measurement: MeasurementOptions) {
    self.quantity = quantity
    self.measurement = measurement
  }

  func run() throws {
    let points = try quantity.values(threads: measurement.threadCount).map { value in
      Output.progress("\(quantity.rawValue) \(value)")
      return Point(value: value, secondsPerEpoch: try secondsPerEpoch(at: value))
    }
    Output.progress("")
    let law = points.count > 1 ? PowerLaw(points.map { (Double($0.value), $0.secondsPerEpoch) }) : nil
    let machine = Machine(threads: measurement.threadCount)
    if measurement.json {
      return try Output.json(Report(machine: machine, quantity: quantity.rawValue, points: points, powerLaw: law))
    }
    print(machine.lines.joined(separator: "\n"))
    print("\nkeras-2d, 60,000 generated digits but for what varies\n")
    print(Output.right(quantity.rawValue, 10) + Output.right("epoch", 12))
    for point in points {
      print(Output.right("\(point.value)", 10) + Output.right(Output.time(point.secondsPerEpoch), 12))
    }
    if let law {
      let error = law.standardError.map { String(format: " ± %.2f", $0) } ?? ""
      print(String(format: "\nan epoch's time goes as %@ ^ %.2f%@", quantity.rawValue, law.exponent, error))
    }
  }

  /// The best of three, in a portion of an epoch where a whole one would take long.
  private func secondsPerEpoch(at value: Int) throws -> Double {
    let all = digits.subset(Array(0..<(quantity == .examples ? value : 16_384)))
    let base = Workload.named[0]
    var architecture = base.architecture
    if quantity == .width {
      architecture.encoder = .hidden([value], .relu)
      architecture.decoder = .hidden([value], .relu)
    }
    let workload = Workload(
      base.name, architecture, batchSize: quantity == .batch ? value : base.batchSize)
    let trainer = try EpochBenchmark.trainer(
      workload, all, threads: quantity == .threads ? value : measurement.threadCount)
    let best = try (0..<4).map { _ in try trainer.runEpoch().seconds }.dropFirst().min()!
    return quantity == .examples ? best : best * 60_000 / Double(all.count)
  }

  struct Point: Encodable {
    let value: Int
    let secondsPerEpoch: Double
  }

  private struct Report: Encodable {
    let machine: Machine
    let quantity: String
    let points: [Point]
    let powerLaw: PowerLaw?
  }
}

extension Sweep.Quantity {
  func values(threads: Int) -> [Int] {
    switch self {
    case .batch: [8, 16, 32, 64, 128, 256, 512, 1024]
    case .width: [64, 128, 256, 512, 1024, 2048]
    case .threads: Array(1...threads)
    case .examples: [1024, 2048, 4096, 8192, 16_384, 32_768]
    }
  }
}
