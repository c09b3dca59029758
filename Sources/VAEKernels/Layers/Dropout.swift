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
    return Placed(
      probability: probability, index: index, name: name, input: input,
      output: blueprint.slot(columns: input.columns, rows: input.rows),
      mask: blueprint.slot(columns: input.columns, rows: input.rows, gradient: false, training: true))
  }

  private struct Placed: Stage {
    let probability: Float
    let index: UInt32
    let name: String
    let input: Slot
    let output: Slot
    let mask: Slot

    func forward(_ pass: Pass) {
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
