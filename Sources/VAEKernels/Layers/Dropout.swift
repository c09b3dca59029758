/// Dropout: in training each number is 0 with probability p, and else grows by what that takes from the mean.
///
///     y = x ⊙ w,   w = 0 with probability p, else 1 / (1 − p)             in training;  y = x otherwise
///     dx = dy ⊙ w
///
/// The numbers that decide are keyed by the seed, the epoch, the example, its sample and the layer, so that they do not
/// depend on threads or on what ran before, and a resumed run draws the same. Source: Srivastava et al. 2014, the inverted
/// form, with nothing to do in evaluation.
public struct Dropout: DrawsNoise {
  /// "dropout".
  public static let name = "dropout"

  /// p.
  public let probability: Float

  /// A layer that drops with `probability`, at least 0 and less than 1.
  public init(_ probability: Float) {
    precondition(Self.isPossible(probability), "a probability of \(probability) to drop")
    self.probability = probability
  }

  /// "dropout 0.1".
  public init(_ settings: inout Settings) throws {
    probability = try settings.number(
      "a probability, at least 0 and less than 1", where: Self.isPossible)
  }

  private static func isPossible(_ probability: Float) -> Bool { probability >= 0 && probability < 1 }

  /// p.
  public var settings: [String] { ["\(probability)"] }

  /// Behind an input of any width. Throws `ArchitectureError` where there are too many such layers to tell apart.
  public func lay(_ blueprint: inout Blueprint, _ input: Slot, name: String) throws -> any Stage {
    let index = blueprint.drawingIndex()
    guard index < Pass.drawingLayerCount else {
      throw ArchitectureError.layer(
        name, expected: "at most \(Pass.drawingLayerCount) layers that draw", found: "another")
    }
    var output = blueprint.slot(columns: input.columns, rows: input.rows, gradient: input.hasGradient)
    output.toldCount = input.toldCount
    output.sparse = input.sparse.map { blueprint.sparseSlot(like: $0) }
    return Placed(
      probability: probability, index: index, name: name, input: input, output: output,
      mask: blueprint.slot(columns: input.columns, rows: input.rows, gradient: false, training: true))
  }

  private struct Placed: EntriesStage {
    let probability: Float
    let index: UInt32
    let name: String
    let input: Slot
    let output: Slot
    let mask: Slot

    func forward(_ pass: Pass) {
      if let x = pass.entries(of: input), let y = pass.entries(of: output) { return forward(x, y, pass) }
      guard let randomness = pass.trainingRandomness else {
        return pass.own(pass[output]).copy(pass.own(pass[input]))
      }
      // An example's numbers are drawn by one worker, whatever the regions are.
      pass.barrier()
      let (x, y, mask) = (pass[input], pass[output], pass[mask])
      let samples = input.rows.perExample(samples: pass.workspace.samples)
      precondition(samples <= 1 << 17, "\(samples) rows an example")
      let own = pass.ownExamples
      for k in 0..<samples {
        let numbers = every(samples, of: mask, from: k).rows(own)
        VectorMath.active.fillUniform(
          numbers, randomness.stream(layer: index, sample: k),
          examples: UnsafeBufferPointer(rebasing: randomness.examples[own]))
        VectorMath.active.dropoutMask(inPlace: numbers, probability: probability)
        VectorMath.active.multiplyElements(
          every(samples, of: x, from: k).rows(own), numbers, into: every(samples, of: y, from: k).rows(own))
      }
      pass.barrier()
    }

    /// The same numbers as of a dense row, for what is not zero, and what the encoder is told.
    private func forward(_ x: SparseRows, _ y: SparseRows, _ pass: Pass) {
      pass.barrier()
      let (told, out) = (pass[input], pass[output])
      for row in pass.ownExamples {
        let entries = x.entries(of: row)
        let numbers = y.values + entries.lowerBound
        numbers.update(from: x.values + entries.lowerBound, count: entries.count)
        drop(numbers, x.places + entries.lowerBound, count: entries.count, example: row, pass)
        guard input.toldCount > 0 else { continue }
        let first = input.columns - input.toldCount
        let behind = out.base + row * out.stride + first
        behind.update(from: told.base + row * told.stride + first, count: input.toldCount)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: input.toldCount) { places in
          for index in 0..<input.toldCount { places[index] = UInt32(first + index) }
          drop(behind, places.baseAddress!, count: input.toldCount, example: row, pass)
        }
      }
      pass.barrier()
    }

    private func drop(
      _ numbers: UnsafeMutablePointer<Float>, _ places: UnsafePointer<UInt32>, count: Int, example: Int, _ pass: Pass
    ) {
      guard let randomness = pass.trainingRandomness else { return }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: max(count, 1)) { room in
        let uniform = Matrix(room.baseAddress!, rows: 1, columns: count)
        VectorMath.active.fillUniform(
          uniform.base, places: places, count: count, randomness.stream(layer: index, sample: 0),
          example: randomness.examples[example])
        VectorMath.active.dropoutMask(inPlace: uniform, probability: probability)
        let numbers = Matrix(numbers, rows: 1, columns: count)
        VectorMath.active.multiplyElements(numbers, uniform, into: numbers)
      }
    }

    func backward(_ pass: Pass) {
      guard input.hasGradient else { return }
      let (dX, dY) = (pass.own(pass.d(input)), pass.own(pass.d(output)))
      if pass.trainingRandomness == nil { return dX.copy(dY) }
      VectorMath.active.multiplyElements(dY, pass.own(pass[mask]), into: dX)
    }

    /// The rows of sample `k` of every example.
    private func every(_ samples: Int, of matrix: Matrix, from k: Int) -> Matrix {
      Matrix(
        matrix.base + k * matrix.stride, rows: matrix.rows / samples, columns: matrix.columns,
        stride: samples * matrix.stride)
    }
  }
}

extension Pass {
  /// The most layers of a model that draw.
  static let drawingLayerCount: UInt32 = 128

  /// Where a layer that draws finds its numbers; nil where it is to draw none.
  fileprivate var trainingRandomness: Randomness? { isTraining ? randomness : nil }
}

extension Pass.Randomness {
  /// The numbers of a layer for one sample of each example. A sample takes 17 bits, `maximumSamples`, a layer 7.
  fileprivate func stream(layer: UInt32, sample: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: .dropout, epoch: epoch, sample: layer << 17 | UInt32(sample))
  }
}
