import VAEKernels

/// Writes rows of numbers as floats, black and white where that is asked for: all that a loop over a minibatch's rows needs
/// at hand.
struct RowBinarizer {
  private let binarization: Binarization
  private let stream: RandomStream
  private let featureCount: Int
  private let math: VectorMath

  /// For rows of `featureCount` numbers; `stream` is that of `Binarization.stream`.
  init(_ binarization: Binarization, _ stream: RandomStream, featureCount: Int) {
    (self.binarization, self.stream, self.featureCount) = (binarization, stream, featureCount)
    math = VectorMath.active
  }

  /// Whether anything is done to floats.
  var changesNumbers: Bool { binarization != .none }

  /// Writes a row of bytes, each of which stands for byte / 255.
  @inline(__always)
  func write(_ source: UnsafePointer<UInt8>, example: UInt32, into out: UnsafeMutablePointer<Float>) {
    switch binarization {
    case .none:
      math.floats(from: source, count: featureCount, into: out)
    case .threshold:
      // 128 is the least byte with byte / 255 ≥ ½.
      math.threshold(source, at: 128, count: featureCount, into: out)
    case .static, .dynamic:
      math.drawBernoulli(source, count: featureCount, stream, example: example, into: out)
    }
  }

  /// Writes a row of floats, perhaps in its own place where something is done to them.
  @inline(__always)
  func write(_ source: UnsafePointer<Float>, example: UInt32, into out: UnsafeMutablePointer<Float>) {
    switch binarization {
    case .none:
      out.update(from: source, count: featureCount)
    case .threshold:
      math.threshold(source, at: 0.5, count: featureCount, into: out)
    case .static, .dynamic:
      math.drawBernoulli(source, count: featureCount, stream, example: example, into: out)
    }
  }
}
