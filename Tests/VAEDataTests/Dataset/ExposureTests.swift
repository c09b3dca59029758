import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData

/// The exposure of examples: their sums, or a column; and what the prior of a learned one is fitted to.
@Suite struct ExposureTests {
  private let numbers: [Float] = [1, 2, 0, 0, 7, 3, 20, 0, 5, 5]

  private func data(batches: [Float]? = nil) throws -> Dataset {
    let rows = Dataset(numbers, featureCount: 2)
    guard let batches else { return rows }
    let columns = [Table.Column(name: "sample", texts: ["a", "b", "c"])]
    let table = Dataset(Table(path: "told", columns: columns, values: batches))
    return rows.telling(table.coded(by: try TableCoding.fitTold(table, allowing: [])))
  }

  private func column(_ values: [Float]) throws -> ExposureColumn {
    try ExposureColumn(name: "depth", values: values, path: "cells") { "cell \($0)" }
  }

  private func exposures(_ dataset: Dataset) throws -> [Float] {
    let model = try VariationalAutoencoder(
      Architecture(inputCount: 2, encoderHidden: [3], likelihood: NegativeBinomial()))
    let workspace = Workspace(for: model, capacity: 5, gradients: false, form: dataset.form(for: model))
    let minibatch = workspace.minibatch(0..<dataset.count)
    (0..<dataset.count).map { UInt32($0) }.withUnsafeBufferPointer {
      dataset.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: minibatch)
    }
    return try #require(minibatch.exposure).copyElements()
  }

  @Test func isTheSumOrWhatAColumnSays() throws {
    let plain = try data()
    #expect(try exposures(plain) == [3, 0, 10, 20, 10])
    let exposed = plain.exposed(try column([1, 2.5, 3, 4, 5]))
    #expect(try exposures(exposed) == [1, 2.5, 3, 4, 5])
    #expect(try exposures(exposed.subset([4, 1])) == [5, 2.5])
    #expect(try exposures(exposed.subset([4, 1]).appending(exposed.subset([0]), name: "both")) == [5, 2.5, 1])
    // A run that goes on is to have the same.
    #expect(exposed.fingerprint != plain.fingerprint && plain.fingerprint.hasPrefix("5x2-floats"))
    #expect(exposed.fingerprint != plain.exposed(try column([1, 2.5, 3, 4, 6])).fingerprint)
    #expect(exposed.description.exposureColumn == "depth" && plain.description.exposureColumn == nil)
  }

  @Test(arguments: [(Float.nan, "none"), (0, "0.0"), (-2, "-2.0"), (.infinity, "inf")])
  func whatIsNoExposureIsNamed(value: Float, found: String) throws {
    let error = try #require(throws: DataError.self) { try column([1, 2, value, -1]) }
    #expect(error.place == "cell 2, column \"depth\"" && error.found == found, "\(error)")
  }

  /// As `numpy.log(totals).mean()` and `.var()` have it.
  @Test func momentsAreThoseOfLogarithmsOfTotals() throws {
    let logs = [3, 10, 20, 10].map { Foundation.log(Double($0)) }
    func moments(_ values: [Double]) -> (mean: Float, variance: Float) {
      let mean = values.reduce(0, +) / Double(values.count)
      return (Float(mean), Float(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)))
    }
    let all = try data().logTotalMoments()
    #expect(all.means == [moments(logs).mean] && all.variances == [moments(logs).variance])
    // Nothing was counted of one in c, and the last is of none; of b there is none, which is as all are.
    let told = try data(batches: [0, 2, 0, 2, .nan])
    #expect(told.batchCovariates == 0..<3)
    let each = told.logTotalMoments(fewestOfABatch: 1)
    let (a, b, c) = (moments([logs[0], logs[1]]), moments(logs), moments([logs[2]]))
    #expect(each.means == [a.mean, b.mean, c.mean] && each.variances == [a.variance, b.variance, c.variance])
    // Two or three cells have no variance that says anything.
    #expect(told.logTotalMoments().variances == [Float](repeating: moments(logs).variance, count: 3))
    #expect(
      told.subset([0, 1]).logTotalMoments(fewestOfABatch: 1).means
        == [Float](repeating: moments([logs[0]]).mean, count: 3))
  }
}
