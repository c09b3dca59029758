import ArgumentParser
import Foundation
import VAEKernels

/// `vae-bench functions`: every function of `CVectorMath` by itself, in every instruction set.
struct Functions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time each vector function in each instruction set, in nanoseconds an element.")

  @Option(name: .long, help: "Only the functions with this in their name.")
  var filter = ""

  @Flag(name: .long, help: "Print one JSON object instead of text.")
  var json = false

  func run() throws {
    let machine = Machine(threads: 1)
    let sets = VectorMath.supported
    let functions = VectorFunction.all.filter { filter.isEmpty || $0.name.contains(filter) }
    guard !functions.isEmpty else {
      let names = VectorFunction.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--filter: expected part of one of \(names); found \(filter)")
    }
    if !json {
      print(machine.lines.joined(separator: "\n"))
      print("\nns an element, in the first-level cache, and in memory (the fastest set)\n")
      let head = sets.map { Output.right($0.instructionSet, 10) }.joined()
      print(Output.left("  function", 30) + head + Output.right("memory", 10))
    }
    var rows: [Row] = []
    for function in functions {
      let row = Row(
        function: function.name,
        nanosecondsPerElement: Dictionary(
          uniqueKeysWithValues: sets.map { ($0.instructionSet, function.nanoseconds($0, rows: 4, columns: 256)) }),
        nanosecondsPerElementInMemory: function.nanoseconds(sets.last!, rows: 4096, columns: 2048))
      if !json {
        let numbers = sets.map { row.nanosecondsPerElement[$0.instructionSet]! } + [row.nanosecondsPerElementInMemory]
        print(
          Output.left("  \(row.function)", 30)
            + numbers.map { Output.right(String(format: "%.3f", $0), 10) }.joined())
      }
      rows.append(row)
    }
    if json { try Output.json(Report(machine: machine, functions: rows)) }
  }

  private struct Row: Encodable {
    let function: String
    let nanosecondsPerElement: [String: Double]
    let nanosecondsPerElementInMemory: Double
  }

  private struct Report: Encodable {
    let machine: Machine
    let functions: [Row]
  }
}
