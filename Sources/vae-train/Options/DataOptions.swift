import ArgumentParser
import Foundation
import VAEData
import VAETrainer

/// Where examples come from.
struct DataOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Folder with the four IDX files of MNIST or a set like it, or one IDX file of images; plain or .gz "
        + "(default: generated digits).", valueName: "path"))
  var data: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Share of a single file held out as the test set (default: 0.1).", valueName: "share"),
    transform: Parse.preciseNumber)
  var testFraction: Double?

  func validate() throws {
    if let testFraction, !(testFraction > 0 && testFraction < 1) {
      throw ValidationError("--test-fraction: expected more than 0, less than 1, found \(testFraction)")
    }
  }

  /// The path made absolute, so that a run can be resumed from another folder.
  var absolutePath: String? {
    data.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
  }
}
