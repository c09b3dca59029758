/// A model's passes on plain arrays, row after row, for those who have no need of a `Workspace`.
///
/// Each allocates what it needs, and goes through the examples some hundred at a time on the calling thread. For data
/// sets and threads see `Evaluator` in VAETrainer.
extension VariationalAutoencoder {
  /// What the encoder says of examples: two arrays of [count, L].
  public struct Encoding: Sendable, Hashable {
    /// μ; of an autoencoder the code, of another posterior what its `mean` is.
    public var mean: [Float]
    /// s = log σ² of a Gaussian posterior without correlations; empty for others.
    public var logVariance: [Float]

    /// A posterior from the encoder, or of your own.
    public init(mean: [Float], logVariance: [Float]) {
      precondition(
        mean.count == logVariance.count || logVariance.isEmpty,
        "\(mean.count) means and \(logVariance.count) log-variances")
      self.mean = mean
      self.logVariance = logVariance
    }
  }

  /// Both parts of the negative ELBO of each example, in nats: two arrays of [count].
  public struct Losses: Sendable, Hashable {
    /// −log p(x|z).
    public var reconstruction: [Float]
    /// KL(q(z|x) ‖ p(z)).
    public var kl: [Float]

    /// The sum of both, averaged over the examples; 0 for none.
    public var meanNegativeELBO: Double {
      let sum = zip(reconstruction, kl).reduce(0.0) { $0 + Double($1.0) + Double($1.1) }
      return reconstruction.isEmpty ? 0 : sum / Double(reconstruction.count)
    }
  }

  // A conditional model is told the classes of the examples, `labels` [count]; another takes none.

  /// x [count, D] → μ and s.
  public func encode(_ examples: [Float], labels: [UInt8]? = nil) -> Encoding {
    var posterior = Encoding(mean: [], logVariance: [])
    forEachBatch(of: rowCount(examples, architecture.inputCount), labels) { workspace, batch, rows in
      fill(workspace.input, rows, from: examples, batch)
      encode(pass(workspace, rows))
      posterior.mean += workspace.posteriorMean.rows(rows).copyElements()
      if hasLogVariance { posterior.logVariance += workspace.posteriorLogVariance.rows(rows).copyElements() }
    }
    return posterior
  }

  /// x [count, D] and ε [count, L], or [count, L + 1] where the exposure is learned, → what the encoder says, and z.
  public func encode(
    _ examples: [Float], labels: [UInt8]? = nil, noise: [Float]
  ) -> (posterior: Encoding, latents: [Float]) {
    var result = (posterior: Encoding(mean: [], logVariance: []), latents: [Float]())
    forEachSample(of: examples, labels, noise) { workspace, rows in
      result.posterior.mean += workspace.posteriorMean.rows(rows).copyElements()
      if hasLogVariance { result.posterior.logVariance += workspace.posteriorLogVariance.rows(rows).copyElements() }
      result.latents += workspace.latent.rows(rows).copyElements()
    }
    return result
  }

  /// μ, s and ε [count, L] → z = μ + exp(s/2) ⊙ ε, of a Gaussian posterior; z = μ of an autoencoder's code.
  public func sample(_ posterior: Encoding, noise: [Float]) -> [Float] {
    guard hasLogVariance else { return posterior.mean }
    precondition(
      posterior.mean.count * architecture.noiseCount == noise.count * architecture.latentCount,
      "\(noise.count) numbers of noise for \(posterior.mean.count) of latent")
    var latents: [Float] = []
    forEachBatch(of: rowCount(noise, architecture.noiseCount)) { workspace, batch, rows in
      fillPosterior(workspace, rows, from: posterior, noise, batch)
      sample(pass(workspace, rows))
      latents += workspace.latent.rows(rows).copyElements()
    }
    return latents
  }

  /// z [count, L] → E[x|z] [count, D]: probabilities under a Bernoulli likelihood, means under a Gaussian one.
  ///
  /// `told` are the numbers that the model is told of each [count, N], where it is.
  public func decode(_ latents: [Float], labels: [UInt8]? = nil, told: [Float]? = nil) -> [Float] {
    decode(latents, labels, told) { output, _, _ in
      architecture.likelihood.mean(inPlace: output, parameters: likelihoodParameterValues)
    }
  }

