import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData
@testable import VAETrainer

/// New rows, against what a decoder says whose latents do not matter.
struct TableSamplerTests {
  private static let counted = 20_000

  private static func fixture() throws -> (model: VariationalAutoencoder, coding: TableCoding) {
    var number = CodedColumn(name: "x", kind: .number)
    (number.transform, number.lowest, number.highest) = (NumberTransform(center: 50, scale: 20), 30, 1000)
    number.decimals = 1
    var often = CodedColumn(name: "h", kind: .inflated, levels: [-4])
    (often.transform, often.lowest, often.highest) = (NumberTransform(center: 10, scale: 3), -1000, 1000)
    var count = CodedColumn(name: "n", kind: .count)
    count.highest = 1000
    let yesNo = CodedColumn(name: "y", kind: .yesNo, texts: ["no", "yes"], levels: [0, 1])
    let category = CodedColumn(name: "c", kind: .category, texts: ["p", "q", "r"], levels: [0, 1, 2])
    // Most rows were without it.
    var constant = CodedColumn(name: "k", kind: .constant, levels: [7])
    (constant.mayBeMissing, constant.missingShare) = (true, 0.9)
    let empty = CodedColumn(name: "e", kind: .constant)
    let coding = TableCoding(columns: [category, constant, number, often, empty, count, yesNo])
    let model = try VariationalAutoencoder(
      Architecture(
        inputCount: coding.featureCount, encoderHidden: [], latentCount: 2, decoderHidden: [],
        likelihood: TableDefaults.likelihood(for: coding)))
    // x; h or not, h; n; y; c.
    model.set("decoder.output.bias", [0.7, 0.4, -0.5, 1.1, -0.9, 0.2, 1.3, -0.6])
    model.setLogVariances([2 * log(0.5), 2 * log(0.8)])
    return (model, coding)
  }

  private static func column(_ index: Int, of rows: [Float]) -> [Double] {
    stride(from: index, to: rows.count, by: 7).map { Double(rows[$0]) }
  }

