import VAEKernels
import VAETrainer

/// The directions in which some rows of numbers vary most, by LAPACK's eigenvectors of their covariance.
public struct PrincipalComponents: Sendable {
  /// The middle of the rows [D].
  public let mean: [Double]
  /// Directions of length 1, each of D numbers, the one of most variance first. The largest number of each is positive.
  public let directions: [[Double]]
  /// The share of the variance along each direction; zero for rows that do not vary.
  public let varianceShares: [Double]

  /// The first `count` directions of rows [N, D], row after row, at least one; no more than there are dimensions.
  ///
  /// Throws `LAPACKError`, as for a number that is not finite.
  public init(rows: [Float], dimension: Int, count: Int = 2) throws {
    let data = SampleCovariance(rows: rows, dimension: dimension)
    let eigen = try LAPACK.eigen(ofSymmetric: data.covariance, order: dimension)
    mean = data.mean
    directions = (0..<min(count, dimension)).map { index in
      let direction = eigen.vectors[index * dimension..<(index + 1) * dimension]
      // Either sign is an eigenvector; a rule, so that two machines draw the same picture.
      let largest = direction.max { abs($0) < abs($1) } ?? 1
      return direction.map { largest < 0 ? -$0 : $0 }
    }
    // Rounding may make a variance of nothing negative.
    let total = eigen.values.reduce(0) { $0 + max($1, 0) }
    varianceShares = eigen.values.prefix(count).map { total > 0 ? max($0, 0) / total : 0 }
  }

  /// The places of rows [N, D] along the directions [N, count], from the middle of the rows that these are of.
  public func project(_ rows: [Float]) -> [Double] {
    let dimension = mean.count
    precondition(rows.count % dimension == 0, "\(rows.count) numbers are no rows of \(dimension)")
    var places: [Double] = []
    places.reserveCapacity(rows.count / dimension * directions.count)
    for start in stride(from: 0, to: rows.count, by: dimension) {
      for direction in directions {
        var sum = 0.0
        for index in 0..<dimension { sum += (Double(rows[start + index]) - mean[index]) * direction[index] }
        places.append(sum)
      }
    }
    return places
  }
}
