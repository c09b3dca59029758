/// What becomes of the gradients that a backward pass leaves at every layer.
extension VariationalAutoencoder {
  /// The gradient of every parameter, from X and dA of every layer over the whole minibatch.
  public func backwardParameters(
    _ workspace: Workspace, batchSize: Int, parts: ModelParts = .all, worker: Worker = .alone,
    into gradients: ParameterArena
  ) {
    forEachParameterGradient(
      workspace, batchSize: batchSize, parts: parts, worker: worker, at: { gradients[$0] }, use: { _, _ in })
  }

  /// The gradient of every parameter, dW = Xᵀ·dA and db = Σ dA over the whole minibatch, a part at a time.
  ///
  /// Each worker makes its own part of every layer's gradient, so nothing is reduced between threads, and hands it on
  /// to `use` a few rows at a time. An optimiser that works there finds the gradient in the core's own cache, where it
  /// was made and will be overwritten by the next: it never goes to memory. `tile` is room for it, `gradientTileCount`
  /// floats for each worker.
  public func forEachParameterGradient(
    _ workspace: Workspace, batchSize: Int, parts: ModelParts = .all, worker: Worker,
    tile: UnsafeMutablePointer<Float>, use: (ParameterLayout.Part, Matrix) -> Void
  ) {
    forEachParameterGradient(
      workspace, batchSize: batchSize, parts: parts, worker: worker,
      at: { Matrix(tile, rows: $0.rows, columns: $0.columns) }, use: use)
  }

  /// The room that `forEachParameterGradient` needs for each worker, in floats.
  public var gradientTileCount: Int {
    layout.blocks.reduce(0) { max($0, min($1.rows, Self.gradientTileRows(columns: $1.columns)) * $1.columns) }
  }

  /// As many rows as make up 192 KB, which leaves most of a second-level cache to X and dA, but no fewer than a product
  /// does at a time.
  private static func gradientTileRows(columns: Int) -> Int {
    max(8, 49_152 / columns / 8 * 8)
  }

  private func forEachParameterGradient(
    _ workspace: Workspace, batchSize: Int, parts: ModelParts, worker: Worker,
    at place: (ParameterLayout.Part) -> Matrix, use: (ParameterLayout.Part, Matrix) -> Void
  ) {
    for index in 0..<workspace.gradientTerms.count {
      let term = workspace.gradientTerms[index]
      guard parts.contains(term.part) else { continue }
      let layer = term.layer
      let x = term.x.rows(0..<batchSize * term.rowsPerExample)
      let dA = term.dA.rows(0..<batchSize * term.rowsPerExample)
      let own = worker.share(of: layer.inputCount, grain: 8)
      let height = Self.gradientTileRows(columns: layer.outputCount)
      for start in stride(from: own.lowerBound, to: own.upperBound, by: height) {
        let inputs = start..<min(start + height, own.upperBound)
        let part = layer.weight.part(rows: inputs)
        let dW = place(part)
        layer.backwardWeight(x, dA, inputs: inputs, outputs: 0..<layer.outputCount, into: dW)
        use(part, dW)
      }
      let outputs = worker.share(of: layer.outputCount, grain: AlignedBuffer.alignedCount)
      let part = layer.bias.part(columns: outputs)
      let db = place(part)
      layer.backwardBias(dA, outputs: outputs, into: db)
      use(part, db)
    }
    if let likelihoodParameters, parts.contains(.decoder) {
      let part = likelihoodParameters.part(
        columns: worker.share(of: likelihoodParameters.columns, grain: AlignedBuffer.alignedCount))
      guard part.columns > 0 else { return }
      let gradient = place(part)
      VectorMath.active.sumColumns(
        workspace.dLikelihoodParameters.rows(workspace.latents(of: 0..<batchSize)), into: gradient,
        accumulating: false)
      use(part, gradient)
    }
  }
}
