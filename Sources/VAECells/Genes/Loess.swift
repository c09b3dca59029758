/// A curve through points in the plane: at each place a parabola, fitted to the nearest points by squares that weigh less the
/// further away (Cleveland 1979; Cleveland and Devlin 1988, loess), without iterations for outliers.
///
/// As the program of Cleveland and Grosse does it ("Computational methods for local regression", 1991), which R and
/// scikit-misc have: fitted at the corners of cells of the line that hold about as many points each, with the slope there,
/// and between two corners the cubic that has both values and both slopes.
struct Loess {
  private var corners: [(place: Double, value: Double, slope: Double)] = []

  /// The share of the points that a fit looks at.
  static let span = 0.3
  /// The points of a cell, as a share of those of a fit.
  static let cell = 0.2

  /// Through the points (x, y), of which there is at least one.
  init(_ x: [Double], _ y: [Double]) {
    precondition(x.count == y.count && !x.isEmpty, "\(x.count) places, \(y.count) values")
    let order = x.indices.sorted { x[$0] < x[$1] }
    let (places, values) = (order.map { x[$0] }, order.map { y[$0] })
    let count = places.count
    let most = Int(Double(count) * Self.span * Self.cell)
    let near = max(min(count, 4), Int(Double(count) * Self.span + 1e-5))
    // A little beyond the first and the last, so that all points are inside.
    let extent = max(places[count - 1] - places[0], 1e-10 * max(abs(places[0]), abs(places[count - 1])) + 1e-30)
    let margin = 0.005 * extent
    var cuts = [places[0] - margin, places[count - 1] + margin]
    func divide(_ range: Range<Int>) {
      guard range.count > most, range.count > 1 else { return }
      // In the middle or, where places there are equal, as near to it as they differ, above first.
      var (middle, offset) = ((range.lowerBound + range.upperBound - 1) / 2, 0)
      while range.contains(middle + offset), middle + offset + 1 < range.upperBound,
        places[middle + offset] == places[middle + offset + 1]
      {
        offset = -offset
        if offset >= 0 { offset += 1 }
      }
      middle += offset
      guard range.contains(middle), middle + 1 < range.upperBound else { return }
      let cut = (places[middle] + places[middle + 1]) / 2
      cuts.append(cut)
      divide(range.lowerBound..<middle + 1)
      divide(middle + 1..<range.upperBound)
    }
    divide(0..<count)
    corners = Set(cuts).sorted().map { cut in
      let (value, slope) = Self.fit(at: cut, places, values, near: near)
      return (cut, value, slope)
    }
  }

  /// The curve at a place.
  func callAsFunction(_ x: Double) -> Double {
    let last = corners.count - 1
    var (low, high) = (0, last)
    while high - low > 1 {
      let middle = (low + high) / 2
      if corners[middle].place <= x { low = middle } else { high = middle }
    }
    let (a, b) = (corners[low], corners[min(low + 1, last)])
    let width = b.place - a.place
    guard width > 0 else { return a.value }
    let t = (x - a.place) / width
    let s = 1 - t
    return s * s * (1 + 2 * t) * a.value + t * t * (1 + 2 * s) * b.value
      + s * s * t * a.slope * width - t * t * s * b.slope * width
  }

  /// Value and slope of the parabola at a place, by the nearest points.
  private static func fit(
    at place: Double, _ x: [Double], _ y: [Double], near: Int
  ) -> (value: Double, slope: Double) {
    // A window of so many neighbours, moved up while the next is nearer than the first.
    var start = 0
    while start + near < x.count, x[start + near] - place < place - x[start] { start += 1 }
    let reach = max(abs(x[start] - place), abs(x[start + near - 1] - place))
    guard reach > 0 else {
      return (y[start..<start + near].reduce(0, +) / Double(near), 0)
    }
    // Sums of w tⁱ and w tⁱ y, t the distance by the reach, for the normal equations.
    var moments = [Double](repeating: 0, count: 5)
    var products = [Double](repeating: 0, count: 3)
    var index = start
    // Points as far away as the last weigh nothing.
    while index < start + near {
      let t = (x[index] - place) / reach
      let distance = abs(t)
      let root = 1 - distance * distance * distance
      let weight = distance < 0.999 ? (distance > 0.001 ? root * root * root : 1) : 0
      var power = weight
      for degree in 0..<5 {
        moments[degree] += power
        if degree < 3 { products[degree] += power * y[index] }
        power *= t
      }
      index += 1
    }
    // The few points that there are may all be as far away as the last.
    guard moments[0] > 0 else { return (y[start..<start + near].reduce(0, +) / Double(near), 0) }
    let (value, slope) = solve(moments, products)
    return (value, slope / reach)
  }

  /// The first two coefficients of a parabola by its normal equations; of a line, or a constant, where there are too few
  /// places for one.
  private static func solve(_ m: [Double], _ p: [Double]) -> (Double, Double) {
    let determinant =
      m[0] * (m[2] * m[4] - m[3] * m[3]) - m[1] * (m[1] * m[4] - m[2] * m[3]) + m[2] * (m[1] * m[3] - m[2] * m[2])
    if abs(determinant) > 1e-12 * m[0] * m[0] * m[0] {
      let value =
        (p[0] * (m[2] * m[4] - m[3] * m[3]) - m[1] * (p[1] * m[4] - p[2] * m[3]) + m[2] * (p[1] * m[3] - p[2] * m[2]))
        / determinant
      let slope =
        (m[0] * (p[1] * m[4] - m[3] * p[2]) - p[0] * (m[1] * m[4] - m[2] * m[3]) + m[2] * (m[1] * p[2] - p[1] * m[2]))
        / determinant
      return (value, slope)
    }
    let two = m[0] * m[2] - m[1] * m[1]
    if abs(two) > 1e-12 * m[0] * m[0] { return ((p[0] * m[2] - m[1] * p[1]) / two, (m[0] * p[1] - m[1] * p[0]) / two) }
    return (p[0] / m[0], 0)
  }
}
