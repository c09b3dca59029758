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

/// Options that make sense with some models alone.
enum ModelKind: String {
  case pictures = "pictures"
  case table = "a table"
  /// What is counted of each, such as cells.
  case counts = "counts"
  /// IDX files of rank 2.
  case vectors = "vectors"

  /// What it takes, for a message.
  var examples: String {
    switch self {
    case .pictures, .table: rawValue
    case .counts: "counts, such as cells"
    case .vectors: "vectors, as IDX files have them"
    }
  }

  /// Throws for the first of `options` that was given, where the model is one of the other kind.
  func refuse(_ options: [(name: String, isGiven: Bool)]) throws {
    guard let option = options.first(where: \.isGiven) else { return }
    let other: ModelKind = self == .table ? .pictures : .table
    throw ValidationError(
      "--\(option.name): expected with a model of \(other.rawValue), found one of \(rawValue)")
  }
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
