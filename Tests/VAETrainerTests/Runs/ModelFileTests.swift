import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// `model.safetensors`: names, shapes, order, and every bit back.
@Suite struct ModelFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path(of: "model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  @Test func namesAndShapes() throws {
    let model = try VariationalAutoencoder(
      Architecture(inputCount: 5, encoderHidden: [4, 3], latentCount: 2, decoderHidden: [6]), seed: 1)
    try ModelFile.write(model, to: path)
    let file = try SafetensorsFile(path: path)
    let found = file.tensors.map { "\($0.name) \($0.typeName) \($0.shape)" }
    #expect(
      Set(found) == [
        "encoder.hidden.0.weight F32 [4, 5]", "encoder.hidden.0.bias F32 [4]", "encoder.hidden.1.weight F32 [3, 4]",
        "encoder.hidden.1.bias F32 [3]", "encoder.mean.weight F32 [2, 3]", "encoder.mean.bias F32 [2]",
        "encoder.log_variance.weight F32 [2, 3]", "encoder.log_variance.bias F32 [2]",
        "decoder.hidden.0.weight F32 [6, 2]", "decoder.hidden.0.bias F32 [6]", "decoder.output.weight F32 [5, 6]",
        "decoder.output.bias F32 [5]",
      ])
    #expect(found.count == 12)
    #expect(
      file.metadata["architecture"]
        == #"{"decoder":"dense 6, relu","encoder":"dense 4, relu, dense 3, relu","input_count":5,"latent_count":2,"#
        + #""likelihood":"bernoulli","posterior":"gaussian","prior":"standard-normal"}"#)
  }

  /// A model by hand whose every output shows which weight made it: x → μ = Wx + b with W[out][in] = 10 out + in.
  @Test func weightsAreOutByIn() throws {
    let architecture = Architecture(
      inputCount: 3, encoderHidden: [], latentCount: 2, decoderHidden: [], likelihood: .gaussian(variance: 1))
    var writer = SafetensorsWriter(metadata: [
      "architecture": #"{"input_count":3,"encoder_hidden":[],"latent_count":2,"decoder_hidden":[],"#
        + #""activation":"relu","likelihood":"gaussian","variance":1}"#
    ])
    writer.add("encoder.mean.weight", [Float(0), 1, 2, 10, 11, 12], shape: [2, 3])
    writer.add("encoder.mean.bias", [Float(0.5), -0.5], shape: [2])
    writer.add("encoder.log_variance.weight", [Float(100), 101, 102, 110, 111, 112], shape: [2, 3])
    writer.add("encoder.log_variance.bias", [Float(0), 0.25], shape: [2])
    writer.add("decoder.output.weight", [Float(0), 1, 10, 11, 20, 21], shape: [3, 2])
    writer.add("decoder.output.bias", [Float(1), 2, 3], shape: [3])
    try writer.write(to: path)

    let model = try ModelFile.read(path).model
    #expect(model.architecture == architecture)
    let posterior = model.encode([1, 0, 0, 0, 0, 2])
    #expect(posterior.mean == [0.5, 9.5, 4.5, 23.5])
    #expect(posterior.logVariance == [100, 110.25, 204, 224.25])
    #expect(model.decode([1, 0, 0, 1]) == [1, 12, 23, 2, 13, 24])
    // In memory a weight is [in, out], the head's two side by side.
    let head = model.weights[(model.plan.encoder[0] as! DenseStage).weight]
    #expect(head.copyElements() == [0, 10, 100, 110, 1, 11, 101, 111, 2, 12, 102, 112])
  }

  @Test(arguments: [
    Architecture(inputCount: 1, encoderHidden: [], latentCount: 1),
    Architecture(inputCount: 7, encoderHidden: [33, 5], latentCount: 3, decoderHidden: [], activation: .softplus),
    Architecture(inputCount: 4, encoderHidden: [2], latentCount: 17, likelihood: .gaussian(variance: 0.1)),
  ])
  func everyBitComesBack(architecture: Architecture) throws {
    let model = try VariationalAutoencoder(architecture, initialization: .heNormal, seed: 9)
    let awkward: [Float] = [-0.0, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, Float(1).nextUp]
    for tensor in model.layout.tensors where !tensor.isWeight {
      model.weights.setElements((0..<tensor.count).map { awkward[$0 % 4] }, of: tensor)
    }
    let shape = ImageShape(width: architecture.inputCount, height: 1)
    try ModelFile.write(model, of: DataDescription(imageShape: shape), to: path)
    let contents = try ModelFile.read(path)
    let (read, readShape) = (contents.model, contents.imageShape)
    #expect(read.architecture == architecture && readShape == shape)
    #expect(read.weights.bits == model.weights.bits)
    let bytes = try FileBytes(path)
    try ModelFile.write(read, of: DataDescription(imageShape: shape), to: path)
    #expect(try FileBytes(path) == bytes)
  }

  @Test func whatIsNoModelIsRefused() throws {
    let model = try VariationalAutoencoder(.tiny, seed: 1)
    func write(_ change: (inout [String: [Float]], inout String) -> Void) throws {
      var tensors = Dictionary(
        uniqueKeysWithValues: model.layout.tensors.map { ($0.name, model.weights.elements(of: $0)) })
      var architecture =
        #"{"input_count":36,"encoder_hidden":[12],"latent_count":2,"decoder_hidden":[12],"activation":"relu","#
        + #""likelihood":"bernoulli"}"#
      change(&tensors, &architecture)
      var writer = SafetensorsWriter(metadata: ["architecture": architecture])
      for tensor in model.layout.tensors {
        if let values = tensors[tensor.name] {
          writer.add(tensor.name, values, shape: values.count == tensor.count ? tensor.shape : [values.count])
        }
      }
      try writer.write(to: path)
    }
    try write { _, _ in }
    #expect(try ModelFile.read(path).model.weights.bits == model.weights.bits)

    let mistakes: [(String, (inout [String: [Float]], inout String) -> Void)] = [
      ("tensors", { tensors, _ in tensors["decoder.output.bias"] = nil }),
      ("encoder.mean.bias", { tensors, _ in tensors["encoder.mean.bias"] = [1, 2, 3] }),
      ("element 1", { tensors, _ in tensors["encoder.mean.bias"] = [1, .nan] }),
      ("architecture", { _, text in text = "{}" }),
      ("architecture", { _, text in text = text.replacing("relu", with: "rulu") }),
      ("tensors", { _, text in text = text.replacing("36,", with: "9000000,").replacing("[12]", with: "[1]") }),
      ("architecture", { _, text in text = text.replacing("36,", with: "-36,") }),
      ("architecture", { _, text in text = text.replacing("\"latent_count\":2", with: "\"latent_count\":1e99") }),
    ]
    for (index, (word, mistake)) in mistakes.enumerated() {
      try write(mistake)
      let error = try #require(throws: SafetensorsError.self, "mistake \(index)") { try ModelFile.read(path) }
      #expect(error.path == path && !error.description.contains("\n"))
      #expect(error.place.contains(word), "mistake \(index): \(error)")
    }
  }

  /// A file that the `safetensors` package wrote, `Scripts/make-safetensors-fixture.py`: without metadata, in several
  /// precisions, with tensors of types that are not known here.
  @Test func whatAnotherProgramSavedAgainIsRead() throws {
    let fixture = try #require(
      Bundle.module.path(forResource: "saved-again", ofType: "safetensors", inDirectory: "Fixtures"))
    try folder.write(Data(contentsOf: URL(filePath: fixture)), to: "model.safetensors")
    var error = try #require(throws: SafetensorsError.self) { try ModelFile.read(path) }
    #expect(error.place == "metadata \"architecture\"" && error.expected.contains("config.json"))

    let architecture =
      #""architecture":{"input_count":3,"encoder_hidden":[],"latent_count":2,"decoder_hidden":[],"#
      + #""activation":"relu","likelihood":"gaussian","variance":1}"#
    try folder.write("{\(architecture)}".utf8, to: "config.json")
    let read = try ModelFile.read(path)
    #expect(read.model.encode([1, 0, 0]).mean == [0.5, 9.5])
    #expect(read.model.encode([1, 0, 0]).logVariance == [100, 110.25])
    #expect(read.model.decode([1, 0, 0, 1]) == [1, 12, 23, 2, 13, 24])
    #expect(read.imageShape == nil)

    // The shape of its images is in config.json, too, or in another file of the run.
    var writer = SafetensorsWriter(metadata: ["image_shape": #"{"width":1,"height":3,"channels":1}"#])
    writer.add("x", [Float(1)], shape: [1])
    try writer.write(to: folder.path(of: "checkpoint.safetensors"))
    #expect(try ModelFile.read(path).imageShape == ImageShape(width: 1, height: 3))
    let shape = #""image_shape":{"width":3,"height":1,"channels":1}"#
    try folder.write("\u{FEFF}{\(architecture),\(shape)}".utf8, to: "config.json")
    #expect(try ModelFile.read(path).imageShape == ImageShape(width: 3, height: 1))

    // Of another model.
    try folder.write("{\(architecture.replacing("2,", with: "4,"))}".utf8, to: "config.json")
    error = try #require(throws: SafetensorsError.self) { try ModelFile.read(path) }
    #expect(error.place.contains("tensor"))
    try folder.write("{".utf8, to: "config.json")
    #expect(throws: RunError.self) { try ModelFile.read(path) }
  }
}
