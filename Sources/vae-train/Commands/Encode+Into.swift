import ArgumentParser
import VAECells
import VAEData
import VAETrainer

/// The latent and the losses of cells, added to a file of AnnData.
extension Encode {
  /// What is added: `obsm/X_vae`, the posterior means, and of `obs` both parts of the negative ELBO with one draw of each
  /// latent, in nats.
  static let embeddingName = "X_vae"
  static let columnNames = (reconstruction: "vae_reconstruction", kl: "vae_kl")

  /// Writes the file that was named by --data, with what is added, to `target`, which may be itself.
  func add(to target: String) throws {
    guard let path = data.data else { preconditionFailure("checked before") }
    let saved = try saved.load()
    if !inPlace {
      try OutputFile(target, extensions: ["h5ad"], option: "--into").check(
        keeping: data.inputs, of: saved, option: "--into")
    }
    let file = try CellFile(path: path)
    guard file.format == "AnnData" else {
      throw DataError(path: path, expected: "a file of AnnData, to add to", found: file.format)
    }
    let cells = try data.loadRows(for: saved)
    guard cells.count == file.cellCount else {
      throw DataError(
        path: path, expected: "all \(file.cellCount.counted("cell")) of the file, encoded in their order",
        found: "\(cells.count)")
    }
    let evaluator = try data.evaluator(of: saved, threads: threads)
    let mean = evaluator.encode(cells).mean
    let losses = try evaluator.losses(of: cells)
    let additions = CellAdditions(
      embeddings: [
        .init(name: Self.embeddingName, width: saved.model.architecture.latentCount, values: mean)
      ],
      columns: [
        .init(name: Self.columnNames.reconstruction, values: losses.reconstruction),
        .init(name: Self.columnNames.kl, values: losses.kl),
      ])
    try AnnDataWriter.write(additions, into: path, target: target)
    print(
      "\(target): obsm/\(Self.embeddingName) of \(cells.count.counted("cell")), "
        + "\(saved.model.architecture.latentCount.counted("latent dimension")); obs/\(Self.columnNames.reconstruction) and "
        + "obs/\(Self.columnNames.kl), in nats")
  }
}
