import Foundation
import TestSupport
import Testing

@testable import VAEData

/// t(x), its inverse and −log t′(x), against the formulas in double precision.
struct NumberTransformTests {
  /// Of `Float` arithmetic of three steps, relative to the range of the numbers.
  static let tolerance = 1e-6

  /// Steep and flat stretches, far from 0.
  private static let points: [(value: Float, normal: Float)] = [
    (-40, -2.5), (-39.5, -1), (3, -0.25), (3.01, 0), (250, 0.5), (1000, 3),
  ]
  private static let curve = NumberTransform(knots: points.map { .init(value: $0.value, normal: $0.normal) })
  /// The same, but many rows have the second and the last value.
  private static let wide = NumberTransform(
    knots: points.enumerated().map { index, point in
      let range: ClosedRange<Float>? = index == 1 ? -1.75 ... -0.5 : index == 5 ? 1...4 : nil
      return .init(value: point.value, normal: point.normal, range: range)
    })

  /// The straight line of `points` about x, and how steep it is.
  private static func expected(_ x: Double) -> (value: Double, slope: Double) {
    let segment = (0..<points.count - 2).last { x >= Double(points[$0].value) } ?? 0
    let index = x >= Double(points[points.count - 2].value) ? points.count - 2 : segment
    let (low, high) = (points[index], points[index + 1])
    let slope = (Double(high.normal) - Double(low.normal)) / (Double(high.value) - Double(low.value))
    return (Double(low.normal) + (x - Double(low.value)) * slope, slope)
  }

  private static let numbers = stride(from: Float(-300), through: 1500, by: 7.3) + [-40, 3, 3.004, 3.01, 1000]

  @Test(arguments: [(Float(2.5), Float(0.75)), (-1e6, 1e-3), (0, 4e20)])
  func plain(center: Float, scale: Float) {
    let transform = NumberTransform(center: center, scale: scale)
    for z in stride(from: -6.0, through: 6, by: 0.37) {
      let x = Float(Double(center) + z * Double(scale))
      let found = transform.forward(x)
      let exact = (Double(x) - Double(center)) / Double(scale)
      #expect(abs(Double(found.value) - exact) <= Self.tolerance * max(abs(exact), 1))
      #expect(abs(Double(found.offset) - log(Double(scale))) < 1e-5)
      // The last digit of the centre is all that is lost.
      #expect(abs(transform.inverse(found.value) - x) <= 2 * max(center.magnitude, scale).ulp * 6)
    }
  }

  @Test func aCurveIsStraightBetweenItsKnotsAndBeyond() {
    for x in Self.numbers {
      let (value, slope) = Self.expected(Double(x))
      let found = Self.curve.forward(x)
      #expect(abs(Double(found.value) - value) < 1e-5 * max(abs(value), 1), "\(x)")
      #expect(abs(Double(found.offset) + log(slope)) < 1e-4, "\(x)")
    }
  }

  @Test func theInverseLeadsBack() {
    for x in Self.numbers {
      let back = Self.curve.inverse(Self.curve.forward(x).value)
      // A digit of a normal number is as much as the curve is flat there.
      let (value, slope) = Self.expected(Double(x))
      let lost = Double(max(Float(abs(value)), 1).ulp) / slope
      #expect(abs(Double(back) - Double(x)) < 8 * lost + Self.tolerance * max(abs(Double(x)), 1), "\(x): \(back)")
    }
  }

  @Test func itRises() {
    let sorted = Self.numbers.sorted()
    for transform in [Self.curve, Self.wide] {
      for (low, high) in zip(sorted, sorted.dropFirst()) where low < high {
        #expect(transform.forward(low).value < transform.forward(high).value, "\(low), \(high)")
        #expect(transform.inverse(low / 300) <= transform.inverse(high / 300))
      }
    }
  }

  /// −log t′(x), t′ by central differences of t itself, on both sides of every knot and beyond them.
  @Test func theOffsetIsTheSlope() {
    for transform in [Self.curve, Self.wide, NumberTransform(center: -3, scale: 12)] {
      let places = Self.points.map { Double($0.value) }
      let middles = zip(places, places.dropFirst()).map { ($0 + $1) / 2 }
      let steps = zip(places, places.dropFirst()).map { ($1 - $0) / 4 } + [10, 10]
      for (x, step) in zip(middles + [-60, 1100], steps) {
        let (low, high) = (Float(x - step), Float(x + step))
        let rise = Double(transform.forward(high).value) - Double(transform.forward(low).value)
        let slope = rise / (Double(high) - Double(low))
        #expect(abs(Double(transform.forward(Float(x)).offset) + log(slope)) < 1e-3, "\(x)")
      }
    }
  }

