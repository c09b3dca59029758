import ArgumentParser
import VAEKernels

/// Which kernels compute. They are a matter of this process and its processor, not of a run: a resumed run takes those that
/// it is told anew.
struct KernelOptions: ParsableArguments {
  private static let instructionSets = VectorMath.supported.map(\.instructionSet).joined(separator: ", ")

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Who multiplies matrices: \(Parse.names(MatrixProduct.Engine.self)) (default: VAE_PRODUCTS, or who is faster here).",
      valueName: "name"),
    completion: .choices(MatrixProduct.Engine.self), transform: Parse.choice)
  var products: MatrixProduct.Engine?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "For the vector loops: \(instructionSets) (default: VAE_INSTRUCTION_SET, or the last of these).",
      valueName: "name"),
    completion: .list(VectorMath.supported.map(\.instructionSet)), transform: Self.instructionSet)
  var instructionSet: String?

  private static func instructionSet(_ text: String) throws -> String {
    guard VectorMath.supported.contains(where: { $0.instructionSet == text }) else {
      throw ValidationError("expected one of \(instructionSets), that this processor supports")
    }
    return text
  }

  /// Puts them in use, over what the environment says. To be called before anything is computed.
  func apply() {
    if let instructionSet { _ = VectorMath.select(instructionSet) }
    if let products { MatrixProduct.select(products) }
  }
}
