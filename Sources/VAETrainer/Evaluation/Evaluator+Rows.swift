import VAEData
import VAEKernels

extension Evaluator {
  /// Every row of a coded table as the model reconstructs it from the posterior mean: raw rows, one after another. What the
  /// model is told is as it was.
  public func reconstructedRows(of dataset: Dataset) throws -> [Float] {
    guard let coding = dataset.coding else { preconditionFailure("rows of what is no table") }
    var rows: [Float] = []
    rows.reserveCapacity(dataset.count * coding.columns.count)
    var example = 0
    try forEachReconstruction(of: dataset) { workspace, batch in
      let output = workspace.output.rows(batch)
      model.architecture.likelihood.mean(inPlace: output, parameters: model.likelihoodParameterValues)
      for row in 0..<output.rows {
        var raw = coding.raw(ofFeatures: output.base + row * output.stride, isDraw: false)
        let given = dataset.raw(example)
        for (column, coded) in coding.columns.enumerated() where coded.role == .condition {
          raw[column] = given[column]
        }
        rows += raw
        example += 1
      }
    }
    return rows
  }
}
