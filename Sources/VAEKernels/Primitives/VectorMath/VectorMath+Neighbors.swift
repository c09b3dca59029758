/// Distances between points.
extension VectorMath {
  /// The number of floats in a vector: some loops take so many columns or rows at a time.
  package var width: Int { Int(table.pointee.width) }

  /// |x − q|² of every query, a row of `queries` [queries, dimensions], from every point, a column of `points`
  /// [dimensions, count], into `distances` [queries, count]. Equal points have a distance of exactly 0.
  package func squaredDistances(ofColumns points: Matrix, from queries: Matrix, into distances: Matrix) {
    precondition(
      points.rows == queries.columns && distances.rows == queries.rows && distances.columns == points.columns,
      "distances of \(points.shapeDescription) points from \(queries.shapeDescription) into \(distances.shapeDescription)"
    )
    table.pointee.squared_distances(
      points.base, points.stride, points.rows, points.columns, queries.base, queries.stride, queries.rows,
      distances.base, distances.stride)
  }

  /// Of each of `count` distances that is no larger than `bound`: its bits, and below them `first` + its index, so that
  /// keys are in the order of distances, and equal ones in the order of indices. Room for `count` keys; how many there are is
  /// returned.
  package func selectWithin(
    _ bound: Float, _ distances: UnsafePointer<Float>, count: Int, first: Int, into keys: UnsafeMutablePointer<UInt64>
  ) -> Int {
    table.pointee.select_within(distances, count, bound, UInt32(first), keys)
  }
}