  /// A value that many rows have.
  @Test func allNormalNumbersOfAWideKnotAreItsValue() {
    for (index, range) in [(1, -1.75 ... -0.5), (5, 1...4)] {
      let value = Self.points[index].value
      for share in stride(from: 0.0, through: 1, by: 1 / 16) {
        let normal = Float(range.lowerBound + share * (range.upperBound - range.lowerBound))
        #expect(Self.wide.inverse(normal) == value, "\(normal)")
      }
      #expect(Self.wide.inverse(Float(range.lowerBound) - 0.01) < value)
      #expect(Self.wide.inverse(Float(range.upperBound) + 0.01) > value)
      #expect(Self.wide.forward(value).value == Self.points[index].normal)
    }
    // Straight from one width to the next value.
    #expect(abs(Self.wide.inverse(-0.375) - (-39.5 + 3) / 2) < 1e-4)
    #expect(Self.wide.inversePoints.map(\.value) == [-40, -39.5, -39.5, 3, 3.01, 250, 1000, 1000])
    #expect(Self.wide.inversePoints.map(\.normal) == [-2.5, -1.75, -0.5, -0.25, 0, 0.5, 1, 4])
  }

  // MARK: In a file

  @Test(arguments: [curve, wide, .identity, NumberTransform(center: -1.5, scale: 0.1)])
  func whatIsWrittenIsRead(transform: NumberTransform) throws {
    let data = try JSONEncoder().encode(transform)
    #expect(try JSONDecoder().decode(NumberTransform.self, from: data) == transform)
  }

  private static func column(_ transform: String, _ more: String = "") -> Data {
    Data("{\"name\":\"x\",\"kind\":\"number\",\"lowest\":0,\"highest\":9,\"transform\":\(transform)\(more)}".utf8)
  }

  @Test func aKnotIsTwoNumbersOrFour() throws {
    let text = "{\"center\":0,\"scale\":1,\"knots\":[[1,-2],[4,0.5,0.25,1]]}"
    let transform = try JSONDecoder().decode(CodedColumn.self, from: Self.column(text)).transform
    #expect(
      transform.knots == [.init(value: 1, normal: -2), .init(value: 4, normal: 0.5, range: 0.25...1)])
  }

  @Test(arguments: [
    "{\"center\":0,\"scale\":0,\"knots\":[]}", "{\"center\":0,\"scale\":-1,\"knots\":[]}",
    "{\"center\":0,\"scale\":1e39,\"knots\":[]}", "{\"center\":0,\"scale\":1}",
    "{\"center\":\"0\",\"scale\":1,\"knots\":[]}",
    "{\"center\":0,\"scale\":1,\"knots\":[[1,2]]}", "{\"center\":0,\"scale\":1,\"knots\":[[1,2],[1,3]]}",
    "{\"center\":0,\"scale\":1,\"knots\":[[1,2],[2,2]]}", "{\"center\":0,\"scale\":1,\"knots\":[[2,1],[1,2]]}",
    "{\"center\":0,\"scale\":1,\"knots\":[[1],[2,2]]}", "{\"center\":0,\"scale\":1,\"knots\":[[1,2,1],[2,3]]}",
    "{\"center\":0,\"scale\":1,\"knots\":[[1,2,3,4],[2,5]]}", "{\"center\":0,\"scale\":1,\"knots\":[[1,2,4,1],[2,5]]}",
    "{\"center\":0,\"scale\":1,\"knots\":[[1,2,1,3],[2,3]]}", "{\"center\":0,\"scale\":1,\"knots\":[[1,2],[1e39,3]]}",
    "{\"center\":0,\"scale\":1,\"knots\":[[0,2],[1e-44,3]]}",
    "{\"center\":0,\"scale\":1,\"knots\":[[-3e38,0],[3e38,1]]}",
  ])
  func whatHasNoInverseIsRefused(transform: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(CodedColumn.self, from: Self.column(transform))
    }
  }

  @Test(arguments: [
    ("yes-no", "[1]"), ("yes-no", "[0,1,2]"), ("category", "[3]"), ("category", "[1,1]"), ("category", "[2,1]"),
    ("inflated", "[]"), ("number", "[1]"), ("constant", "[1,2]"), ("nothing", "[]"),
  ])
  func columnsThatCannotBeAreRefused(kind: String, levels: String) {
    let text = "{\"name\":\"x\",\"kind\":\"\(kind)\",\"levels\":\(levels),\"lowest\":0,\"highest\":9}"
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(CodedColumn.self, from: Data(text.utf8)) }
  }

  @Test func columnsAreReadAsTheyWereWritten() throws {
    var column = CodedColumn(name: "über, \"x\"", kind: .inflated, levels: [-3])
    (column.transform, column.role, column.mayBeMissing) = (Self.wide, .condition, true)
    (column.missingShare, column.decimals, column.lowest, column.highest) = (0.25, 3, -40, 1000)
    var category = CodedColumn(name: "c", kind: .category, texts: ["a", "b", "c"], levels: [0, 1, 2])
    category.mayBeMissing = true
    let coding = TableCoding(columns: [column, category])
    let data = try JSONEncoder().encode(coding)
    #expect(try JSONDecoder().decode(TableCoding.self, from: data) == coding)
  }
}