  @Test func sharesAndMeansAreTheDecoders() throws {
    let (model, coding) = try Self.fixture()
    let rows = TableSampler(model, coding, seed: 4).rows(Self.counted)
    #expect(rows.count == 7 * Self.counted)
    func values(_ index: Int) -> [Double] { Self.column(index, of: rows) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    // Four standard errors, and a half in the share of a level at most.
    let error = 4 / Double(Self.counted).squareRoot()
    func share(_ index: Int, _ value: Double) -> Double {
      Double(values(index).count { $0 == value }) / Double(Self.counted)
    }
    let total: Double = exp(0.2) + exp(1.3) + exp(-0.6)
    for (level, output) in [0.2, 1.3, -0.6].enumerated() {
      #expect(abs(share(0, Double(level)) - exp(output) / total) < error / 2)
    }
    #expect(abs(share(6, 1) - 1 / (1 + exp(0.9))) < error / 2)
    #expect(abs(share(3, -4) - 1 / (1 + exp(-0.4))) < error / 2)
    let others = values(3).filter { $0 != -4 }
    #expect(abs(mean(others) - (10 - 0.5 * 3)) < error * 0.8 * 3 * 2)
    // Of x the range of the data: E[max(64 + 10 ε, 30)], 3.4 deviations off.
    #expect(abs(mean(values(2)) - 64) < error * 10 && values(2).min()! == 30)
    let deviation = mean(values(2).map { ($0 - 64) * ($0 - 64) }).squareRoot()
    #expect(abs(deviation - 10) < error * 10)
    #expect(values(5).allSatisfy { $0 >= 0 && $0 == $0.rounded() })
    #expect(abs(mean(values(5)) - exp(1.1)) < error * exp(1.1).squareRoot())
    let variance = mean(values(5).map { ($0 - exp(1.1)) * ($0 - exp(1.1)) })
    #expect(abs(variance - exp(1.1)) < 0.1)
  }

  /// A column of one value has it in every new row, however many of the data were without.
  @Test func whatWasConstantIs() throws {
    let (model, coding) = try Self.fixture()
    let rows = TableSampler(model, coding, seed: 4).rows(100)
    #expect(Self.column(1, of: rows).allSatisfy { $0 == 7 } && Self.column(4, of: rows).allSatisfy(\.isNaN))
    let cells = coding.cells(ofRaw: rows)
    #expect(cells.map(\.name) == ["c", "k", "x", "h", "e", "n", "y"])
    guard case .texts(let texts) = cells[4].cells, case .texts(let numbers) = cells[2].cells,
      case .texts(let words) = cells[6].cells
    else { return #expect(Bool(false)) }
    #expect(texts == Array(repeating: "", count: 100) && Set(words) == ["no", "yes"])
    #expect(numbers.allSatisfy { $0.split(separator: ".").last?.count == 1 })
  }

  @Test func latentsMatter() throws {
    let (model, coding) = try Self.fixture()
    var weight = Array(repeating: 0.0, count: 16)
    (weight[0], weight[2 * 4]) = (1.5, 3)
    model.set("decoder.output.weight", weight)
    let rows = TableSampler(model, coding, seed: 4).rows(4000)
    // x and y lean on the same latent.
    let (x, y) = (Self.column(2, of: rows), Self.column(6, of: rows))
    let means = [0.0, 1].map { level in
      let chosen = zip(x, y).filter { $0.1 == level }.map(\.0)
      return chosen.reduce(0, +) / Double(chosen.count)
    }
    #expect(means[1] > means[0] + 20)
  }

  /// A seed says it all, and block by block the rows are the same; none is larger than the rest.
  @Test func rowsAreTheSameHoweverTheyAreMade() throws {
    let (model, coding) = try Self.fixture()
    let sampler = TableSampler(model, coding, seed: 4)
    let rows = sampler.rows(10_000)
    func bits(_ rows: some Sequence<Float>) -> [UInt32] { rows.map(\.bitPattern) }
    #expect(bits(sampler.rows(10_000)) == bits(rows))
    #expect(bits(sampler.rows(5000)) == bits(rows.prefix(7 * 5000)))
    #expect(bits(TableSampler(model, coding, seed: 5).rows(100)) != bits(rows.prefix(700)))
    var (joined, blocks): ([Float], [Range<Int>]) = ([], [])
    sampler.forEachBlock(of: 10_000) { block, part in
      #expect(part.count == 7 * block.count)
      blocks.append(block)
      joined += part
    }
    #expect(bits(joined) == bits(rows) && blocks == [0..<4096, 4096..<8192, 8192..<10_000])
    // Not each block the same again.
    #expect(bits(rows[..<700]) != bits(rows[7 * 4096..<7 * 4196]))
  }

  /// What a model is told comes back with its row, and is asked for block by block.
  @Test func conditionsAndClassesAreThoseOfTheirRows() throws {
    var told = CodedColumn(name: "t", kind: .number)
    (told.role, told.lowest, told.highest) = (.condition, 0, 10_000)
    var number = CodedColumn(name: "x", kind: .number)
    (number.lowest, number.highest) = (-1e6, 1e6)
    let coding = TableCoding(columns: [told, number])
    var architecture = Architecture(
      inputCount: 1, encoderHidden: [], latentCount: 1, decoderHidden: [], likelihood: ByColumn([.gaussian]),
      labelCount: 2)
    architecture.numericCovariateCount = 1
    let model = try VariationalAutoencoder(architecture)
    // Of the latent nothing; 100,000 for the second class; the condition itself.
    model.set("decoder.output.weight", [0, 0, 100_000, 1])
    model.setLogVariances([2 * log(0.011)])
    let sampler = TableSampler(model, coding, seed: 1)
    let labels = (0..<5000).map { UInt8($0 % 3 == 0 ? 1 : 0) }
    let conditions = (0..<5000).map { [Float($0), .nan] }
    let rows = sampler.rows(5000, labels: labels, conditions: conditions)
    for row in 0..<5000 {
      #expect(rows[2 * row] == Float(row))
      #expect(abs(Double(rows[2 * row + 1]) - Double(row) - (row % 3 == 0 ? 100_000 : 0)) < 0.2)
    }
    var joined: [Float] = []
    sampler.forEachBlock(
      of: 5000, labels: { Array(labels[$0]) }, conditions: { Array(conditions[$0]) }
    ) { joined += $1 }
    #expect(joined == rows)
  }
}
