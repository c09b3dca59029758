import TestSupport
import Testing
import VAEKernels

@testable import VAEData

/// Rows of which what is not zero is stored, against the same rows in full.
@Suite struct CompressedRowsTests {
  /// Rows of 7 columns with numbers up to `most`; the third is empty.
  private func numbers(most: Float, rows: Int = 9) -> [Float] {
    let uniform = uniformNumbers(rows * 7, seed: 3)
    return uniform.indices.map { index in
      index / 7 == 2 || uniform[index] < 0.6 ? 0 : index == 4 ? most : (uniform[index] * 10).rounded()
    }
  }

  private func sparse(_ numbers: [Float]) -> CompressedRows {
    CompressedRows(
      SparseMatrix(
        rowCount: numbers.count / 7, columnCount: 7, rows: numbers.indices.map { UInt32($0 / 7) },
        columns: numbers.indices.map { UInt32($0 % 7) }, values: numbers))
  }

  @Test(arguments: [(200, 3), (300, 4), (70_000, 6), (0.5, 6), (-1, 6), (1e10, 6)] as [(Float, Int)])
  func keepsNumbersInAsFewBytesAsTheyNeed(most: Float, bytes: Int) {
    var numbers = numbers(most: most)
    numbers[4] = most
    let rows = sparse(numbers)
    #expect(rows.rowCount == 9 && rows.columnCount == 7 && rows.stored == numbers.count { $0 != 0 })
    let dataset = Dataset(rows)
    #expect(dataset.allNumbers == numbers)
    #expect(rows.bytesOfAnEntry == bytes)
    #expect(dataset.isOfCounts == (most > 0 && most != 0.5))
  }

  @Test func isTheDataSetOfTheSameNumbers() {
    let numbers = numbers(most: 40)
    let (sparse, dense) = (Dataset(sparse(numbers)), Dataset(numbers, featureCount: 7))
    func isSame(_ a: Dataset, _ b: Dataset) {
      #expect(a.allNumbers == b.allNumbers && a.mean() == b.mean())
      #expect(zip(a.variance(), b.variance()).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) })
      #expect(a.firstValue(outside: 0...20)?.value == b.firstValue(outside: 0...20)?.value)
      #expect(a.lies(within: 0...40) == b.lies(within: 0...40) && a.density == b.density)
      #expect((0..<a.count).allSatisfy { a.total(of: $0) == a.raw($0).reduce(0, +) })
    }
    isSame(sparse, dense)
    let some = [8, 0, 2, 2, 5]
    isSame(sparse.subset(some), dense.subset(some))
    isSame(
      sparse.subset(some).appending(sparse, name: "both"), dense.subset(some).appending(dense, name: "both"))
    #expect(sparse.fingerprint == Dataset(self.sparse(numbers)).fingerprint)
    #expect(sparse.fingerprint != sparse.subset(some).fingerprint)
  }

  @Test func minibatchesHaveWhatIsNotZero() throws {
    let numbers = numbers(most: 40)
    let dataset = Dataset(sparse(numbers))
    let model = try VariationalAutoencoder(
      Architecture(inputCount: 7, encoderHidden: [16], likelihood: NegativeBinomial()))
    let form = dataset.form(for: model)
    #expect(form.features == .entries(most: dataset.mostEntries, withZeros: false) && form.side == .exposure)
    let workspace = Workspace(for: model, capacity: 4, gradients: false, form: form)
    let minibatch = workspace.minibatch(0..<3)
    let examples: [UInt32] = [4, 2, 0]
    examples.withUnsafeBufferPointer {
      dataset.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: minibatch)
    }
    let rows = AlignedBuffer(count: 21)
    let matrix = Matrix(rows.base, rows: 3, columns: 7)
    try #require(minibatch.entries).write(into: matrix)
    let expected = examples.flatMap { numbers[Int($0) * 7..<Int($0) * 7 + 7] }
    #expect(matrix.copyElements() == expected)
    #expect(
      try #require(minibatch.exposure).copyElements()
        == [0, 1, 2].map { expected[$0 * 7..<$0 * 7 + 7].reduce(0, +) })
  }

  @Test func columnsAreChosenInAnyOrder() {
    let numbers = numbers(most: 40)
    let chosen = sparse(numbers).selecting(columns: [6, nil, 0, 3], rows: [8, 1])
    let expected = [8, 1].flatMap { row in [6, nil, 0, 3].map { $0.map { numbers[row * 7 + $0] } ?? 0 } }
    #expect(Dataset(chosen).allNumbers == expected)
    #expect(
      sparse(numbers).rowsWithEachColumn
        == (0..<7).map { column in
          (0..<9).count { numbers[$0 * 7 + column] != 0 }
        })
  }

  @Test func evaluatesAsTheFullRowsDo() throws {
    let numbers = numbers(most: 40, rows: 60)
    let (sparse, dense) = (Dataset(sparse(numbers)), Dataset(numbers, featureCount: 7))
    for likelihood: any Likelihood in [NegativeBinomial(), ZeroInflatedNegativeBinomial(), LearnedGaussian()] {
      var architecture = Architecture(inputCount: 7, encoderHidden: [16], likelihood: likelihood)
      architecture.encoder.layers.insert(Log1p(), at: 0)
      let model = try VariationalAutoencoder(architecture, seed: 2)
      func losses(_ dataset: Dataset, _ form: MinibatchForm) -> [Float] {
        let workspace = Workspace(for: model, capacity: 60, gradients: false, form: form)
        (0..<60).map { UInt32($0) }.withUnsafeBufferPointer {
          dataset.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: workspace.minibatch(0..<60))
        }
        model.forward(Pass(workspace, model.weights, examples: 0..<60))
        return workspace.reconstructionLoss.copyElements()
      }
      let all = losses(dense, MinibatchForm(side: likelihood.sideInputs))
      #expect(all.allSatisfy { $0.isFinite })
      let found = losses(sparse, sparse.form(for: model))
      #expect(zip(all, found).allSatisfy { abs($0 - $1) <= 1e-5 * abs($0) }, "\(likelihood)")
    }
  }
}

extension Dataset {
  fileprivate var mostEntries: Int {
    guard case .compressed(let rows) = storage else { return 0 }
    return rows.mostEntriesOfARow
  }
}
