import VAEKernels

/// Transforms found from the numbers of a column in order.
extension NumberTransform {
  /// The median to 0, and the quartiles to those of N(0, 1); nil where they are one, or there are none.
  static func robust(sorted values: [Float]) -> NumberTransform? {
    guard !values.isEmpty else { return nil }
    func quantile(_ p: Double) -> Float { values[Int((Double(values.count - 1) * p).rounded())] }
    let scale = (quantile(0.75) - quantile(0.25)) / Float(2 * NormalDistribution.quantile(0.75))
    return scale.isNormal ? NumberTransform(center: quantile(0.5), scale: scale) : nil
  }

  /// Quantiles to those of N(0, 1); nil where fewer than two values differ.
  static func normalizing(sorted values: [Float]) -> NumberTransform? {
    guard values.count >= 2 else { return nil }
    let count = min(TableModelling.knotCount, values.count)
    var knots: [Knot] = []
    var place = 0
    for index in 0..<count {
      let value = values[index * (values.count - 1) / (count - 1)]
      if let last = knots.last, value <= last.value { continue }
      // From the first row with the value to the first with a greater one.
      while place < values.count, values[place] < value { place += 1 }
      var end = place
      while end < values.count, values[end] == value { end += 1 }
      let knot = knot(value, rows: place..<end, of: values.count)
      if let last = knots.last,
        knot.range.lowerBound <= last.range.upperBound || !slope(last, knot).isNormal
      {
        continue
      }
      knots.append(knot)
    }
    return rise(knots) ? NumberTransform(knots: knots) : nil
  }

  /// The knot of a value that the rows `rows` of `count` in order have: at the mean of their normal numbers, and as wide as
  /// their share where that is as large as what lies between two knots.
  private static func knot(_ value: Float, rows: Range<Int>, of count: Int) -> Knot {
    let total = Double(count)
    guard rows.count * TableModelling.knotCount > count, rows.count > 1 else {
      let middle = Double(rows.lowerBound + rows.upperBound) / 2
      return .init(value: value, normal: Float(NormalDistribution.quantile(middle / total)))
    }
    // Half a row short of the ends, where there is no quantile.
    let shares = (max(Double(rows.lowerBound), 0.5) / total, min(Double(rows.upperBound), total - 0.5) / total)
    let ends = (NormalDistribution.quantile(shares.0), NormalDistribution.quantile(shares.1))
    let mean = (NormalDistribution.density(ends.0) - NormalDistribution.density(ends.1)) / (shares.1 - shares.0)
    let range = Float(ends.0)...Float(ends.1)
    // A hair's breadth apart from its neighbours, which begin where it ends.
    let margin = (range.upperBound - range.lowerBound) * 1e-3
    return .init(
      value: value, normal: min(max(Float(mean), range.lowerBound + margin), range.upperBound - margin),
      range: range.lowerBound + margin...range.upperBound - margin)
  }
}
