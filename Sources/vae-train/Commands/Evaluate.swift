import ArgumentParser
import Foundation
import VAETrainer

/// `vae-train evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the test figures of a saved model.",
    usage: "vae-train evaluate <run> [<options>]",
    discussion: """
      The negative ELBO and its two parts, in nats per example, over all examples with one draw of noise each. With \
      the data and seed of the run they are those of the last line of its metrics.jsonl.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(name: .long, help: "Print one JSON object with the names of metrics.jsonl.")
  var json = false

  func run() throws {
    let saved = try saved.load()
    let dataset = try data.load(for: saved)
    let evaluator = try data.evaluator(of: saved, threads: threads)
    let result = try evaluator.evaluate(dataset, named: data.part.rawValue)
    if json {
      print(try JSONOutput.text(of: figures(result, examples: dataset.count, epoch: saved.epoch)))
    } else {
      let epoch = saved.epoch.map { ", after epoch \($0)" } ?? ""
      print("model           \(saved.path): \(saved.model.architecture.summary)\(epoch)")
      print("examples        \(dataset.count) of \(dataset.name) (\(data.part.rawValue))")
      print(String(format: "negative ELBO  %9.4f nats per example", result.negativeELBO))
      print(String(format: "reconstruction %9.4f", result.reconstruction))
      print(String(format: "KL             %9.4f", result.kl))
    }
  }

  /// Numbers under the names of metrics.jsonl, whose prefix says which set they are of.
  private func figures(_ result: Evaluation, examples: Int, epoch: Int?) -> [String: Figure] {
    let prefix = data.part.rawValue
    var figures: [String: Figure] = [
      "\(prefix)_negative_elbo": .nats(result.negativeELBO), "\(prefix)_reconstruction": .nats(result.reconstruction),
      "\(prefix)_kl": .nats(result.kl), "examples": .count(examples),
    ]
    if let epoch { figures["epoch"] = .count(epoch) }
    return figures
  }

  private enum Figure: Encodable {
    case nats(Double)
    case count(Int)

    func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      switch self {
      case .nats(let number): try value.encode(number)
      case .count(let number): try value.encode(number)
      }
    }
  }
}
