import Foundation
import TestSupport
import Testing
import VAEKernels
import VAETrainer

@testable import VAEData
@testable import VAEReport

/// What a page says of a run on a table. `Tests/Browser` looks at the page itself.
@Suite struct TableReportTests {
  private func report(_ path: String, test: Dataset?) throws -> ReportData {
    ReportData(try RunContents(path, test: test), labels: nil, for: .report)
  }

  @Test func aTablesPage() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try TableRun.train(in: folder)
    let report = try report(path, test: test)
    #expect(report.missing == [] && report.decoderNote == nil && report.pictures.isEmpty)
    let table = try #require(report.table)
    #expect(table.rowCount == 70 && table.columnCount == 5 && table.errors.count == 5)
    #expect(Set(table.histograms.map(\.name)) == ["size", "income", "smoker", "city", "children"])
    #expect(zip(table.histograms, table.histograms.dropFirst()).allSatisfy { $0.distance >= $1.distance })
    for histogram in table.histograms {
      #expect(
        histogram.edges.map { $0.count == histogram.data.count + 1 } ?? (histogram.names?.count == histogram.data.count)
      )
      #expect(abs(histogram.draws.reduce(0, +) - 1) < 1e-3)
    }
    #expect(table.correlations?.names.count == 7)
    let examples = try #require(report.examples)
    #expect(examples.ids?[3] == "person-3" && examples.classNames == ["low", "high"] && examples.totalCount == 70)
    let decoder = try #require(report.decoder)
    #expect(decoder.mean == "by-column" && decoder.shape == nil && decoder.told.isEmpty)
    #expect(decoder.layers.allSatisfy { $0.exact != nil && $0.weights == nil })
    let columns = try #require(decoder.columns)
    #expect(columns.map(\.name) == ["size", "income", "smoker", "city", "children"])
    // Numbers first, then counts, yes or no, and categories.
    #expect(columns.map(\.first) == [0, 1, 3, 4, 2] && columns.map(\.width) == [1, 1, 1, 3, 1])
    #expect(columns[1].knots != nil && columns[3].levels == ["Bern", "Oslo", "Rome"])
    #expect(try RunReport.page([report], isComparison: false).contains("person-3"))
  }

  /// The rows of the dots: every cell as it is in the data, the column that is the same everywhere left out.
  @Test func rowsUnderThePointer() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try TableRun.train(in: folder)
    let rows = try #require(try report(path, test: test).examples?.rows)
    #expect(rows.columns.map(\.name) == ["size", "income", "smoker", "city", "children"] && rows.moreCount == 0)
    let packed = try #require(Data(base64Encoded: rows.values))
    try AtomicFile.write(packed, to: folder.path + "/rows.gz")
    let bytes = try Contents(path: folder.path + "/rows.gz").readAll()
    let values = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(values.count == 70 * 5)
    for row in [0, 5, 69] {
      let raw = test.raw(row)
      for column in 0..<5 { #expect(values[row * 5 + column].bitPattern == raw[column].bitPattern) }
    }
  }

  @Test func aModelThatIsToldAColumnSaysSo() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try TableRun.train(in: folder, condition: "income")
    let decoder = try #require(try report(path, test: test).decoder)
    #expect(decoder.told.map(\.name) == ["income"] && decoder.told[0].first == 0)
    #expect(decoder.layers[0].inputs == decoder.latentCount + 1)
  }

  @Test func picturesOfATable() throws {
    let folder = try TemporaryFolder()
    let (path, test) = try TableRun.train(in: folder)
    let subject = RunPictures.Subject(
      try ModelFile.read(RunDirectory(path).model).model, imageShape: nil, test: test, team: try ThreadTeam(count: 1))
    let paths = try RunPictures.writePlots(of: subject, to: folder.path + "/images")
    let svg = try #require(paths.first { $0.hasSuffix("column-histograms.svg") })
    let text = try FileReader.text(path: svg)
    for name in ["size", "income", "smoker", "city", "children", "Rome"] { #expect(text.contains(name)) }
  }

  /// A table of millions of rows: what the page has is a sample from all of it.
  @Test func manyExamplesAreThinnedEvenly() {
    let places = ShownExamples(
      Dataset([Float](repeating: 0, count: 25_000), featureCount: 1), names: (0..<25_000).map { "\($0)" },
      latentCount: 2)
    #expect(places.examples.count == 10_000 && places.totalCount == 25_000)
    #expect(places.names?[1] == "2" && places.names?[9999] == "24997")
    let few = ShownExamples(Dataset([1, 2, 3], featureCount: 1), names: nil, latentCount: 2)
    #expect(few.examples.count == 3)
  }
}
