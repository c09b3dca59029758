import ArgumentParser
import Foundation
import VAEData
import VAEKernels

/// `vae-bench table`: a table of text, from the file to numbers in memory.
struct ReadTable: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "Time the reading of a CSV file, one that is written for it or another.")

  @Argument(
    help: ArgumentHelp("A table (default: one of random numbers, made and taken away again).", valueName: "file"))
  var file: String?

  @Option(name: .long, help: "Rows of the one that is made.")
  var rows = 1_000_000

  @Option(name: .long, help: "Its columns.")
  var columns = 50

  @Option(name: .long, help: "How often it is read.")
  var repetitions = 3

  @Flag(name: .long, help: "Print one JSON object instead of text.")
  var json = false

  func validate() throws {
    for (option, count) in [("rows", rows), ("columns", columns), ("repetitions", repetitions)]
    where !(1...100_000_000).contains(count) {
      throw ValidationError("--\(option): expected 1 to 100000000, found \(count)")
    }
  }

  func run() throws {
    let made = NSTemporaryDirectory() + "/vae-bench-\(ProcessInfo.processInfo.processIdentifier).csv"
    defer { if file == nil { try? FileManager.default.removeItem(atPath: made) } }
    if file == nil { try write(to: made) }
    let path = file ?? made
    let before = PeakMemory.megabytes
    var times: [Double] = []
    var shape = (rows: 0, columns: 0)
    var after: Double?
    for _ in 0..<repetitions {
      var examples: Dataset?
      times.append(try seconds { examples = try DataSource(path: path, seed: 0).contents().examples })
      shape = (examples?.count ?? 0, examples?.featureCount ?? 0)
      after = after ?? PeakMemory.megabytes
    }
    let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    let report = Report(
      machine: Machine(threads: ProcessorLimits.current.usable), rows: shape.rows, columns: shape.columns,
      fileMegabytes: Double(bytes) / 1e6, seconds: times,
      numbersMegabytes: Double(shape.rows * shape.columns * 4) / 1e6,
      peakMemoryMegabytes: after, peakMemoryBeforeMegabytes: before)
    if json { return try Output.json(report) }
    print(report.machine.lines.joined(separator: "\n"))
    print("\n\(path == made ? "random numbers" : path): \(shape.rows) rows × \(shape.columns) columns")
    print(String(format: "  file        %.0f MB", report.fileMegabytes))
    print("  read in     \(times.map(Output.time).joined(separator: ", "))")
    print(String(format: "  best        %.0f MB/s", report.fileMegabytes / (times.min() ?? 1)))
    if let after {
      print(
        String(
          format: "  memory      %.0f MB at most, %.2f times the numbers' %.0f MB", after,
          after / report.numbersMegabytes,
          report.numbersMegabytes))
    }
  }

  /// Random numbers of six digits, a thousand rows at a time.
  private func write(to path: String) throws {
    var numbers = RandomSequence(RandomStream(seed: 0, purpose: .user))
    try AtomicFile.write(to: path) { out in
      try out.append((0..<columns).map { "column_\($0)" }.joined(separator: ",") + "\n")
      for start in stride(from: 0, to: rows, by: 1000) {
        var text = ""
        for _ in start..<min(start + 1000, rows) {
          for column in 0..<columns {
            let number = Int(numbers.uniform() * 2_000_000) - 1_000_000
            text += "\(number / 1000).\(abs(number) % 1000)\(column + 1 < columns ? "," : "\n")"
          }
        }
        try out.append(text)
      }
    }
  }

  private struct Report: Encodable {
    let machine: Machine
    let rows: Int
    let columns: Int
    let fileMegabytes: Double
    let seconds: [Double]
    let numbersMegabytes: Double
    let peakMemoryMegabytes: Double?
    let peakMemoryBeforeMegabytes: Double?
  }
}
