import VAEKernels

extension Dataset {
  /// The form of its minibatches for a model, in training and out of it.
  ///
  /// A model whose encoder begins with a dense layer is shown what is not zero alone where the data are stored so, or where
  /// few enough of their numbers are something. Where x is corrupted first, that is done to all of it.
  public func form(for model: VariationalAutoencoder, corrupting: Bool = false) -> MinibatchForm {
    form(for: model.plan, corrupting: corrupting)
  }

  /// The same for a model that is laid out.
  public func form(for plan: Plan, corrupting: Bool = false) -> MinibatchForm {
    let likelihood = plan.architecture.likelihood
    let side = sideInputs.union(plan.architecture.sideInputs).union(corrupting ? .target : [])
    guard plan.readsEntries else { return MinibatchForm(side: side) }
    if !corrupting, case .compressed(let rows) = storage {
      return MinibatchForm(
        side: side, features: .entries(most: rows.mostEntriesOfARow, withZeros: !likelihood.readsEntries))
    }
    return MinibatchForm(
      side: side, features: density < MinibatchForm.densityThreshold ? .collected : .dense)
  }

  /// The share of the numbers that an encoder is shown which are not zero, of at most `rowsForDensity` examples, evenly
  /// spaced.
  public var density: Double {
    if let density = found.density { return density }
    let density = foundDensity()
    found.density = density
    return density
  }

  private static let rowsForDensity = 2048

  private func foundDensity() -> Double {
    if case .compressed(let rows) = storage {
      var stored = 0
      for example in 0..<count { stored += rows.entries(of: row(of: example)).count }
      return Double(stored) / Double(max(count, 1)) / Double(rows.columnCount)
    }
    let sampled = min(count, Self.rowsForDensity)
    guard sampled > 0 else { return 1 }
    let block = ExampleBlock(self, rows: 1)
    var entries = 0
    for index in 0..<sampled {
      let example = index * count / sampled
      let row = block.fill(example..<example + 1).input
      for column in 0..<featureCount where row.base[column] != 0 { entries += 1 }
    }
    return Double(entries) / Double(sampled) / Double(featureCount)
  }
}
