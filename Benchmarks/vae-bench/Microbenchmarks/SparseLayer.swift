import ArgumentParser
import Foundation
import VAEKernels

/// `vae-bench sparse`: an encoder's first layer over all numbers of its examples, and over those that are not zero.
struct SparseLayer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sparse",
    abstract: "Time a first layer over all numbers and over those that are not zero, by their share, on one thread.")

  @Option(help: "Examples of a minibatch.") var batch = 128
  @Option(help: "Features of an example.") var inputs = 784
  @Option(help: "Outputs of the layer.") var outputs = 512
  @Flag(help: "Print JSON.") var json = false

  private static let shares = [0.01, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0]

  func validate() throws {
    guard batch > 0, inputs > 0, outputs > 0 else { throw ValidationError("sizes are at least 1") }
  }

  func run() throws {
    let machine = Machine(threads: 1)
    if !json {
      print(machine.lines.joined(separator: "\n"))
      print("\n\(batch) × \(inputs) × \(outputs), µs: forward and the gradient of the weights; collecting apart\n")
    }
    let active = VectorMath.active.instructionSet
    defer { _ = VectorMath.select(active) }
    var rows: [Row] = []
    for math in VectorMath.supported {
      _ = VectorMath.select(math.instructionSet)
      if !json { print("\(math.instructionSet), dense by \(MatrixProduct.engine)\n" + Row.head) }
      for share in Self.shares {
        let row = Row(math.instructionSet, Trial(batch, inputs, outputs, share))
        if !json { print(row.text) }
        rows.append(row)
      }
      if !json { print() }
    }
    if json { try Output.json(Report(machine: machine, batch: batch, inputs: inputs, outputs: outputs, rows: rows)) }
  }

  private struct Report: Encodable {
    let machine: Machine
    let batch: Int
    let inputs: Int
    let outputs: Int
    let rows: [Row]
  }

  private struct Row: Encodable {
    let instructionSet: String
    let shareNotZero: Double
    let denseMicroseconds: Double
    let entriesMicroseconds: Double
    let collectingMicroseconds: Double

    static let head = ["not zero", "dense", "entries", "collecting", "ratio"].map { Output.right($0, 12) }.joined()

    init(_ instructionSet: String, _ trial: Trial) {
      self.instructionSet = instructionSet
      shareNotZero = trial.share
      denseMicroseconds = trial.best { trial.dense() } * 1e6
      collectingMicroseconds = trial.best { trial.collect() } * 1e6
      entriesMicroseconds = trial.best { trial.entries() } * 1e6
    }

    var text: String {
      let ratio = denseMicroseconds / (entriesMicroseconds + collectingMicroseconds)
      return Output.right(String(format: "%.0f %%", shareNotZero * 100), 12)
        + [denseMicroseconds, entriesMicroseconds, collectingMicroseconds].map {
          Output.right(String(format: "%.0f", $0), 12)
        }.joined() + Output.right(String(format: "%.2f", ratio), 12)
    }
  }
}

/// A layer's matrices, with so many of the numbers of x not zero.
private final class Trial {
  let share: Double
  private let (x, weight, y): (Matrix, Matrix, Matrix)
  private let (rows, columns): (SparseRows, SparseRows)
  private let buffers: [AlignedBuffer]
  private let indices: [UnsafeMutablePointer<UInt32>]

  init(_ batch: Int, _ inputs: Int, _ outputs: Int, _ share: Double) {
    self.share = share
    buffers = [batch * inputs, inputs * outputs, batch * outputs, batch * inputs, batch * inputs].map {
      AlignedBuffer(count: $0)
    }
    x = Matrix(buffers[0].base, rows: batch, columns: inputs)
    weight = Matrix(buffers[1].base, rows: inputs, columns: outputs)
    y = Matrix(buffers[2].base, rows: batch, columns: outputs)
    indices = [batch * inputs, batch, batch, batch * inputs, inputs, inputs].map { .allocate(capacity: $0) }
    rows = SparseRows(
      places: indices[0], values: buffers[3].base, starts: indices[1], ends: indices[2], rows: batch, columns: inputs)
    columns = SparseRows(
      places: indices[3], values: buffers[4].base, starts: indices[4], ends: indices[5], rows: inputs, columns: batch)
    var random = RandomSequence(RandomStream(seed: 1, purpose: .user))
    for index in 0..<batch * inputs { x.base[index] = Double(random.uniform()) < share ? random.uniform() + 0.1 : 0 }
    weight.fill(0.5)
    y.fill(0.25)
    for row in 0..<batch { indices[1][row] = UInt32(row * inputs) }
    collect()
  }

  deinit { for pointer in indices { pointer.deallocate() } }

  func collect() { VectorMath.active.collect(x, into: rows) }

  func dense() {
    MatrixProduct.multiply(x, weight, into: y)
    MatrixProduct.multiply(transposed: x, y, into: weight)
  }

  func entries() {
    let math = VectorMath.active
    math.multiply(rows, weight, into: y)
    math.transpose(rows, columns: 0..<rows.columns, into: columns)
    math.multiply(columns, y, into: weight)
  }

  /// Seconds, the best of many.
  func best(_ body: () -> Void) -> Double {
    var (best, spent, count) = (Double.infinity, 0.0, 0)
    while count < 6 || spent < 0.05 {
      // The products grow what they multiply.
      weight.fill(0.5)
      let once = seconds(body)
      spent += once
      count += 1
      if count > 1 { best = min(best, once) }
    }
    return best
  }
}
