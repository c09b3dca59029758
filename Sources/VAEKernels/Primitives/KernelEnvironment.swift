import CStandardLibrary

/// What the environment may say: `VAE_INSTRUCTION_SET` and `VAE_PRODUCTS`, read in `dispatch.c`.
package enum KernelEnvironment {
  /// A line for each of the two that names nothing there is here, and so is ignored, and for each variable that is named
  /// like them and is none.
  ///
  /// For programs to print. A library that somebody links has no business on standard error.
  /// `variables` are the names of all that are set.
  package static func mistakes(among variables: some Sequence<String>) -> [String] {
    [instructionSetMistake, productsMistake].compactMap { $0 } + others(among: variables)
  }

  /// What is wrong with `VAE_INSTRUCTION_SET`.
  package static var instructionSetMistake: String? {
    mistake("VAE_INSTRUCTION_SET", VectorMath.supported.map(\.instructionSet), "that this processor supports")
  }

  /// What is wrong with `VAE_PRODUCTS`.
  package static var productsMistake: String? {
    mistake("VAE_PRODUCTS", MatrixProduct.Engine.allCases.map(\.rawValue))
  }

  private static let names = ["VAE_INSTRUCTION_SET", "VAE_PRODUCTS"]
  /// Those that tests and scripts are told with where data and programs are.
  private static let namesOfTests = ["VAE_CELL_MUTATIONS", "VAE_DATA", "VAE_MNIST", "VAE_TRAIN"]

  /// A line for each of the other variables of which something is wrong.
  package static func others(among variables: some Sequence<String>) -> [String] {
    unknown(among: variables) + ProcessorLimits.mistakes { getenv($0).map { String(cString: $0) } }
  }

  /// A line for each variable that begins with the prefix of these and is read by nothing.
  private static func unknown(among variables: some Sequence<String>) -> [String] {
    variables.filter { $0.hasPrefix("VAE_") && !(names + namesOfTests).contains($0) }.sorted().map {
      "\(String(reflecting: $0).dropFirst().dropLast()): expected one of \(names.joined(separator: ", ")), found a "
        + "variable that nothing reads, which is ignored"
    }
  }

  private static func mistake(_ variable: String, _ names: [String], _ which: String? = nil) -> String? {
    // What is set to nothing is not set.
    guard let value = getenv(variable).map({ String(cString: $0) }), !value.isEmpty, !names.contains(value) else {
      return nil
    }
    let expected = names.joined(separator: ", ") + (which.map { ", \($0)" } ?? "")
    // Quoted, since it may hold the end of a line.
    return "\(variable): expected one of \(expected), found \(String(reflecting: value)), which is ignored"
  }
}
