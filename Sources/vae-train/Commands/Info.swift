import ArgumentParser
import Foundation
import VAEKernels
import VAETrainer

/// `vae-train info`.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what speed and the last digits depend on: OpenBLAS, vector instructions, build.")

  @Flag(name: .long, help: "Print one JSON object.")
  var json = false

  @Flag(name: .long, help: "Say what is chosen by the data too.")
  var verbose = false

  func run() throws {
    let facts = Facts()
    if json {
      print(try JSONOutput.text(of: facts))
      return
    }
    let supported = facts.instructionSets.joined(separator: ", ")
    print("vae-train   \(facts.version), \(facts.build) build, Swift \(facts.swift)")
    print("OpenBLAS    \(facts.openblas)")
    print("core        \(facts.openblasCore)")
    print("threads     \(facts.threads) by default, on \(facts.processors.counted("processor"))")
    if let quota = facts.processorQuota {
      print("            the control group leaves the time of \(quota) processors")
    }
    for limit in MemoryLimits.current.limits {
      print(String(format: "memory      %.1f GB of %@", Double(limit.room) / 1e9, limit.kind.words))
    }
    print("loops       \(facts.instructionSet), of \(supported)" + said(of: KernelEnvironment.instructionSetMistake))
    print("products    \(facts.products)" + said(of: KernelEnvironment.productsMistake))
    if verbose {
      let percent = Int((MinibatchForm.densityThreshold * 100).rounded())
      print(
        "sparse      a dense first layer goes over what is not zero alone where that is less than \(percent) % of the")
      print("            training set, as \(facts.instructionSet) has it; so it does over rows that are stored so")
    }
    print("system      \(facts.system)")
    for mistake in KernelEnvironment.others(among: ProcessInfo.processInfo.environment.keys) {
      print("environment \(mistake)")
    }
  }

  /// A mistake in the environment, on the line of what it was about.
  private func said(of mistake: String?) -> String { mistake.map { "; \($0)" } ?? "" }

  private struct Facts: Encodable {
    let version: String
    let build: String
    let swift = Self.swiftVersion
    let openblas: String
    let openblasCore: String
    let processors = ProcessorLimits.current.allowed
    let processorQuota = ProcessorLimits.current.quota
    let threads: Int
    let instructionSet: String
    /// "own" or "openblas".
    let products: String
    let instructionSets = VectorMath.supported.map(\.instructionSet)
    let system: String
    /// The share of numbers that are not zero below which a first layer goes over those alone.
    let densityThreshold = MinibatchForm.densityThreshold
    /// What the environment says and nothing heeds; not there where there is nothing of the kind.
    let ignoredEnvironment: [String]?

    init() {
      let environment = RunConfiguration.Environment(threads: TrainingOptions().threadCount)
      version = environment.version
      build = environment.build
      openblas = environment.openblas
      openblasCore = environment.openblasCore
      threads = environment.threads
      instructionSet = environment.instructionSet
      products = environment.products
      system = environment.system
      let mistakes = KernelEnvironment.mistakes(among: ProcessInfo.processInfo.environment.keys)
      ignoredEnvironment = mistakes.isEmpty ? nil : mistakes
    }

    /// The compiler tells its version to conditions alone.
    private static var swiftVersion: String {
      #if compiler(>=6.4)
        "6.4 or later"
      #elseif compiler(>=6.3)
        "6.3"
      #elseif compiler(>=6.2)
        "6.2"
      #else
        "6.1"
      #endif
    }
  }
}