  /// z [count, L] → a draw from p(x|z) for each [count, D]; that of row i by the numbers of example i in `stream`.
  ///
  /// `told` are the numbers that the model is told of each [count, N], where it is.
  public func draw(
    _ latents: [Float], labels: [UInt8]? = nil, told: [Float]? = nil, _ stream: RandomStream
  ) -> [Float] {
    decode(latents, labels, told) { output, batch, pass in
      pass.forEachGroup { group in
        batch.map { UInt32($0) }.withUnsafeBufferPointer {
          architecture.likelihood.draw(
            inPlace: output, parameters: plan.likelihood.values(pass, group), stream, examples: $0)
        }
      }
    }
  }

  private func decode(
    _ latents: [Float], _ labels: [UInt8]?, _ told: [Float]? = nil,
    _ finish: (Matrix, _ batch: Range<Int>, Pass) -> Void
  ) -> [Float] {
    var pixels: [Float] = []
    forEachBatch(of: rowCount(latents, architecture.latentCount), labels) { workspace, batch, rows in
      fill(workspace.latent, rows, from: latents, batch)
      if let told, let numbers = workspace.minibatch(rows).numericCovariates {
        fill(numbers, rows, from: told, batch)
      }
      let pass = pass(workspace, rows)
      decode(pass)
      let output = workspace.output.rows(rows)
      finish(output, batch, pass)
      pixels += output.columns(0..<architecture.inputCount).copyElements()
    }
    return pixels
  }

  /// Draws from the prior [count, L]; that of row i by the numbers of example i in `stream`.
  public func priorDraws(_ count: Int, _ stream: RandomStream) -> [Float] {
    var latents = [Float](repeating: 0, count: count * architecture.latentCount)
    let examples = (0..<count).map { UInt32($0) }
    latents.withUnsafeMutableBufferPointer { latents in
      guard let base = latents.baseAddress else { return }
      examples.withUnsafeBufferPointer { examples in
        let draws = Matrix(base, rows: count, columns: architecture.latentCount)
        VectorMath.active.fillNormal(draws, stream, examples: examples)
        plan.prior.draw(inPlace: draws, weights)
      }
    }
    return latents
  }

  /// Both parts of the negative ELBO of examples [count, D] with noise ε [count, L], or [count, L + 1].
  public func losses(of examples: [Float], labels: [UInt8]? = nil, noise: [Float]) -> Losses {
    var losses = Losses(reconstruction: [], kl: [])
    forEachSample(of: examples, labels, noise) { workspace, rows in
      let pass = pass(workspace, rows)
      decode(pass)
      reconstructionLoss(pass)
      klDivergence(pass)
      losses.reconstruction += workspace.reconstructionLoss.columns(rows).copyElements()
      losses.kl += workspace.klDivergence.columns(rows).copyElements()
    }
    return losses
  }

  /// The same with a Gaussian posterior, or a code, of your own in place of the encoder's.
  public func losses(
    of examples: [Float], labels: [UInt8]? = nil, posterior: Encoding, noise: [Float]
  ) -> Losses {
    let count = rowCount(examples, architecture.inputCount)
    precondition(
      posterior.mean.count == count * architecture.latentCount
        && (noise.count == count * architecture.noiseCount || !hasLogVariance),
      "\(posterior.mean.count) means and \(noise.count) numbers of noise for \(count) examples of "
        + "\(architecture.latentCount) latent dimensions")
    var losses = Losses(reconstruction: [], kl: [])
    forEachBatch(of: count, labels) { workspace, batch, rows in
      fill(workspace.input, rows, from: examples, batch)
      let pass = pass(workspace, rows)
      encodeExposure(pass)
      fillPosterior(workspace, rows, from: posterior, noise, batch)
      sample(pass)
      decode(pass)
      reconstructionLoss(pass)
      klDivergence(pass)
      losses.reconstruction += workspace.reconstructionLoss.columns(rows).copyElements()
      losses.kl += workspace.klDivergence.columns(rows).copyElements()
    }
    return losses
  }

