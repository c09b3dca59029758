/// Which of the C batches that a model is told an example is of, as a share of each: 1 of its own, 0 of the others. One
/// that is of none, since nobody knows it, has 1/C of each.
///
/// What is a row for each batch, W [C, P], is of an example the row shares · W, so that only the row of its own batch has a
/// gradient. scvi-tools has the dispersions of "gene-batch" so, but for the unknown, which it has not.
public struct Batches: Sendable {
  /// C.
  public var count: Int { shares.columns }
  /// A one in the place of an example's batch [B, C].
  private let told: Slot
  /// [B·K, C].
  let shares: Slot

  init(_ blueprint: inout Blueprint, told: Slot) {
    self.told = told
    shares = blueprint.slot(columns: told.columns, rows: .sample, gradient: false)
  }

  /// What is told → the shares of own examples.
  func forward(_ pass: Pass) {
    let (told, shares) = (pass[told], pass[shares])
    pass.forEachGroup { group in
      let own = shares.rows(group.samples)
      own.copy(group.repeating(told))
      for row in 0..<own.rows {
        let share = own.base + row * own.stride
        var isKnown = false
        for batch in 0..<own.columns where share[batch] != 0 { isKnown = true }
        if isKnown { continue }
        for batch in 0..<own.columns { share[batch] = 1 / Float(own.columns) }
      }
    }
  }
}
