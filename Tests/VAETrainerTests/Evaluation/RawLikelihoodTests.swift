import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData
@testable import VAETrainer

/// The likelihood that is reported is one of the data as they came: of a latent's decoder it adds up to 1 over all rows.
struct RawLikelihoodTests {
  /// Of the midpoint rule with some thousand points, and of what lies beyond them.
  static let tolerance = 2e-3

  /// Five columns of skewed, often equal, categorical and counted values.
  private static func table() -> Dataset {
    let numbers = normalNumbers(900, seed: 21).map(Double.init)
    var rows: [Float] = []
    for row in 0..<300 {
      let skewed = Float(exp(numbers[row]) * 40 - 3)
      let often: Float = row % 20 < 13 ? 2.5 : Float(numbers[300 + row] * 6)
      rows += [skewed, often, Float(row % 3), Float((row * 7 % 11) / 4), row % 4 == 0 ? 1 : 0]
    }
    let columns = [
      Table.Column(name: "x", decimals: 2), .init(name: "h", decimals: 2), .init(name: "c", texts: ["p", "q", "r"]),
      .init(name: "n"), .init(name: "y", texts: ["no", "yes"]),
    ]
    return Dataset(Table(path: "t.csv", columns: columns, values: rows))
  }

  /// −log p(x|z) of raw rows for one latent, as evaluation has it.
  private static func losses(_ rows: [[Float]], _ model: VariationalAutoencoder, _ coding: TableCoding) -> [Double] {
    let dataset = Dataset(Table(path: "t.csv", columns: coding.columns.map(\.source), values: rows.flatMap { $0 }))
      .coded(by: coding)
    let workspace = Workspace(for: model, capacity: rows.count, gradients: false, side: dataset.sideInputs)
    (0..<UInt32(rows.count)).map { $0 }.withUnsafeBufferPointer {
      dataset.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: workspace.minibatch(0..<rows.count))
    }
    workspace.latent.setElements(rows.flatMap { _ in [Float(0.6), -1.1] })
    let pass = Pass(workspace, model.weights, examples: 0..<rows.count)
    model.decode(pass)
    model.reconstructionLoss(pass)
    return (0..<rows.count).map { Double(workspace.reconstructionLoss.base[$0]) }
  }

  /// Where a column's density may jump, from far below to far above; its numbers are 30 deviations wide and more.
  private static func places(_ column: CodedColumn) -> [Double] {
    guard let first = column.transform.knots.first, let last = column.transform.knots.last else {
      let (center, scale) = (Double(column.transform.center), Double(column.transform.scale))
      return [center - 15 * scale, center + 15 * scale]
    }
    // Beyond the last knots as steep as before, until a normal number of ±15.
    func slope(_ low: NumberTransform.Knot, _ high: NumberTransform.Knot) -> Double {
      (Double(high.value) - Double(low.value)) / (Double(high.normal) - Double(low.normal))
    }
    let knots = column.transform.knots
    let below = Double(first.value) - (15 + Double(first.normal)) * slope(knots[0], knots[1])
    let above = Double(last.value) + (15 - Double(last.normal)) * slope(knots[knots.count - 2], knots[knots.count - 1])
    return [below] + knots.map { Double($0.value) } + [above]
  }

  /// ∫ exp(−loss) over a number's column, the others as they are.
  private static func integral(
    _ column: Int, of row: [Float], _ model: VariationalAutoencoder, _ coding: TableCoding
  ) -> Double {
    let places = places(coding.columns[column])
    let points = max(40, 4000 / places.count)
    var rows: [[Float]] = []
    var widths: [Double] = []
    for (low, high) in zip(places, places.dropFirst()) {
      for point in 0..<points {
        var next = row
        next[column] = Float(low + (high - low) * (Double(point) + 0.5) / Double(points))
        rows.append(next)
        widths.append((high - low) / Double(points))
      }
    }
    return zip(losses(rows, model, coding), widths).reduce(0) { $0 + exp(-$1.0) * $1.1 }
  }

  private static func fixture(_ scaling: TableModelling.Scaling) throws -> (VariationalAutoencoder, TableCoding) {
    var modelling = TableModelling()
    (modelling.scaling, modelling.counts) = (scaling, ["n"])
    let coding = try TableCoding.fit(table(), modelling)
    var architecture = TableDefaults.architecture(for: coding)
    (architecture.latentCount, architecture.decoder) = (2, .hidden([5], .tanh))
    let model = try VariationalAutoencoder(architecture, seed: 3)
    let gaussians = (architecture.likelihood as! ByColumn).gaussianCount
    // Of no transform the numbers are as large as the column's own, and its density must be as wide.
    model.setLogVariances((0..<gaussians).map { 2 * log(scaling == .none ? 10 : 0.3 + 0.2 * Double($0)) })
    return (model, coding)
  }

  @Test(arguments: [TableModelling.Scaling.standard, .robust, .quantile, .none])
  func aRowIsSomething(scaling: TableModelling.Scaling) throws {
    var (model, coding) = try Self.fixture(scaling)
    if scaling == .none {
      // All five are numbers: those of the others as far as they can be integrated apart.
      #expect(coding.columns.prefix(2).allSatisfy { $0.kind == .number })
      var columns = coding.columns
      for index in [0, 1] { columns[index].transform = NumberTransform(center: 0, scale: 1) }
      coding = TableCoding(columns: columns)
    }
    // −log p of all columns but one, which is missing, is that of the others alone.
    let row: [Float] = [30, 4.25, 1, 2, 1]
    func without(_ column: Int) -> Double {
      var rest = row
      rest[column] = .nan
      return exp(-Self.losses([rest], model, coding)[0])
    }
    func sum(_ column: Int, over values: [Float]) -> Double {
      let rows = values.map { value in
        var next = row
        next[column] = value
        return next
      }
      return Self.losses(rows, model, coding).reduce(0) { $0 + exp(-$1) }
    }
    for (column, coded) in coding.columns.enumerated() {
      let total =
        switch coded.kind {
        case .number:
          scaling == .none
            ? Self.wideIntegral(column, of: row, model, coding)
            : Self.integral(column, of: row, model, coding)
        // A probability of one value, and a density of all others.
        case .inflated: sum(column, over: coded.levels) + Self.integral(column, of: row, model, coding)
        case .count: sum(column, over: (0..<60).map { Float($0) })
        case .yesNo, .category: sum(column, over: coded.levels)
        case .constant: without(column)
        }
      #expect(
        abs(total / without(column) - 1) < Self.tolerance, "\(coded.name) \(coded.kind) \(total / without(column))")
    }
  }

  /// Of a column that is modelled as it is, with a deviation of 10.
  private static func wideIntegral(
    _ column: Int, of row: [Float], _ model: VariationalAutoencoder, _ coding: TableCoding
  ) -> Double {
    let rows = (0..<6000).map { point in
      var next = row
      next[column] = Float(-150 + 0.05 * (Double(point) + 0.5))
      return next
    }
    return losses(rows, model, coding).reduce(0) { $0 + exp(-$1) * 0.05 }
  }

  /// And all together: two columns at once, of which one is a number.
  @Test func numbersAndCategoriesTogetherAreOne() throws {
    let (model, coding) = try Self.fixture(.automatic)
    #expect(coding.columns.map(\.kind) == [.number, .inflated, .category, .count, .yesNo])
    var total = 0.0
    for category in coding.columns[2].levels {
      for yesNo in coding.columns[4].levels {
        total += Self.integral(0, of: [0, .nan, category, .nan, yesNo], model, coding)
      }
    }
    #expect(abs(total - 1) < Self.tolerance, "\(total)")
  }
}
