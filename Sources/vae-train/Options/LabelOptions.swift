import ArgumentParser
import VAEKernels

/// The class that a conditional model decodes for.
struct LabelOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "For a model that is told classes: the class to decode for, by name, or where they have none by number (default: each "
        + "in turn).",
      valueName: "class"))
  var label: String?

  /// The class that was asked for, which `saved` is told.
  func label(for saved: SavedModel) throws -> UInt8? {
    guard let label else { return nil }
    let architecture = saved.model.architecture
    guard architecture.labelCount > 0 else {
      // Near the codes of a class only pictures are drawn.
      let instead = saved.data.coding == nil ? "; sample --near-label \(label) draws near a class" : ""
      throw ValidationError(
        "--label: expected with a model that was trained with --conditional, found one that is told no classes\(instead)"
      )
    }
    let classes = saved.classes
    guard let known = classes.label(label) else {
      let expected =
        classes.names == nil
        ? "\(architecture.labelsInWords), which the model had examples of" : classes.expected
      throw ValidationError("--label: expected \(expected), found \(classes.found(label))")
    }
    return known
  }
}

extension SavedModel {
  /// The classes that the model is told.
  var classes: KnownClasses { KnownClasses(known: model.architecture.labels, names: data.classNames) }
}
