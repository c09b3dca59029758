import Foundation
import VAE

/// y = x + tanh(x W + b), so that dx = dy + what comes back through the dense layer: He, Zhang, Ren and Sun 2016.
struct Residual: ReferenceLayer {
  static let name = "residual"
  init(_ settings: inout Settings) {}

  func lay(_ blueprint: inout Blueprint, _ input: Slot, name: String) -> any Stage {
    let dense = DenseStage(&blueprint, input, [(name, input.columns)], .tanh)
    return Placed(dense: dense, output: blueprint.slot(columns: input.columns, rows: input.rows))
  }

  struct Placed: Stage {
    let dense: DenseStage
    let output: Slot
    var name: String { dense.name }
    var parameters: [ParameterLayout.Block] { dense.parameters }
    var products: [Product] { dense.products }

    func forward(_ pass: Pass) {  // What is added is this worker's own region: there is nobody to wait for.
      dense.forward(pass)
      add(pass.own(pass[dense.input]), pass.own(pass[dense.output]), into: pass.own(pass[output]))
    }
    func backward(_ pass: Pass) {
      let dY = pass.own(pass.d(output))
      pass.own(pass.d(dense.output)).copy(dY)
      dense.backward(pass)
      if dense.input.hasGradient { add(pass.own(pass.d(dense.input)), dY, into: pass.own(pass.d(dense.input))) }
    }
    func backwardParameters(_ pass: Pass, into sink: any GradientSink) { dense.backwardParameters(pass, into: sink) }
    private func add(_ a: Matrix, _ b: Matrix, into sum: Matrix) {
      for i in 0..<a.rows { for j in 0..<a.columns { sum[i, j] = a[i, j] + b[i, j] } }
    }
  }

  func referenceTensors(inputs: Int) -> [(name: String, shape: [Int])] {
    Dense(inputs).referenceTensors(inputs: inputs)
  }
  func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]] {
    zip(rows, Dense(rows[0].count).reference(rows, layer)).map { zip($0, $1).map { $0 + tanh($1) } }
  }
}

var vocabulary = Vocabulary.standard
vocabulary.layers.append(Residual.self)
let layers = LayerList(try vocabulary.layers("dense 12, residual, elu"))
var architecture = Architecture(inputCount: 8, encoder: layers, latentCount: 3, decoder: layers)
guard try GradientCheck.check(architecture, .elbo).allSatisfy(\.passed) else { fatalError("a gradient is wrong") }

architecture.inputCount = 784
let (folder, data) = (NSTemporaryDirectory() + "residual-\(UUID())", try DataSource.load(path: nil, seed: 0))
let configuration = RunConfiguration(data: .init(), architecture: architecture, training: TrainingOptions(epochs: 1))
let run = try TrainingRun.start(configuration, data: data, in: folder)
_ = try run.train()
let model = try ModelFile.read(run.directory.model, vocabulary: vocabulary).model
let loss = try Evaluator(model, team: ThreadTeam(count: 2)).evaluate(data.test, named: "test").negativeELBO
let resumed = try TrainingRun.resume(folder, epochs: 2, vocabulary: vocabulary)
_ = try resumed.train()
print("\(layers): \(loss) nats after one epoch, \(resumed.metrics[1].test.negativeELBO) after two")
