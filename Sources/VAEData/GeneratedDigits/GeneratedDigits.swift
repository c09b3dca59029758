import Dispatch
import VAEKernels

/// The built-in data: digits drawn as a person would, so that a first run needs no download.
///
/// 28 × 28 grey bytes, white on black, centred and about as large and as bright as MNIST's, each with its label. A
/// digit depends on the seed and its own index alone, never on threads or on how many are drawn.
public enum GeneratedDigits {
  /// The number of training examples in `split(seed:)`.
  public static let trainingCount = 60_000
  /// The number of test examples in `split(seed:)`.
  public static let testCount = 10_000
  /// 28 × 28, grey.
  public static let imageShape = ImageShape(width: Handwriting.side, height: Handwriting.side)

  /// 60,000 digits to train on and 10,000 others to test with.
  public static func split(seed: UInt64) -> DataSplit {
    DataSplit(
      train: digits(0..<trainingCount, seed: seed),
      test: digits(trainingCount..<trainingCount + testCount, seed: seed),
      source: "generated digits, seed \(seed)")
  }

  /// The digits with the indices in `range`, of all those that `seed` stands for.
  public static func digits(_ range: Range<Int>, seed: UInt64) -> Dataset {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= Int(UInt32.max), "digits are numbered 0 to 2^32 - 1, not \(range)")
    let area = imageShape.featureCount
    let stream = RandomStream(seed: seed, purpose: .generatedDigits)
    // Large enough to be worth handing to a thread, small enough that the last ones do not wait.
    let chunk = 500
    var labels = [UInt8](repeating: 0, count: range.count)
    var pixels = [UInt8](repeating: 0, count: range.count * area)
    labels.withUnsafeMutableBufferPointer { labels in
      pixels.withUnsafeMutableBufferPointer { pixels in
        guard let labelBase = labels.baseAddress, let pixelBase = pixels.baseAddress else { return }
        let out = Output(labels: labelBase, pixels: pixelBase)
        DispatchQueue.concurrentPerform(iterations: (range.count + chunk - 1) / chunk) { iteration in
          var path = Handwriting.Path()
          let end = min((iteration + 1) * chunk, range.count)
          var row = iteration * chunk
          while row < end {
            var random = RandomSequence(stream, example: UInt32(range.lowerBound + row))
            let digit = Int(random.integer(below: 10))
            out.labels[row] = UInt8(digit)
            var hand = Handwriting(random)
            hand.write(digit, on: out.pixels + row * area, path: &path)
            row += 1
          }
        }
      }
    }
    return Dataset(
      bytes: pixels, featureCount: area, imageShape: imageShape, labels: labels, name: "generated digits")
  }

  /// Where the threads write, each its own rows.
  private struct Output: @unchecked Sendable {
    let labels: UnsafeMutablePointer<UInt8>
    let pixels: UnsafeMutablePointer<UInt8>
  }
}
