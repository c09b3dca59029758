import Foundation
import VAEKernels

/// What a figure was measured on.
struct Machine: Encodable {
  let processor = Self.processorName
  let processors = ProcessorLimits.current.usable
  let system = ProcessInfo.processInfo.operatingSystemVersionString
  let openblas = BLAS.configuration
  let openblasCore = BLAS.coreName
  let openblasCoreForced = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"]
  let instructionSet = VectorMath.active.instructionSet
  let products = MatrixProduct.engine.rawValue
  let optimized = VectorMath.active.isOptimized
  let threads: Int

  /// For people.
  var lines: [String] {
    var lines = [
      "machine   \(processor), \(processors) processor\(processors == 1 ? "" : "s"), \(system)",
      "OpenBLAS  core \(openblasCore), \(openblas.split(separator: " ").prefix(2).joined(separator: " "))",
      "loops     \(instructionSet); products: \(products); \(threads) thread\(threads == 1 ? "" : "s")",
    ]
    if let forced = openblasCoreForced {
      lines.append("WARNING   OPENBLAS_CORETYPE=\(forced) is set: OpenBLAS may not use its best kernels")
    }
    if !optimized { lines.append("WARNING   a debug build: build with -c release to measure anything") }
    return lines
  }

  private static var processorName: String {
    #if os(Linux)
      let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = info.split(separator: "\n").first { $0.hasPrefix("model name") }
      if let name = line?.split(separator: ":").last { return name.trimmingCharacters(in: .whitespaces) }
    #endif
    return "unknown processor"
  }
}

/// The most memory that this process has had.
enum PeakMemory {
  /// In megabytes of 10⁶ bytes or nil where the system does not tell.
  static var megabytes: Double? {
    #if os(Linux)
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      return line.flatMap { Double($0.split(separator: " ").dropLast().last ?? "") }.map { $0 * 1024 / 1e6 }
    #else
      return nil
    #endif
  }
}
