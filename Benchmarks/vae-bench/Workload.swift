import ArgumentParser
import VAEKernels
import VAETrainer

/// A model and minibatch to time.
struct Workload {
  let name: String
  let architecture: Architecture
  let batchSize: Int

  init(_ name: String, _ architecture: Architecture, batchSize: Int) {
    self.name = name
    self.architecture = architecture
    self.batchSize = batchSize
  }

  /// Shapes that well-known examples and papers use, on 784 pixels: the presets that say no more than what is timed.
  static let named: [Workload] = ["keras-2d", "torch-20d", "iwae-50d", "wide-64d"].map { name in
    guard let preset = Preset.named(name), let architecture = try? preset.architecture(inputCount: 784) else {
      preconditionFailure("no preset \(name)")
    }
    return Workload(name, architecture, batchSize: preset.batchSize)
  }

  var summary: String { "\(architecture.shape), batch \(batchSize)" }

  /// The matrix products of one training step.
  var products: [StepProduct] { products(batchSize: batchSize, forwardOnly: false) }

  /// The matrix products of a pass over `batchSize` examples.
  func products(batchSize: Int, forwardOnly: Bool) -> [StepProduct] {
    guard let plan = try? Plan(architecture) else { return [] }
    return plan.products.enumerated().flatMap { index, product in
      StepProduct.Form.allCases.compactMap { form in
        // Nobody needs the gradient of the data.
        if form != .forward && forwardOnly || form == .inputGradient && index == 0 { return nil }
        return StepProduct(
          form: form, batchSize: batchSize * product.rows.perExample(samples: 1), inputs: product.inner,
          outputs: product.columns)
      }
    }
  }
}

/// One matrix product of a dense layer.
struct StepProduct: Hashable {
  enum Form: String, CaseIterable, Encodable {
    case forward
    case inputGradient = "input gradient"
    case weightGradient = "weight gradient"
  }

  let form: Form
  let batchSize: Int
  let inputs: Int
  let outputs: Int

  /// A multiplication and an addition for each.
  var operations: Double { 2 * Double(batchSize) * Double(inputs) * Double(outputs) }
}

extension Array<StepProduct> {
  var operations: Double { reduce(0) { $0 + $1.operations } }
}

/// Which workloads to time: named ones, or one of the user's own.
struct WorkloadOptions: ParsableArguments {
  @Argument(help: "keras-2d, torch-20d, iwae-50d, wide-64d (default: all four, or a shape given by the options).")
  var workloads: [String] = []

  @Option(name: .long, help: "Widths of the encoder's hidden layers, such as 400,200; the decoder's are reversed.")
  var hidden: String?

  @Option(name: .long, help: "Latent dimensions (default: 2).")
  var latent: Int?

  @Option(name: .long, help: "\(Activation.allCases.map(\.rawValue).joined(separator: ", ")) (default: relu).")
  var activation: String?

  @Option(name: .long, help: "Examples in a minibatch (default: 128, or the named workload's).")
  var batchSize: Int?

  /// Whether anything was asked for.
  var isGiven: Bool { !workloads.isEmpty || isOwn || batchSize != nil }

  private var isOwn: Bool { hidden != nil || latent != nil || activation != nil }

  func validate() throws {
    for name in workloads where !Workload.named.contains(where: { $0.name == name }) {
      throw ValidationError(
        "workload: expected one of \(Workload.named.map(\.name).joined(separator: ", ")), found \(name)")
    }
    if isOwn && !workloads.isEmpty {
      throw ValidationError("--hidden, --latent, --activation: expected without a workload's name, found with one")
    }
    if let batchSize, batchSize < 1 { throw ValidationError("--batch-size: expected 1 or more, found \(batchSize)") }
    _ = try selected(inputCount: 1)
  }

  /// The workloads; those of the user's own have `inputCount` inputs.
  func selected(inputCount: Int, default names: [String] = Workload.named.map(\.name)) throws -> [Workload] {
    guard isOwn else {
      let names = workloads.isEmpty ? names : workloads
      return Workload.named.filter { names.contains($0.name) }
        .map { Workload($0.name, $0.architecture, batchSize: batchSize ?? $0.batchSize) }
    }
    let widths = try (hidden ?? "512").split(separator: ",").map {
      guard let width = Int($0) else {
        throw ValidationError("--hidden: expected widths such as 400,200, found \(hidden!)")
      }
      return width
    }
    guard let activation = Activation(rawValue: activation ?? "relu") else {
      throw ValidationError(
        "--activation: expected one of \(Activation.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "found \(activation!)")
    }
    let architecture = Architecture(
      inputCount: inputCount, encoderHidden: widths, latentCount: latent ?? 2, activation: activation)
    do { try architecture.validate() } catch { throw ValidationError("\(error)") }
    return [Workload("own", architecture, batchSize: batchSize ?? 128)]
  }
}

/// What every measurement of a workload needs.
struct MeasurementOptions: ParsableArguments {
  @Option(name: .long, help: "Threads (default: one a processor that there is time of, or fewer by OMP_NUM_THREADS).")
  var threads: Int?

  @Flag(name: .long, help: "Print one JSON object instead of text.")
  var json = false

  var threadCount: Int { threads ?? ProcessorLimits.current.threadCount }

  func validate() throws {
    let limit = ThreadTeam.maximumCount
    if let threads, !(1...limit).contains(threads) {
      throw ValidationError("--threads: expected 1 to \(limit), found \(threads)")
    }
  }
}
