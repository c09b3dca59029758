import VAEData
import VAEKernels
import VAETrainer

/// The small pictures of a page: its examples, at most 32 pixels on a side, of 16 greys or as many of each colour.
struct Thumbnails {
  /// The most pixels on a side; larger pictures are made smaller.
  static let mostPixels = 32

  /// Of one small picture.
  let shape: ImageShape
  /// The pixels of the full picture that are one of the small one, along each side.
  let factor: Int

  /// Small pictures of pictures of `shape`.
  init(of shape: ImageShape) {
    // Every picture of up to 47 pixels stays as it is: half of its lines would be a worse likeness than all are a burden.
    let side = max(shape.width, shape.height)
    factor = side < 3 * Self.mostPixels / 2 ? 1 : (side + Self.mostPixels - 1) / Self.mostPixels
    self.shape = ImageShape(
      width: (shape.width + factor - 1) / factor, height: (shape.height + factor - 1) / factor,
      channels: shape.channels)
  }

  /// The pixels of one picture averaged over squares, those at the edges over what there is of them.
  func reduced(_ pixels: UnsafeBufferPointer<Float>, of full: ImageShape) -> [Float] {
    guard factor > 1 else { return Array(pixels) }
    var small = [Float](repeating: 0, count: shape.featureCount)
    small.withUnsafeMutableBufferPointer { small in
      for y in 0..<shape.height {
        let rows = y * factor..<min((y + 1) * factor, full.height)
        for x in 0..<shape.width {
          let columns = x * factor..<min((x + 1) * factor, full.width)
          let share = 1 / Float(rows.count * columns.count)
          for channel in 0..<shape.channels {
            var sum: Float = 0
            for row in rows {
              for column in columns { sum += pixels[(row * full.width + column) * full.channels + channel] }
            }
            small[(y * shape.width + x) * shape.channels + channel] = sum * share
          }
        }
      }
    }
    return small
  }

  /// All pictures of `test`, as the model is shown them: packed, compressed, in base64.
  func packed(_ test: Dataset, of full: ImageShape, _ binarization: Binarization, seed: UInt64) -> String {
    var packed: [UInt8] = []
    // An odd number of pixels would end in the middle of a byte: whole pairs of examples go on where others ended.
    let block = max(2, min(512, (1 << 22) / test.featureCount / 2 * 2))
    let buffer = AlignedBuffer(count: block * test.featureCount)
    for start in stride(from: 0, to: test.count, by: block) {
      let examples = (start..<min(start + block, test.count)).map { UInt32($0) }
      let rows = Matrix(buffer.base, rows: examples.count, columns: test.featureCount)
      examples.withUnsafeBufferPointer {
        test.gather($0, binarization, RandomStream(seed: seed, purpose: .evaluationBinarization), into: rows)
      }
      var small: [Float] = []
      small.reserveCapacity(examples.count * shape.featureCount)
      for row in 0..<rows.rows {
        small += reduced(UnsafeBufferPointer(start: rows.base + row * rows.stride, count: rows.columns), of: full)
      }
      packed += PackedNumbers.fourBits(small)
    }
    return PackedNumbers.base64(Gzip.compress(packed))
  }
}
