import Foundation
import VAEData
import VAEKernels

/// Everything that a run was started with: `config.json`.
public struct RunConfiguration: Sendable, Hashable, Codable {
  /// Which examples a run sees.
  public struct Data: Sendable, Hashable, Codable {
    /// A folder or file, absolute; nil for the generated digits.
    public var path: String?
    /// The share of a single file that is held out as the test set.
    public var testFraction: Double
    /// The number of training examples that are held out for validation.
    public var validationCount: Int
    /// How the path is read.
    public var reading: DataReading

    /// The generated digits, without a validation set, unless said otherwise.
    public init(
      path: String? = nil, testFraction: Double = 0.1, validationCount: Int = 0, reading: DataReading = DataReading()
    ) {
      self.path = path
      self.testFraction = testFraction
      self.validationCount = validationCount
      self.reading = reading
    }

    /// Where the examples come from; `known` is what a model that has been trained on them knows of them.
    public func source(
      seed: UInt64, known: DataDescription? = nil, formats: [any DataFormat] = DataFormats.standard
    ) -> DataSource {
      DataSource(path: path, reading: reading, testFraction: testFraction, seed: seed, known: known, formats: formats)
    }

    /// Reads the data, or draws them. Throws `DataError` or `FileError`.
    public func load(
      seed: UInt64, known: DataDescription? = nil, formats: [any DataFormat] = DataFormats.standard
    ) throws -> DataSplit {
      try source(seed: seed, known: known, formats: formats).split()
    }

    private enum CodingKeys: String, CodingKey { case path, testFraction, validationCount, reading }

    /// Reads what was written; the first versions had no `reading`.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      path = try values.decodeIfPresent(String.self, forKey: .path)
      testFraction = try values.decode(Double.self, forKey: .testFraction)
      validationCount = try values.decode(Int.self, forKey: .validationCount)
      reading = try values.decodeIfPresent(DataReading.self, forKey: .reading) ?? DataReading()
    }

    /// Writes `reading` only where something was said of it.
    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encodeIfPresent(path, forKey: .path)
      try values.encode(testFraction, forKey: .testFraction)
      try values.encode(validationCount, forKey: .validationCount)
      if reading != DataReading() { try values.encode(reading, forKey: .reading) }
    }

    /// Takes the validation set, if there is one, from the training set. Throws `RunError.validationCount`.
    public func holdOut(from data: DataSplit, seed: UInt64) throws -> (train: Dataset, validation: Dataset?) {
      if validationCount == 0 { return (data.train, data.validation) }
      guard (1..<data.train.count).contains(validationCount) else {
        throw RunError.validationCount(validationCount, of: data.train.count)
      }
      let (kept, heldOut) = data.train.split(heldOutCount: validationCount, seed: seed)
      return (kept, heldOut)
    }
  }

  /// Whose weights a run starts from.
  public struct Pretraining: Sendable, Hashable, Codable {
    /// A run's folder or a model's file, absolute.
    public var path: String
    /// What was taken from it.
    public var parts: ModelParts

    /// Some parts of a run's model.
    public init(path: String, parts: ModelParts) {
      self.path = path
      self.parts = parts
    }
  }

  /// What a run's numbers depend on beside its options.
  public struct Environment: Sendable, Hashable, Codable {
    /// This package's version.
    public var version = PackageVersion.current
    /// OpenBLAS's version and build.
    public var openblas = BLAS.configuration
    /// The processor family whose kernels OpenBLAS uses.
    public var openblasCore = BLAS.coreName
    /// Who multiplies matrices: "own" or "openblas".
    public var products = MatrixProduct.engine.rawValue
    /// The instruction set of the vector loops.
    public var instructionSet = VectorMath.active.instructionSet
    /// The threads that train.
    public var threads: Int
    /// The operating system.
    public var system = ProcessInfo.processInfo.operatingSystemVersionString
    /// "debug" or "release".
    public var build: String

    /// This process.
    public init(threads: Int) {
      self.threads = threads
      #if DEBUG
        build = "debug"
      #else
        build = "release"
      #endif
    }
  }

  /// Which examples.
  public var data: Data
  /// Which model.
  public var architecture: Architecture
  /// How an example lies on a picture, where the data are images: for a model whose file has lost its metadata.
  public var imageShape: ImageShape?
  /// How it is trained.
  public var training: TrainingOptions
  /// The run that it started from, if it did.
  public var initializedFrom: Pretraining?
  /// The command that started it, as one would type it.
  public var command: String?
  /// Write a checkpoint every so many steps, as well as after every epoch.
  public var checkpointSteps: Int?
  /// Where it was started, or last resumed.
  public var environment: Environment

  /// A run's configuration, to be started in this process.
  public init(
    data: Data, architecture: Architecture, training: TrainingOptions, initializedFrom: Pretraining? = nil,
    checkpointSteps: Int? = nil, command: String? = nil
  ) {
    self.command = command
    self.initializedFrom = initializedFrom
    self.data = data
    self.architecture = architecture
    self.training = training
    self.checkpointSteps = checkpointSteps
    environment = Environment(threads: training.threadCount)
  }

  /// What a file says is not believed until it has been checked. Throws `RunError`.
  func validate(path: String) throws {
    func require(_ holds: Bool, _ expected: String, _ found: Any) throws {
      try RunError.requireIntact(holds, path: path, expected, found)
    }
    do {
      try training.validate()
    } catch {
      throw RunError.damaged(path: path, expected: "options that can be trained with", found: "\(error)")
    }
    try require(
      data.testFraction > 0 && data.testFraction < 1, "a test_fraction of more than 0, less than 1", data.testFraction)
    try require(data.validationCount >= 0, "a validation_count of 0 or more", data.validationCount)
    if let steps = checkpointSteps { try require(steps > 0, "checkpoint_steps of 1 or more", steps) }
  }
}
