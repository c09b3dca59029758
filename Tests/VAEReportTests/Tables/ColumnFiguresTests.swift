import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

@testable import VAEReport

/// Correlations and errors of a table's columns.
@Suite struct ColumnFiguresTests {
  @Test func correlationsOfKnownNumbers() {
    let x = [1.0, 2, 3, 4, .nan], y = [2.0, 4, 6, 8, 10], z = [1.0, -1, 1, -1, 7]
    #expect(abs(ColumnCorrelations.correlation(x, y) - 1) < 1e-12)
    #expect(abs(ColumnCorrelations.correlation(x, y.map { -$0 }) + 1) < 1e-12)
    // Of the four rows that have both.
    #expect(abs(ColumnCorrelations.correlation(x, z) + 1 / 5.0.squareRoot()) < 1e-12)
    #expect(ColumnCorrelations.correlation(x, [3, 3, 3, 3, 3]).isNaN)
    #expect(ColumnCorrelations.correlation([.nan, 1], [1, .nan]).isNaN)
  }

  @Test func errorsOfNumbers() throws {
    let column = CodedColumn(name: "x", kind: .number)
    let error = try #require(
      ColumnError(column, data: [0, 2, 4, 6, .nan], reconstructions: [1, 1, 5, 5, 9]))
    #expect(
      abs(error.relative! - 1 / 5.0.squareRoot()) < 1e-6
        && error.words == "off by 1.00, of a standard deviation of 2.24")
    #expect(ColumnError(column, data: [3, 3], reconstructions: [3, 4])?.relative == nil)
    #expect(ColumnError(column, data: [.nan], reconstructions: [1]) == nil)
  }

  @Test func errorsOfCategories() throws {
    var column = CodedColumn(name: "city", kind: .category, levels: [0, 1, 2])
    column.texts = [" Bern", " Oslo", " Rome"]
    let error = try #require(
      ColumnError(column, data: [0, 0, 0, 1, 2, .nan], reconstructions: [0, 0, 0, 1, 1, 1]))
    #expect(abs(error.relative! - 0.5) < 1e-9 && error.words == "80.0 % right; always “Bern”: 60.0 %")
  }

  @Test func aModelsRows() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try TableRun.train(in: folder)
    let model = try ModelFile.read(RunDirectory(path).model).model
    let rows = try #require(ModelledRows(model, test, seed: 1))
    #expect(rows.count == 70 && rows.modelled == [0, 1, 2, 3, 4])
    let same = try #require(ModelledRows(model, test, seed: 1))
    let other = try #require(ModelledRows(model, test, seed: 2))
    // NaN where a cell is missing: the bits are compared.
    #expect(rows.draws.map(\.bitPattern) == same.draws.map(\.bitPattern) && rows.draws != other.draws)
    #expect(rows.data.map(\.bitPattern) == (0..<70).flatMap { test.raw($0).map(\.bitPattern) })
    for version in [rows.draws, rows.reconstructions] {
      #expect(rows.column(0, of: version).allSatisfy { (0...5.5).contains($0) })
      #expect(rows.column(2, of: version).allSatisfy { $0 == 0 || $0 == 1 })
      #expect(rows.column(3, of: version).allSatisfy { [0, 1, 2].contains($0) })
      #expect(rows.column(4, of: version).allSatisfy { $0 >= 0 })
    }
    #expect(rows.column(4, of: rows.draws).allSatisfy { $0 == $0.rounded() })
    // Draws are of a whole distribution, the reconstructions of its middle.
    func spread(_ values: [Float]) -> Float { (values.max() ?? 0) - (values.min() ?? 0) }
    #expect(spread(rows.column(0, of: rows.draws)) > spread(rows.column(0, of: rows.reconstructions)))
  }

  @Test func correlationsNameLevelsAndDiffer() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try TableRun.train(in: folder)
    let rows = try #require(ModelledRows(ModelFile.read(RunDirectory(path).model).model, test, seed: 1))
    let correlations = try #require(ColumnCorrelations(rows))
    #expect(
      correlations.names
        == ["size", "income", "smoker = yes", "city = Bern", "city = Oslo", "city = Rome", "children"])
    let count = correlations.names.count
    for index in 0..<count { #expect(abs(correlations.data[index * count + index] - 1) < 1e-9) }
    // A city is that of large sizes, so levels of one column are none of the pairs.
    #expect(correlations.data[0 * count + 5] > 0.5)
    #expect(
      correlations.differences.allSatisfy { first, second in !((3...5).contains(first) && (3...5).contains(second)) })
    for sentence in correlations.sentences(atMost: 3) { #expect(sentence.contains(" in the data, ")) }
  }

  /// The draws of a model that is told a column are told what each row is: it stays out of what is compared.
  @Test func whatAModelIsToldIsNotCompared() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try TableRun.train(in: folder, condition: "city")
    let rows = try #require(ModelledRows(ModelFile.read(RunDirectory(path).model).model, test, seed: 1))
    #expect(rows.modelled == [0, 1, 2, 4] && rows.column(3, of: rows.draws).allSatisfy(\.isNaN))
  }

  @Test func whatIsNoTableHasNoRows() throws {
    let model = try VariationalAutoencoder(Architecture(inputCount: 4, encoderHidden: [3]), seed: 1)
    #expect(ModelledRows(model, Dataset([0, 1, 0, 1], featureCount: 4), seed: 1) == nil)
  }
}
