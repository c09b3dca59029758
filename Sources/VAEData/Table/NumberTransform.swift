import CStandardLibrary

/// What is done to the numbers of a column before a model sees them: t(x), rising, with its inverse and its derivative.
///
///     t(x) = (x − c) / s                                          plain
///     t(x) = (x − q_i) (n_{i+1} − n_i) / (q_{i+1} − q_i) + n_i    with knots: on the way from one to the next
///
/// The second takes a column of any shape to one that is nearly normal: q are quantiles of the data and n those of N(0, 1) at
/// the same probabilities. Beyond the last knot it goes on straight, so that it has an inverse everywhere.
///
/// A value that many rows have, such as 0 where most have nothing, is a knot of some width: all normal numbers across its
/// share of the probability lead back to it, so that draws have it as often as the data do.
///
/// A density of t(x) is one of x after a change of variables: −log p(x) = −log p(t(x)) − log t′(x).
public struct NumberTransform: Sendable, Hashable, Codable {
  /// A point of the curve.
  public struct Knot: Sendable, Hashable, Codable {
    /// q, in the units of the data; rising.
    public var value: Float
    /// n.
    public var normal: Float
    /// The normal numbers that lead back to q: n alone, unless many rows have it.
    public var range: ClosedRange<Float>

    /// A point, of some width where `range` is given.
    public init(value: Float, normal: Float, range: ClosedRange<Float>? = nil) {
      self.value = value
      self.normal = normal
      self.range = range ?? normal...normal
    }

    /// As two numbers, or with a width as four.
    public init(from decoder: any Decoder) throws {
      var numbers = try decoder.unkeyedContainer()
      let (value, normal) = (try numbers.decode(Float.self), try numbers.decode(Float.self))
      guard !numbers.isAtEnd else {
        self.init(value: value, normal: normal)
        return
      }
      let (low, high) = (try numbers.decode(Float.self), try numbers.decode(Float.self))
      guard low <= normal, normal <= high else {
        throw DecodingError.dataCorruptedError(in: numbers, debugDescription: "a knot outside of its own width")
      }
      self.init(value: value, normal: normal, range: low...high)
    }

    /// As two numbers, or with a width as four.
    public func encode(to encoder: any Encoder) throws {
      var numbers = encoder.unkeyedContainer()
      try numbers.encode(value)
      try numbers.encode(normal)
      guard range.lowerBound < range.upperBound else { return }
      try numbers.encode(range.lowerBound)
      try numbers.encode(range.upperBound)
    }
  }

  /// c.
  public var center: Float
  /// s.
  public var scale: Float
  /// The curve; of none, or at least two, points.
  public var knots: [Knot]

  /// (x − center) / scale.
  public init(center: Float, scale: Float) {
    precondition(scale > 0 && scale.isFinite && center.isFinite, "a scale of \(scale) around \(center)")
    (self.center, self.scale, knots) = (center, scale, [])
  }

  /// The curve through some knots, at least two, that rise in both numbers, neither too steeply for `Float` nor too little.
  public init(knots: [Knot]) {
    precondition(Self.rise(knots), "knots that do not rise")
    (center, scale, self.knots) = (0, 1, knots)
  }

  /// x itself.
  public static let identity = NumberTransform(center: 0, scale: 1)

  /// Whether it is x itself.
  public var isIdentity: Bool { self == .identity }

  static func rise(_ knots: [Knot]) -> Bool {
    knots.count >= 2
      && zip(knots, knots.dropFirst()).allSatisfy {
        $0.value < $1.value && $0.range.upperBound < $1.range.lowerBound && slope($0, $1).isNormal
      }
  }

  /// t′ between two knots; of values that are too near for `Float`, or too far apart, it is none that one could divide by.
  @inline(__always)
  static func slope(_ low: Knot, _ high: Knot) -> Float { (high.normal - low.normal) / (high.value - low.value) }

  /// Whether it is one that has an inverse: for what a file says.
  var isValid: Bool {
    center.isFinite && scale > 0 && scale.isFinite
      && (knots.isEmpty
        || Self.rise(knots)
          && knots.allSatisfy {
            $0.value.isFinite && $0.range.lowerBound.isFinite && $0.range.upperBound.isFinite
          })
  }

  /// t(x), and −log t′(x), which is added to a loss.
  public func forward(_ x: Float) -> (value: Float, offset: Float) {
    knots.withUnsafeBufferPointer { Self.forward(x, center, scale, $0) }
  }

  /// The same of loose parts, for loops over many columns.
  @inline(__always)
  static func forward(
    _ x: Float, _ center: Float, _ scale: Float, _ knots: UnsafeBufferPointer<Knot>
  ) -> (value: Float, offset: Float) {
    if knots.isEmpty { return ((x - center) / scale, log(scale)) }
    let (low, high) = segment(knots) { $0.value <= x }
    let slope = slope(low, high)
    return (low.normal + (x - low.value) * slope, -log(slope))
  }

  /// The x with t(x) = `value`; of a value that many rows have, for all of its share.
  public func inverse(_ value: Float) -> Float {
    if knots.isEmpty { return value * scale + center }
    return knots.withUnsafeBufferPointer { knots in
      let (low, high) = Self.segment(knots) { $0.range.lowerBound <= value }
      if low.range.contains(value) { return low.value }
      if high.range.contains(value) { return high.value }
      let slope = (high.value - low.value) / (high.range.lowerBound - low.range.upperBound)
      if value < low.range.lowerBound { return low.value + (value - low.range.lowerBound) * slope }
      if value > high.range.upperBound { return high.value + (value - high.range.upperBound) * slope }
      return low.value + (value - low.range.upperBound) * slope
    }
  }

  /// The inverse as points (value, normal number) with straight lines between, for those who draw or compute it elsewhere.
  public var inversePoints: [(value: Float, normal: Float)] {
    knots.flatMap { knot in
      knot.range.lowerBound < knot.range.upperBound
        ? [(knot.value, knot.range.lowerBound), (knot.value, knot.range.upperBound)] : [(knot.value, knot.normal)]
    }
  }

  /// The two knots about the place up to which `isBelow` holds, or the nearest two.
  private static func segment(_ knots: UnsafeBufferPointer<Knot>, _ isBelow: (Knot) -> Bool) -> (Knot, Knot) {
    var (low, high) = (0, knots.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isBelow(knots[middle]) { low = middle } else { high = middle }
    }
    return (knots[low], knots[low + 1])
  }
}
