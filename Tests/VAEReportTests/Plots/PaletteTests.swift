import Foundation
import Testing

@testable import VAEReport

@Suite struct PaletteTests {
  /// Linear light as it reaches a viewer with all cones, without long ones, and without medium ones. Source: Machado,
  /// Oliveira and Fernandes 2009, severity 1.
  private static let visions: [[[Double]]] = [
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
  ]

  private func multiply(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { zip($0, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// Coordinates in which equal distances look equally different. Source: Ottosson 2020, "A perceptual color space for
  /// image processing".
  private func oklab(_ color: PlotColor, _ vision: [[Double]]) -> [Double] {
    let light = color.linear
    let seen = multiply(vision, [light.red, light.green, light.blue]).map { min(max($0, 0), 1) }
    let cones = multiply(
      [
        [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ], seen)
    return multiply(
      [
        [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
      ], cones.map { cbrt($0) })
  }

  private func leastDistance(_ colors: [PlotColor], _ vision: [[Double]]) -> Double {
    let places = colors.map { oklab($0, vision) }
    return places.indices.flatMap { a in
      (a + 1..<places.count).map { b in zip(places[a], places[b]).reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot() }
    }.min() ?? .infinity
  }

  /// 0.02 is about the least difference that is seen at all; dots want several times that.
  @Test func classesCanBeToldApartWithAnyColourVision() {
    for (vision, least) in zip(Self.visions, [0.2, 0.125, 0.125]) {
      #expect(leastDistance(Palette.classes, vision) > least)
    }
    // What the measure is for: red and green of the same lightness.
    #expect(leastDistance([PlotColor(0xB06000), PlotColor(0x7F7F00)], Self.visions[2]) < 0.05)
  }

  @Test func coloursShowOnTheGround() {
    for color in Palette.classes { #expect(color.contrast(with: PlotStyle.ground) > 2) }
    for color in Palette.series.prefix(3) { #expect(color.contrast(with: PlotStyle.ground) > 3) }
    // WCAG 2.2 asks 4.5 of text.
    for ink in [PlotStyle.ink, PlotStyle.paleInk] { #expect(ink.contrast(with: PlotStyle.ground) > 4.5) }
    #expect(abs(PlotColor(0x000000).contrast(with: PlotColor(0xFFFFFF)) - 21) < 1e-9)
  }

  @Test func manyClassesGoAlongASequence() {
    let colors = (0..<300).map { Palette.color(ofClass: $0, count: 300) }
    #expect(Set(colors).count > 250)
    let lightness = colors.map { oklab($0, Self.visions[0])[0] }
    #expect(lightness.first! < 0.4 && lightness.last! > 0.8)
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 <= $1 + 0.005 })
  }

  @Test func differencesAreWhiteWhereThereIsNone() {
    #expect(Palette.diverging(0) == PlotColor(0xFFFFFF))
    #expect(Palette.diverging(1) == Palette.series[0] && Palette.diverging(-2) == Palette.series[1])
  }
}
