import Foundation
import Testing
import VAEReference

struct FiniteDifferencesTests {
  /// The error stated at `FiniteDifferences`, for functions and derivatives near 1 in size.
  static let tolerance = 1e-9

  @Test(arguments: [-20, -1, 0, 0.3, 5] as [Double])
  func slopeAlongACoordinate(x: Double) {
    let f = { (v: [Double]) in sin(v[0]) * v[1] }
    let point = [x, 1.5]
    let first = FiniteDifferences.slope(of: f, at: point, value: f(point), coordinate: 0)
    #expect(abs(first.central - 1.5 * cos(x)) < Self.tolerance)
    let second = FiniteDifferences.slope(of: f, at: point, value: f(point), coordinate: 1)
    #expect(abs(second.central - sin(x)) < Self.tolerance)
  }

  @Test func slopeAlongADirection() {
    let f = { (v: [Double]) in sin(v[0]) * v[1] }
    let slope = FiniteDifferences.slope(of: f, at: [0.3, 1.5], value: f([0.3, 1.5]), direction: [1, -1])
    #expect(abs(slope.central - (1.5 * cos(0.3) - sin(0.3))) < Self.tolerance)
  }

  @Test func roundingBoundHoldsUnderLongSums() {
    // A thousand terms that mostly cancel in the slope but not in the value.
    let f = { (v: [Double]) in (0..<1000).reduce(0.0) { $0 + 0.7 + sin(v[0] + Double($1)) } }
    let exact = (0..<1000).reduce(0.0) { $0 + cos(0.2 + Double($1)) }
    let slope = FiniteDifferences.slope(of: f, at: [0.2], value: f([0.2]), coordinate: 0)
    #expect(abs(slope.central - exact) < slope.rounding)
    #expect(slope.rounding < 1e-5)
  }

  /// |x| as seen from a point that is `share` of a step away from the kink.
  @Test(arguments: [-0.9, -0.5, 0, 0.25, 0.75] as [Double])
  func disagreementIsTwiceTheErrorOfAKink(share: Double) {
    let f = { (v: [Double]) in abs(v[0]) }
    let x = share * FiniteDifferences.relativeStep
    let slope = FiniteDifferences.slope(of: f, at: [x], value: f([x]), coordinate: 0)
    let right: Double = x < 0 ? -1 : 1
    let error = x == 0 ? 1 : abs(slope.central - right)
    #expect(abs(slope.disagreement - 2 * error) < Self.tolerance)
    #expect(error > 0.05)
  }
}
