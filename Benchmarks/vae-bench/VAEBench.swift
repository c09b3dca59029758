import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `vae-bench`: epoch throughput, beside what the matrix products alone cost.
@main
struct VAEBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vae-bench",
    abstract: "Time training epochs over 60,000 digits, and their matrix products alone, in turns.")

  @Argument(help: "keras-2d, torch-20d, iwae-50d, wide-64d (default: the first).")
  var workloads: [String] = ["keras-2d"]

  @Option(name: .long, help: "Epochs to time; the first, untimed one is not counted.")
  var epochs = 3

  @Option(name: .long, help: "Threads (default: one a processor).")
  var threads: Int?

  @Option(name: .long, help: "Folder with MNIST (default: generated digits).")
  var data: String?

  func validate() throws {
    for name in workloads where !Workload.named.contains(where: { $0.name == name }) {
      throw ValidationError(
        "workload: expected one of \(Workload.named.map(\.name).joined(separator: ", ")), found \(name)")
    }
    guard epochs >= 1 else { throw ValidationError("--epochs: expected 1 or more, found \(epochs)") }
    let limit = ThreadTeam.maximumCount
    if let threads, !(1...limit).contains(threads) {
      throw ValidationError("--threads: expected 1 to \(limit), found \(threads)")
    }
  }

  func run() throws {
    let threads = threads ?? BLAS.processorCount
    print("\(BLAS.configuration)")
    print("core \(BLAS.coreName), \(VectorMath.active.instructionSet) loops, \(threads) threads\n")
    print("workload    best s/epoch  median   ex./s  GFLOP/s   products alone   share of the step")
    let split = try DataSource.load(path: data, testFraction: 0.1, seed: 0)
    for workload in Workload.named where workloads.contains(workload.name) {
      let epoch = try EpochBenchmark(workload, data: split, threads: threads, epochs: epochs)
      let products = try ProductsBenchmark(workload, team: epoch.team)
      let count = split.train.count
      var epochTimes: [Double] = []
      var productTimes: [Double] = []
      _ = try epoch.run()
      for _ in 0..<epochs {
        productTimes.append(products.run(count: count))
        epochTimes.append(try epoch.run())
      }
      epochTimes.sort()
      let (best, median) = (epochTimes[0], epochTimes[epochTimes.count / 2])
      try epoch.phases()
      let alone = productTimes.min() ?? .nan
      print(
        workload.name.padding(toLength: 12, withPad: " ", startingAt: 0)
          + String(
            format: "%12.3f %7.3f %7.0f %8.0f %13.3f s %18.2f", best, median, Double(count) / best,
            workload.productOperations(count: count) / best / 1e9, alone, alone / best))
    }
  }
}
