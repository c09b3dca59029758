import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `vae-bench [epochs]`: whole epochs of workloads, and what bounds them.
struct Epochs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time training epochs beside what their matrix products alone cost.",
    discussion: """
      Epochs and products are measured in turns, in one process: epochs with products by the library's own kernels and by \
      OpenBLAS, of which the one in use (see VAE_PRODUCTS) has the figures of all the rest. The products alone are each timed by themselves, divided \
      between the threads in the fastest of four ways: by OpenBLAS, by this library's team with OpenBLAS by rows or by \
      columns, and by this library's own product. Their share of the step is how near training is to their cost.
      """)

  @OptionGroup var selection: WorkloadOptions
  @OptionGroup var measurement: MeasurementOptions

  @Option(
    name: .long,
    help: "Epochs to time by each engine, after one that is not counted (default: about ten seconds' worth).")
  var epochs: Int?

  @Option(name: .long, help: "Folder with MNIST or a set like it (default: generated digits).")
  var data: String?

  @Option(
    name: .long,
    help: "Instead, measure how an epoch of keras-2d on generated digits grows with: batch, width, threads, examples.")
  var sweep: Sweep.Quantity?

  func validate() throws {
    if sweep != nil && (data != nil || epochs != nil || selection.isGiven) {
      throw ValidationError("--sweep: expected without a workload, a shape, --data or --epochs, found with one")
    }
    if let epochs, epochs < 1 { throw ValidationError("--epochs: expected 1 or more, found \(epochs)") }
  }

  func run() throws {
    if let sweep { return try Sweep(sweep, measurement).run() }
    let split = try DataSource.load(path: data, testFraction: 0.1, seed: 0)
    let workloads = try selection.selected(inputCount: split.train.featureCount)
    let machine = Machine(threads: measurement.threadCount)
    if !measurement.json {
      print(machine.lines.joined(separator: "\n"))
      print("data      \(split.source), \(split.train.count.counted("example"))\n")
    }
    var results: [EpochResult] = []
    for workload in workloads {
      let result = try EpochBenchmark(workload, data: split, threads: measurement.threadCount).run(epochs: epochs)
      Output.progress("")
      if !measurement.json { print(result.text) }
      results.append(result)
    }
    if measurement.json { try Output.json(Report(machine: machine, data: split.source, workloads: results)) }
  }

  private struct Report: Encodable {
    let machine: Machine
    let data: String
    let workloads: [EpochResult]
  }
}
