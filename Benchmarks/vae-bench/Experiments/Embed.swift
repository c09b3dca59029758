import ArgumentParser
import Foundation
import VAEKernels
import VAETrainer

/// `vae-bench tsne`: points in clusters, put into the plane.
struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tsne", abstract: "Time a t-SNE of generated points, or of those of a file.", shouldDisplay: false)

  @Option(name: .long, help: "Points.")
  var points = 50_000

  @Option(name: .long, help: "Their dimensions.")
  var dimensions = 10

  @Option(name: .long, help: "The perplexity.")
  var perplexity = 30.0

  @Option(name: .long, help: "Steps.")
  var iterations = 1000

  @Option(name: .long, help: "Threads.")
  var threads = ProcessorLimits.current.usable

  @Option(name: .long, help: "The seed.")
  var seed: UInt64 = 0

  @Option(name: .long, help: "Raw floats, point after point, in place of generated ones.")
  var input: String?

  @Option(name: .long, help: "Where the embedding goes, as raw floats, two for each point.")
  var output: String?

  func validate() throws {
    for (option, count, limit) in [("points", points, 1_000_000), ("dimensions", dimensions, 10_000)]
    where !(1...limit).contains(count) {
      throw ValidationError("--\(option): expected 1 to \(limit), found \(count)")
    }
  }

  func run() throws {
    let team = try ThreadTeam(count: threads)
    let data =
      try input.map { path in
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      } ?? clusters()
    var settings = TSNE()
    (settings.perplexity, settings.iterations, settings.seed) = (perplexity, iterations, seed)
    print(Machine(threads: threads).lines.joined(separator: "\n"))
    let start = ContinuousClock.now
    var neighborSeconds = 0.0
    var firstStep: Double?
    let result = try settings.embed(data, dimension: dimensions, team: team) { progress in
      let now = (ContinuousClock.now - start) / .seconds(1)
      if progress.stage == .neighbors { neighborSeconds = now } else { firstStep = firstStep ?? now }
      Output.progress("\(progress.stage): \(progress.completed) of \(progress.total)")
    }
    let total = (ContinuousClock.now - start) / .seconds(1)
    Output.progress("")
    print("\n\(data.count / dimensions) points × \(dimensions) dimensions, perplexity \(result.perplexity)")
    print("  neighbours  \(Output.time(neighborSeconds))")
    print("  affinities  \(Output.time((firstStep ?? total) - neighborSeconds))")
    print("  \(iterations) steps   \(Output.time(total - (firstStep ?? total)))")
    print("  in all      \(Output.time(total))")
    print(String(format: "  divergence  %.5f nats", result.divergence))
    if let peak = PeakMemory.megabytes { print(String(format: "  memory      %.0f MB at most", peak)) }
    if let output {
      try result.points.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: output)) }
    }
  }

  /// Twenty clusters, of deviation 1 about centres of deviation 3.
  private func clusters() -> [Float] {
    let centers = AlignedBuffer(count: 20 * dimensions)
    let noise = AlignedBuffer(count: points * dimensions)
    fill(Matrix(centers.base, rows: 20, columns: dimensions), sample: 0)
    fill(Matrix(noise.base, rows: points, columns: dimensions), sample: 1)
    return (0..<points * dimensions).map {
      3 * centers.base[$0 / dimensions % 20 * dimensions + $0 % dimensions] + noise.base[$0]
    }
  }

  private func fill(_ matrix: Matrix, sample: UInt32) {
    (0..<matrix.rows).map { UInt32($0) }.withUnsafeBufferPointer {
      VectorMath.active.fillNormal(
        matrix, RandomStream(seed: seed, purpose: .user, sample: sample), examples: $0)
    }
  }
}
