import Foundation
import TestSupport
import Testing
import VAEReport

/// The commands that draw.
struct PictureTests {
  private func picture(_ name: String, in folder: TemporaryFolder) throws -> PNGImage {
    try PNGImage(decoding: Array(folder.read(name)))
  }

  /// Small images are shown twice as large; 2 pixels of gap lie between them and around.
  private func size(of count: Int, _ pixels: Int) -> Int { count * (2 * pixels + 2) + 2 }

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws {
    let result = try Executable.run(arguments, in: folder)
    #expect(result.status == 0 && result.errors == "" && result.outputLines.count == 1, "\(result.errors)")
  }

  @Test func sampleDrawsAGrid() throws {
    let folder = try Tiny.makeRun()
    try run(["sample", "run", "--rows", "3", "--columns", "7", "--output", "a.png"], in: folder)
    let image = try picture("a.png", in: folder)
    #expect(image.width == size(of: 7, Tiny.width) && image.height == size(of: 3, Tiny.height))
    try run(["sample", "run", "--rows", "3", "--columns", "7", "--seed", "1", "--output", "b.png"], in: folder)
    #expect(try picture("b.png", in: folder) != image)
    // With the defaults it is the picture that training drew.
    try run(["sample", "run"], in: folder)
    #expect(try folder.read("samples.png") == folder.read("run/images/samples.png"))
  }

  @Test func reconstructDrawsPairsOfRows() throws {
    let folder = try Tiny.makeRun(["--binarize", "static"])
    try run(["reconstruct", "run"], in: folder)
    #expect(try folder.read("reconstructions.png") == folder.read("run/images/reconstructions.png"))
    try run(
      ["reconstruct", "run", "--set", "train", "--rows", "2", "--columns", "5", "--output", "a.png"], in: folder)
    let image = try picture("a.png", in: folder)
    #expect(image.width == size(of: 5, Tiny.width) && image.height == size(of: 6, Tiny.height))
  }

  @Test func manifoldWalksThroughAnyTwoDimensions() throws {
    let folder = try Tiny.makeRun(["--latent", "4"])
    try run(["manifold", "run", "--size", "3"], in: folder)
    let first = try picture("manifold.png", in: folder)
    #expect(first.width == 3 * 2 * Tiny.width && first.height == 3 * 2 * Tiny.height)
    try run(["manifold", "run", "--size", "3", "--dimensions", "0,1", "--output", "same.png"], in: folder)
    #expect(try picture("same.png", in: folder) == first)
    try run(["manifold", "run", "--size", "3", "--dimensions", "3,1", "--output", "other.png"], in: folder)
    #expect(try picture("other.png", in: folder) != first)
  }

  /// With the defaults these are the pictures that training drew.
  @Test func traversalsInterpolationsAndPlotsAreDrawnAgain() throws {
    let folder = try Tiny.makeRun(["--latent", "4"])
    for (command, name) in [("traversals", "traversals.png"), ("interpolate", "interpolations.png")] {
      try run([command, "run"], in: folder)
      #expect(try folder.read(name) == folder.read("run/images/\(name)"))
    }
    let result = try Executable.run(["plot", "run", "--output", "plots"], in: folder)
    #expect(result.status == 0 && result.outputLines.count == 6, "\(result.errors)")
    for name in ["latent-space", "loss-curves", "latent-kl"] {
      #expect(try folder.read("plots/\(name).png") == folder.read("run/images/\(name).png"))
    }
  }

  @Test func picturesAreDrawnWhileItTrains() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    try expectRefusal(
      ["--data", "data", "--image-epochs", "1", "--no-images"], in: folder, naming: ["--image-epochs"])
    try expectRefusal(["--data", "data", "--image-epochs", "0"], in: folder, naming: ["--image-epochs", "found 0"])
    let result = try Executable.run(
      ["--data", "data", "--output", "run", "--epochs", "2", "--image-epochs", "1", "--quiet"] + Tiny.options,
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try !folder.read("run/images/loss-curves.svg").isEmpty)
  }

  @Test func aModelWithoutAPlaneHasNoManifold() throws {
    let folder = try Tiny.makeRun(["--latent", "1"])
    try expectRefusal(["manifold", "run"], in: folder, naming: ["run/model.safetensors", "latent", "found 1"])
  }

  @Test func aModelOfOtherThanImagesHasNoPictures() throws {
    let folder = try TemporaryFolder()
    try folder.write([0, 0, 8, 2, 0, 0, 0, 6, 0, 0, 0, 3] + (0..<18).map { UInt8($0) }, to: "table")
    let trained = try Executable.run(
      ["--data", "table", "--output", "run", "--epochs", "1", "--quiet"] + Tiny.options, in: folder)
    #expect(trained.status == 0, "\(trained.errors)")
    for command in ["sample", "reconstruct", "manifold", "traversals", "interpolate"] {
      try expectRefusal([command, "run"], in: folder, naming: ["run/model.safetensors", "model of images"])
    }
  }
}
