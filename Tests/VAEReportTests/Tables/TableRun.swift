import TestSupport
import VAEData
import VAEKernels
import VAETrainer

@testable import VAEReport

/// A table with a column of each kind, and a run on it.
enum TableRun {
  /// Numbers, a curve's numbers, a yes or no, a category with a missing cell here and there, a count.
  static let columns = [
    Table.Column(name: "size", texts: nil, decimals: 2), Table.Column(name: "income", texts: nil, decimals: 0),
    Table.Column(name: "smoker", texts: ["no", "yes"], decimals: 0),
    Table.Column(name: "city", texts: ["Bern", "Oslo", "Rome"], decimals: 0),
    Table.Column(name: "children", texts: nil, decimals: 0), Table.Column(name: "year", texts: nil, decimals: 0),
  ]

  static func dataset(_ count: Int, named: Bool = true) -> Dataset {
    var values: [Float] = []
    for row in 0..<count {
      let size = Float(row * 7 % 23) / 4
      // One in fifty is far beyond all others.
      let income: Float = row % 50 == 3 ? 90_000 : Float(1000 + row * 13 % 40)
      let children: [Float] = [0, 1, 0, 2, 1, 0, 3]
      values += [
        size, income, Float(row % 3 == 0 ? 1 : 0), row % 11 == 5 ? .nan : Float(size > 3 ? 2 : row % 2),
        children[row % 7], 2024,
      ]
    }
    var dataset = Dataset(Table(path: "people.csv", columns: columns, values: values))
    if named {
      dataset.labels = (0..<count).map { UInt8($0 % 2) }
      dataset.classNames = ["low", "high"]
      dataset.ids = (0..<count).map { "person-\($0)" }
    }
    return dataset
  }

  /// Trained for an epoch in `folder`; with `condition` told that column.
  static func train(in folder: TemporaryFolder, condition: String? = nil, epochs: Int = 1) throws -> (
    path: String, test: Dataset
  ) {
    var modelling = TableModelling()
    modelling.conditions = condition.map { [$0] } ?? []
    let train = dataset(300)
    let coding = try TableCoding.fit(train, modelling)
    let test = dataset(70).coded(by: coding)
    var options = TrainingOptions()
    (options.epochs, options.threads) = (epochs, 1)
    let architecture = TableDefaults.architecture(for: coding)
    let path = folder.path + "/run"
    let run = try TrainingRun.start(
      RunConfiguration(data: .init(), architecture: architecture, training: options),
      data: DataSplit(train: train.coded(by: coding), test: test, source: "people.csv"), in: path)
    _ = try run.train()
    return (path, test)
  }
}