  /// −log p(x|z) in nats of examples [count, D] given latents of your own [count, L], a learned exposure at its mean.
  public func reconstructionLosses(of examples: [Float], labels: [UInt8]? = nil, latents: [Float]) -> [Float] {
    let count = rowCount(examples, architecture.inputCount)
    precondition(
      latents.count == count * architecture.latentCount,
      "\(latents.count) latent numbers for \(count) examples of \(architecture.latentCount) latent dimensions")
    var losses: [Float] = []
    forEachBatch(of: count, labels) { workspace, batch, rows in
      fill(workspace.input, rows, from: examples, batch)
      let pass = pass(workspace, rows)
      encodeExposure(pass)
      plan.exposure?.takeMean(pass)
      fill(workspace.latent, rows, from: latents, batch)
      decode(pass)
      reconstructionLoss(pass)
      losses += workspace.reconstructionLoss.columns(rows).copyElements()
    }
    return losses
  }

  // MARK: Batches

  private var hasLogVariance: Bool { plan.posterior.logVariance != nil }

  private func rowCount(_ values: [Float], _ columns: Int) -> Int {
    precondition(values.count % columns == 0, "\(values.count) numbers are no whole number of rows of \(columns)")
    return values.count / columns
  }

  /// Calls `body` with each batch's place among all rows and its rows in the workspace, of 256 MB at most.
  private func forEachBatch(
    of count: Int, _ labels: [UInt8]? = nil, _ body: (Workspace, Range<Int>, Range<Int>) -> Void
  ) {
    guard count > 0 else { return }
    let capacity = min(count, 256, max(1, (1 << 26) / plan.workspaceCount(capacity: 1, gradients: false)))
    let workspace = Workspace(for: self, capacity: capacity, gradients: false)
    let isConditional = architecture.labelCount > 0
    precondition(
      labels?.count == (isConditional ? count : nil),
      "\(labels.map { "\($0.count)" } ?? "no") labels for \(count) examples of a model that is "
        + (isConditional ? "told them" : "not told them"))
    for start in stride(from: 0, to: count, by: workspace.capacity) {
      let batch = start..<min(start + workspace.capacity, count)
      labels?[batch].withUnsafeBufferPointer { workspace.setLabels($0, rows: 0..<batch.count) }
      // What is handed over is known.
      workspace.minibatch(0..<batch.count).indicators?.fill(1)
      body(workspace, batch, 0..<batch.count)
    }
  }

  /// Encodes and samples each batch, and calls `body` with its rows. Noise may be left out where nothing is drawn.
  private func forEachSample(
    of examples: [Float], _ labels: [UInt8]?, _ noise: [Float], _ body: (Workspace, Range<Int>) -> Void
  ) {
    let count = rowCount(examples, architecture.inputCount)
    precondition(
      noise.count == count * architecture.noiseCount || noise.isEmpty && !architecture.isVariational,
      "\(noise.count) numbers of noise for \(count) examples of \(architecture.noiseCount)")
    forEachBatch(of: count, labels) { workspace, batch, rows in
      fill(workspace.input, rows, from: examples, batch)
      if !noise.isEmpty { fill(workspace.noise, rows, from: noise, batch) }
      let pass = pass(workspace, rows)
      encode(pass)
      sample(pass)
      body(workspace, rows)
    }
  }

  private func pass(_ workspace: Workspace, _ rows: Range<Int>) -> Pass {
    Pass(workspace, weights, examples: rows)
  }

  private func fill(_ matrix: Matrix, _ rows: Range<Int>, from values: [Float], _ batch: Range<Int>) {
    let columns = matrix.columns
    matrix.rows(rows).setElements(Array(values[batch.lowerBound * columns..<batch.upperBound * columns]))
  }

  private func fillPosterior(
    _ workspace: Workspace, _ rows: Range<Int>, from posterior: Encoding, _ noise: [Float], _ batch: Range<Int>
  ) {
    fill(workspace.posteriorMean, rows, from: posterior.mean, batch)
    guard hasLogVariance else { return }
    fill(workspace.posteriorLogVariance, rows, from: posterior.logVariance, batch)
    fill(workspace.noise, rows, from: noise, batch)
  }
}
