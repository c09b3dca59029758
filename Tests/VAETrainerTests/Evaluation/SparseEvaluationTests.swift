import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// Figures of rows of which what is not zero is stored are those of the same rows in full.
@Suite struct SparseEvaluationTests {
  @Test func figuresDoNotDependOnHowRowsAreStored() throws {
    let (rows, columns) = (50, 11)
    let numbers = uniformNumbers(rows * columns, seed: 4).map { $0 < 0.6 ? 0 : ($0 * 9).rounded() }
    let matrix = SparseMatrix(
      rowCount: rows, columnCount: columns, rows: numbers.indices.map { UInt32($0 / columns) },
      columns: numbers.indices.map { UInt32($0 % columns) }, values: numbers)
    let sets = [Dataset(CompressedRows(matrix)), Dataset(numbers, featureCount: columns)]
    for likelihood: any Likelihood in [NegativeBinomial(), ZeroInflatedNegativeBinomial(), Poisson(link: .exp)] {
      let model = try VariationalAutoencoder(
        Architecture(
          inputCount: columns, encoder: [Log1p(), Dense(12), Activate(.tanh)], latentCount: 2, decoder: [Dense(5)],
          likelihood: likelihood), seed: 1)
      let evaluator = Evaluator(model, seed: 2, team: try ThreadTeam(count: 2))
      func isClose(_ a: Double, _ b: Double) -> Bool { a.isFinite && abs(a - b) <= 1e-5 * abs(a) }
      let losses = try sets.map { try evaluator.evaluate($0, named: "test") }
      #expect(isClose(losses[0].reconstruction, losses[1].reconstruction) && isClose(losses[0].kl, losses[1].kl))
      let errors = sets.map { evaluator.reconstructionError(of: $0) }
      #expect(isClose(errors[0], errors[1]), "\(likelihood): \(errors)")
      // Of rows whose totals are known it is no more than that of nothing at all, as of shares it would be.
      let squares = numbers.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(numbers.count)
      if likelihood is NegativeBinomial { #expect(errors[0] < squares) }
      let encoded = sets.map { evaluator.encode($0).mean }
      #expect(zip(encoded[0], encoded[1]).allSatisfy { abs($0 - $1) <= 1e-5 })
    }
  }
}
