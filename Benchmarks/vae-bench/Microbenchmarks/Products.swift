import ArgumentParser
import Foundation
import VAEKernels

/// `vae-bench products`: every matrix product of a workload by itself.
struct Products: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time each matrix product of workloads, divided between threads in each possible way.")

  @OptionGroup var selection: WorkloadOptions
  @OptionGroup var measurement: MeasurementOptions

  func run() throws {
    let machine = Machine(threads: measurement.threadCount)
    if !measurement.json {
      print(machine.lines.joined(separator: "\n"))
      print("\nGFLOP/s; in brackets on one thread\n")
    }
    let team = try ThreadTeam(count: measurement.threadCount)
    let alone = ProductTimer(try ThreadTeam(count: 1))
    let timer = ProductTimer(team)
    var rows: [Row] = []
    for workload in try selection.selected(inputCount: 784, default: ["keras-2d", "iwae-50d"]) {
      if !measurement.json { print("\(workload.name)  \(workload.summary)\n" + Row.head) }
      var seen: Set<StepProduct> = []
      for product in workload.products where seen.insert(product).inserted {
        let row = Row(workload.name, product, timer, alone)
        if !measurement.json { print(row.text) }
        rows.append(row)
      }
      if !measurement.json { print() }
    }
    if measurement.json { try Output.json(Report(machine: machine, products: rows)) }
  }

  private struct Report: Encodable {
    let machine: Machine
    let products: [Row]
  }

  private struct Row: Encodable {
    let workload: String
    let form: StepProduct.Form
    let batchSize: Int
    let inputs: Int
    let outputs: Int
    let gigaflopsPerSecond: [String: Double]
    let gigaflopsPerSecondOnOneThread: [String: Double]

    static let head =
      Output.left("  product", 18) + Output.right("in × out", 12) + Output.right("OpenBLAS", 14)
      + Output.right("by rows", 9) + Output.right("columns", 9) + Output.right("own", 14)

    init(_ workload: String, _ product: StepProduct, _ timer: ProductTimer, _ alone: ProductTimer) {
      self.workload = workload
      form = product.form
      batchSize = product.batchSize
      inputs = product.inputs
      outputs = product.outputs
      let speed = { (timer: ProductTimer, method: ProductTimer.Method) in
        product.operations / timer.time(product, method) / 1e9
      }
      gigaflopsPerSecond = Dictionary(
        uniqueKeysWithValues: ProductTimer.Method.allCases.map { ($0.rawValue, speed(timer, $0)) })
      gigaflopsPerSecondOnOneThread = Dictionary(
        uniqueKeysWithValues: [ProductTimer.Method.openblas, .own].map { ($0.rawValue, speed(alone, $0)) })
    }

    var text: String {
      let number = { (method: ProductTimer.Method) in String(format: "%.0f", gigaflopsPerSecond[method.rawValue]!) }
      let alone = { (method: ProductTimer.Method) in
        String(format: " (%.0f)", gigaflopsPerSecondOnOneThread[method.rawValue]!)
      }
      return Output.left("  \(form.rawValue)", 18) + Output.right("\(inputs) × \(outputs)", 12)
        + Output.right(number(.openblas) + alone(.openblas), 14) + Output.right(number(.openblasByRows), 9)
        + Output.right(number(.openblasByColumns), 9) + Output.right(number(.own) + alone(.own), 14)
    }
  }
}
