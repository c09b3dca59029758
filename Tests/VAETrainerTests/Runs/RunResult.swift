import Foundation
import TestSupport
import Testing
import VAETrainer

/// All that a run leaves behind, apart from times: what must be the same to the last bit however often it was stopped.
struct RunResult: Equatable {
  private let model: FileBytes
  private let bestModel: FileBytes?
  private let tensors: [String: [UInt32]]
  private let state: NSDictionary
  private let metrics: [EpochMetrics]

  init(_ directory: RunDirectory) throws {
    model = try FileBytes(directory.model)
    let hasBest = FileManager.default.fileExists(atPath: directory.bestModel)
    bestModel = hasBest ? try FileBytes(directory.bestModel) : nil

    let checkpoint = try SafetensorsFile(path: directory.checkpoint)
    tensors = try checkpoint.tensors.reduce(into: [:]) {
      $0[$1.name] = try checkpoint.floats($1.name, shape: $1.shape).bits
    }
    let text = try #require(checkpoint.metadata["training_state"])
    let state = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    self.state = state.filter { $0.key != "seconds" } as NSDictionary

    metrics = try directory.readMetrics().map { epoch in
      var epoch = epoch
      epoch.seconds = 0
      epoch.examplesPerSecond = 0
      return epoch
    }
  }
}
