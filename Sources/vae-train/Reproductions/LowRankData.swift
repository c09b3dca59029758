import VAEData
import VAEKernels

/// Generated data of few directions: x = V z + noise of deviation 0.5, where V [D, L] and z are standard normal.
enum LowRankData {
  /// D.
  static let featureCount = 64
  /// L.
  static let latentCount = 5

  /// `count` examples; the same from the same seed.
  static func make(count: Int, seed: UInt64) -> Dataset {
    let directions = normal(rows: latentCount, columns: featureCount, seed, sample: 0)
    let latents = normal(rows: count, columns: latentCount, seed, sample: 1)
    var values = normal(rows: count, columns: featureCount, seed, sample: 2).map { 0.5 * $0 }
    values.withUnsafeMutableBufferPointer { values in
      for example in 0..<count {
        for latent in 0..<latentCount {
          let z = latents[example * latentCount + latent]
          for feature in 0..<featureCount {
            values[example * featureCount + feature] += z * directions[latent * featureCount + feature]
          }
        }
      }
    }
    return Dataset(values, featureCount: featureCount, name: "generated low-rank data")
  }

  private static func normal(rows: Int, columns: Int, _ seed: UInt64, sample: UInt32) -> [Float] {
    var numbers = [Float](repeating: 0, count: rows * columns)
    numbers.withUnsafeMutableBufferPointer { buffer in
      (0..<rows).map { UInt32($0) }.withUnsafeBufferPointer {
        VectorMath.active.fillNormal(
          Matrix(buffer.baseAddress!, rows: rows, columns: columns),
          RandomStream(seed: seed, purpose: .user, sample: sample), examples: $0)
      }
    }
    return numbers
  }
}
