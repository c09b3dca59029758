import ArgumentParser
import VAEKernels

/// The class that a conditional model decodes for.
struct LabelOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "For a model that is told classes: the class to decode for (default: each in turn).", valueName: "class"),
    transform: Parse.wholeNumber)
  var label: Int?

  /// The class that was asked for, which `saved` is told.
  func label(for saved: SavedModel) throws -> UInt8? {
    guard let label else { return nil }
    let architecture = saved.model.architecture
    guard architecture.labelCount > 0 else {
      throw ValidationError(
        "--label: expected with a model that was trained with --conditional, found one that is told no classes; "
          + "sample --near-label \(label) draws near a class")
    }
    guard let known = architecture.labels.first(where: { Int($0) == label }) else {
      throw ValidationError(
        "--label: expected \(architecture.labelsInWords), which the model had examples of, found \(label)")
    }
    return known
  }
}
