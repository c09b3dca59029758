import VAEData

/// The intervals of a histogram of one column's numbers.
struct NumberBins {
  /// The most bins: about as many as a small histogram shows.
  static let mostBins = 30

  /// Of so many numbers: their square root, but 8 at least, so that of few numbers a bin is not by chance what it is.
  static func binCount(of numbers: Int) -> Int { min(mostBins, max(8, Int(Double(numbers).squareRoot()))) }

  /// Rising, one more than there are bins.
  let edges: [Double]
  /// Whether the bins are equal steps of a normal distribution's quantiles, and no equal steps of the number.
  let isByQuantiles: Bool

  /// Bins for the numbers of `column` from `lowest` to `highest`.
  ///
  /// Whole numbers have bins of one of them, or of several, whole. Where a column has heavy tails and the model sees it
  /// through a curve of quantiles, its bins are on that curve: in equal steps of its own nearly all rows would be in one.
  init(_ column: CodedColumn, lowest: Float, highest: Float, binCount: Int = mostBins, hasHeavyTails: Bool = false) {
    let (low, high) = (Double(lowest), Double(highest))
    let isWhole = column.kind == .count || column.decimals == 0
    isByQuantiles = hasHeavyTails && !column.transform.knots.isEmpty && column.kind == .number
    if isByQuantiles {
      edges = Self.edges(onCurve: column.transform, low, high, binCount)
    } else if isWhole {
      let step = max(1, ((high - low + 1) / Double(binCount)).rounded(.up))
      let count = ((high - low + 1) / step).rounded(.up)
      edges = (0...Int(max(count, 1))).map { low - 0.5 + Double($0) * step }
    } else {
      let width = (high > low ? high - low : 1) / Double(binCount)
      edges = (0...binCount).map { (high > low ? low : low - 0.5) + Double($0) * width }
    }
  }

  /// Tails are heavy where the excess kurtosis is beyond this: that of a normal distribution is 0, of Laplace's 3, of an
  /// exponential one 6.
  private static let heavyTail = 10.0

  /// Whether numbers have heavy tails; NaN and what is infinite left out.
  static func hasHeavyTails(_ values: [Float]) -> Bool {
    let known = values.filter(\.isFinite)
    let count = Double(max(known.count, 1))
    let mean = known.reduce(0.0) { $0 + Double($1) } / count
    var (second, fourth) = (0.0, 0.0)
    for value in known {
      let square = (Double(value) - mean) * (Double(value) - mean)
      (second, fourth) = (second + square / count, fourth + square * square / count)
    }
    return second > 0 && fourth / (second * second) - 3 > heavyTail
  }

  private static func edges(onCurve transform: NumberTransform, _ low: Double, _ high: Double, _ binCount: Int)
    -> [Double]
  {
    let (start, end) = (transform.forward(Float(low)).value, transform.forward(Float(high)).value)
    var edges: [Double] = []
    for step in 0...binCount {
      let share = Float(step) / Float(binCount)
      let edge = min(max(Double(transform.inverse(start + (end - start) * share)), low), high)
      if edges.last.map({ edge > $0 }) ?? true { edges.append(edge) }
    }
    return edges.count >= 2 ? edges : [low, high > low ? high : low + 1]
  }

  /// How many bins there are.
  var count: Int { edges.count - 1 }

  /// The numbers in each bin, NaN left out; what lies beyond an end counts to the last bin there.
  func counts(_ values: [Float]) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    edges.withUnsafeBufferPointer { edges in
      for value in values where !value.isNaN {
        var (low, high) = (0, count)
        while high - low > 1 {
          let middle = (low + high) / 2
          if edges[middle] <= Double(value) { low = middle } else { high = middle }
        }
        counts[low] += 1
      }
    }
    return counts
  }
}
