import Foundation
import Testing
import VAEData
import VAEKernels
import VAETrainer

@testable import VAEReport

@Suite struct ModelPicturesTests {
  /// A decoder without hidden layers that shows ½ + z₀/10 on the left pixel and ½ + z₁/10 on the right one.
  private func gauge(latentCount: Int) throws -> ModelPictures {
    let model = try VariationalAutoencoder(
      Architecture(
        inputCount: 2, encoderHidden: [], latentCount: latentCount, activation: .identity,
        likelihood: .gaussian(variance: 1)))
    let decoder = model.plan.decoder[0] as! DenseStage
    for column in 0..<2 {
      model.weights[decoder.weight][column, column] = 0.1
      model.weights[decoder.bias][0, column] = 0.5
    }
    return ModelPictures(model, shape: ImageShape(width: 2, height: 1))
  }

  /// Φ⁻¹ at 0.025, 0.075, …, 0.975, from a table of the normal distribution (Abramowitz and Stegun, table 26.5, has
  /// the first, 1.95996; the others to six places by the inverse distribution function of SciPy).
  private let quantiles = [-1.959964, -1.439531, -1.150349, -0.934589, -0.755415, -0.597760, -0.453762, -0.318639]

  @Test func theManifoldWalksTheQuantilesRightwardsAndUpwards() throws {
    let size = 20
    let image = try gauge(latentCount: 3).manifold(size: size, horizontal: 0, vertical: 1)
    // Each picture is 2 × 1 pixels, drawn twice as large, without gaps.
    #expect(image.width == size * 4 && image.height == size * 2)
    for (index, quantile) in quantiles.enumerated() {
      let byte = UInt8((255 * (0.5 + 0.1 * quantile)).rounded())
      let left = image.bytes[index * 4]
      let bottom = image.bytes[(image.height - 1 - index * 2) * image.width + 2]
      #expect(left == byte, "column \(index)")
      #expect(bottom == byte, "row \(index) from below")
    }
  }

  @Test func otherDimensionsCanBeNamed() throws {
    let pictures = try gauge(latentCount: 3)
    let swapped = pictures.manifold(size: 4, horizontal: 1, vertical: 0)
    let plain = pictures.manifold(size: 4, horizontal: 0, vertical: 1)
    // With the dimensions exchanged, the right pixel of the lower left picture's right neighbour moves, not the left.
    #expect(plain.bytes[0] != plain.bytes[4] && plain.bytes[2] == plain.bytes[6])
    #expect(swapped.bytes[0] == swapped.bytes[4] && swapped.bytes[2] != swapped.bytes[6])
  }

  @Test func samplesDependOnTheSeedAlone() throws {
    let pictures = try gauge(latentCount: 2)
    let image = pictures.samples(rows: 3, columns: 5, seed: 7)
    #expect(image == pictures.samples(rows: 3, columns: 5, seed: 7))
    #expect(image != pictures.samples(rows: 3, columns: 5, seed: 8))
    #expect(Set(image.bytes).count > 10)
  }

  @Test func reconstructionsAndDifferencesStandBelowTheirExamples() throws {
    let model = try VariationalAutoencoder(
      Architecture(
        inputCount: 1, encoderHidden: [], latentCount: 1, activation: .identity, likelihood: .gaussian(variance: 1)))
    // μ = x and the reconstruction ½ z: half as bright as the example.
    model.weights[(model.plan.encoder[0] as! DenseStage).weight][0, 0] = 1
    model.weights[(model.plan.decoder[0] as! DenseStage).weight][0, 0] = 0.5
    let dataset = Dataset(
      bytes: [200, 100, 60, 20, 0], featureCount: 1, imageShape: ImageShape(width: 1, height: 1), name: "dots")
    var picture = ModelPictures(model, shape: ImageShape(width: 1, height: 1)).reconstructions(
      of: dataset, rows: 2, columns: 3)
    #expect(picture.channels == 3)
    // Dots of 2 × 2 pixels, 2 apart; five of them fill one group of rows and two places of the next.
    let dot = { (row: Int, column: Int) in
      let place = ((2 + row * 4) * picture.width + 2 + column * 4) * 3
      return PlotColor(picture.bytes[place..<place + 3].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
    func grey(_ byte: UInt32) -> PlotColor { PlotColor(byte << 16 | byte << 8 | byte) }
    #expect((0..<3).map { dot(0, $0) } == [200, 100, 60].map(grey))
    #expect((0..<3).map { dot(1, $0) } == [100, 50, 30].map(grey))
    #expect((0..<2).map { dot(3, $0) } == [20, 0].map(grey))
    #expect((0..<2).map { dot(4, $0) } == [10, 0].map(grey))
    // Darker than the example, and more so on the left; no difference at the last.
    #expect((0..<2).allSatisfy { dot(2, $0).red > dot(2, $0).blue && dot(2, $0).blue < dot(2, $0 + 1).blue })
    #expect(dot(5, 1) == PlotColor(0xFFFFFF))
    picture = ModelPictures(model, shape: ImageShape(width: 1, height: 1)).reconstructions(
      of: dataset.subset([1]), rows: 2, columns: 3)
    #expect(picture.height == 3 * 4 + 2)
  }

  @Test func traversalsMoveOneDimensionAtATime() throws {
    let pictures = try gauge(latentCount: 2)
    let image = pictures.traversals(of: [1, 0])
    // Each picture is 2 × 1 pixels, drawn twice as large, 2 apart.
    let row = { (row: Int, pixel: Int) in
      (0..<ModelPictures.traversalSteps).map { image.bytes[(2 + row * 4) * image.width + 2 + $0 * 6 + pixel * 2] }
    }
    let moving = stride(from: -3, through: 3, by: 0.5).map { UInt8((255 * (0.5 + 0.1 * $0)).rounded()) }
    #expect(row(0, 1) == moving && row(1, 0) == moving)
    #expect(Set(row(0, 0)) == [128] && Set(row(1, 1)) == [128])
  }

  @Test func interpolationsGoFromOneClassToAnother() throws {
    let model = try VariationalAutoencoder(
      Architecture(
        inputCount: 1, encoderHidden: [], latentCount: 1, activation: .identity, likelihood: .gaussian(variance: 1)))
    model.weights[(model.plan.encoder[0] as! DenseStage).weight][0, 0] = 1
    model.weights[(model.plan.decoder[0] as! DenseStage).weight][0, 0] = 1
    let shape = ImageShape(width: 1, height: 1)
    let dataset = Dataset(
      bytes: [0, 250, 100, 200], featureCount: 1, imageShape: shape, labels: [3, 3, 5, 3], name: "dots")
    let image = ModelPictures(model, shape: shape).interpolations(between: dataset, rows: 5, steps: 3)
    let row = { (row: Int) in (0..<5).map { image.bytes[(2 + row * 4) * image.width + 2 + $0 * 4] } }
    // The first and the third; the third and the fourth.
    #expect(image.height == 2 * 4 + 2)
    #expect(row(0) == [0, 0, 50, 100, 100])
    #expect(row(1) == [100, 100, 150, 200, 200])
  }
}
