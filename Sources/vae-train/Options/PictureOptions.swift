import ArgumentParser
import VAEData
import VAEKernels
import VAEReport

/// Where a picture goes.
struct PictureOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("The PNG (default: named after what it shows, here).", valueName: "file.png"),
    completion: .file(extensions: ["png"]), transform: Parse.path)
  var output: String?

  /// The file that was asked for, or `name` in this folder.
  func file(named name: String) throws -> OutputFile {
    try OutputFile(output ?? name, extensions: ["png"])
  }
}

/// A size of a grid of pictures.
struct GridOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Rows of pictures (default: 8).", valueName: "count"), transform: Parse.gridSize)
  var rows = 8

  @Option(
    name: .long, help: ArgumentHelp("Pictures in a row (default: 12).", valueName: "count"), transform: Parse.gridSize)
  var columns = 12
}

/// What a picture of many images may take.
enum PictureLimit {
  /// 256 MB of floats, and a PNG that other programs can open.
  private static let maximumNumberCount = 1 << 26

  /// Throws where a grid of `count` images of `shape` would be larger; `option` is what asked for it.
  static func check(_ count: Int, of shape: ImageShape, option: String) throws {
    let limit = max(1, maximumNumberCount / shape.featureCount)
    if count > limit {
      throw ValidationError("\(option): expected at most \(limit.counted("image")) of \(shape), found \(count)")
    }
  }
}
