import Foundation
import Testing
import VAEData
import VAEKernels
import VAETrainer

@testable import VAEReport

@Suite struct RunPicturesTests {
  @Test func digitsFillTheGrid() {
    let layout = RunPictures.layout(of: ImageShape(width: 28, height: 28))
    #expect((layout.rows, layout.columns, layout.side) == (8, 12, 20))
  }

  /// However large the images, a picture takes no more than 2^26 numbers, or else is of two images.
  @Test(arguments: [300, 500, 1000, 3000, 6000, 20000]) func largeImagesAreFewer(side: Int) {
    let shape = ImageShape(width: side, height: side)
    let (rows, columns, walk, most) = RunPictures.layout(of: shape)
    #expect(rows >= 2 && columns >= 1 && walk >= 1)
    #expect(most == max(2, (1 << 26) / shape.featureCount))
    for count in [rows * columns, walk * walk] { #expect(count <= most) }
  }

  /// The names of the files that a run of so many epochs on such data gets.
  private func names(
    latentCount: Int, shape: ImageShape? = nil, featureCount: Int = 12, labels: [UInt8]?, testCount: Int? = nil,
    epochs: Int = 1, posterior: any Posterior = .gaussian
  ) throws -> [String] {
    let count = 40
    let bytes = (0..<count * featureCount).map { UInt8($0 * 37 % 256) }
    let data = Dataset(bytes: bytes, featureCount: featureCount, imageShape: shape, labels: labels, name: "numbers")
    var options = TrainingOptions()
    (options.epochs, options.batchSize, options.threads) = (max(epochs, 1), 20, 1)
    let architecture = Architecture(
      inputCount: featureCount, encoderHidden: [8], latentCount: latentCount, posterior: posterior)
    options.objective = architecture.plainObjective
    let trainer = try Trainer(architecture, train: data, test: data, options: options)
    let metrics = try (0..<epochs).map { _ in try trainer.runEpoch() }
    var subject = RunPictures.Subject(trainer, metrics: metrics)
    if let testCount { subject.test = testCount == 0 ? nil : data.subset(Array(0..<testCount)) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pictures-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try RunPictures.write(subject, to: folder.path)
    for path in paths where path.hasSuffix(".png") {
      let file = try Data(contentsOf: URL(fileURLWithPath: path))
      _ = try PNGImage(decoding: [UInt8](file))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == paths.map { URL(fileURLWithPath: $0).lastPathComponent }.sorted())
    return names.filter { $0.hasSuffix(".png") }.map { String($0.dropLast(4)) }
  }

  private let plots = ["latent-kl", "latent-space", "loss-curves"]
  private let labels = (0..<40).map { UInt8($0 % 3) }
  private let grey = ImageShape(width: 4, height: 3)

  @Test func twoDimensionsHaveAManifold() throws {
    #expect(
      try names(latentCount: 2, shape: grey, labels: labels)
        == ["interpolations", "latent-kl", "latent-space", "loss-curves", "manifold", "reconstructions", "samples"])
  }

  @Test func moreHaveTraversals() throws {
    let found = try names(latentCount: 3, shape: ImageShape(width: 2, height: 2, channels: 3), labels: nil)
    #expect(found.contains("samples") && !found.contains("manifold"))
    // An autoencoder's codes always vary; it has no KL.
    let codes = try names(latentCount: 3, shape: grey, labels: labels, posterior: .point())
    #expect(codes.contains("traversals") && !codes.contains("latent-kl"))
  }

  @Test func numbersThatAreNoImageHaveNoGrids() throws {
    #expect(try names(latentCount: 3, labels: nil) == plots)
    #expect(try names(latentCount: 3, shape: ImageShape(width: 3, height: 2, channels: 2), labels: nil) == plots)
  }

  @Test(arguments: [1, 2]) func oneDimensionAndOneClass(latentCount: Int) throws {
    #expect(try names(latentCount: latentCount, labels: [UInt8](repeating: 7, count: 40)) == plots)
  }

  @Test func manyClassesHaveAStripOfColours() throws {
    #expect(try names(latentCount: 2, labels: (0..<40).map { UInt8($0 * 6) }) == plots)
  }

  @Test func withoutExamplesOnlyWhatNeedsNone() throws {
    #expect(
      try names(latentCount: 2, shape: grey, labels: labels, testCount: 0) == ["loss-curves", "manifold", "samples"])
    #expect(try names(latentCount: 2, labels: labels, testCount: 1, epochs: 0) == ["latent-kl", "latent-space"])
    #expect(try names(latentCount: 2, shape: grey, labels: labels, testCount: 1).contains("interpolations"))
  }

  @Test func threeHundredClassesHaveALegendOfTwoNames() throws {
    let colors = ClassColors(0..<300)
    guard case .strip(_, let first, let last, _)? = colors.legend() else {
      Issue.record("no strip")
      return
    }
    #expect(first == "0" && last == "299" && !colors.areDistinct)
    let mean = (0..<600).map { Float($0 % 23) }
    let use = LatentUse(mean: mean, logVariance: mean, latentCount: 2)
    let plot = LatentSpacePlot(mean: mean, latentCount: 2, labels: Array(0..<300), use: use)
    #expect(try plot.figure().svg().contains("300 classes"))
  }
}
