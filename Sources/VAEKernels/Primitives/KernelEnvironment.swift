import CStandardLibrary

/// What the environment may say of the kernels: `VAE_INSTRUCTION_SET` and `VAE_PRODUCTS`, read in `dispatch.c`.
package enum KernelEnvironment {
  /// A line for each of the two that names nothing there is here, and so is ignored.
  ///
  /// For programs to print. A library that somebody links has no business on standard error.
  package static var mistakes: [String] {
    [
      mistake("VAE_INSTRUCTION_SET", VectorMath.supported.map(\.instructionSet), "that this processor supports"),
      mistake("VAE_PRODUCTS", MatrixProduct.Engine.allCases.map(\.rawValue)),
    ].compactMap { $0 }
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
