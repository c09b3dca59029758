import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// One page about a run, or several side by side: HTML with everything in it, to be opened from disk.
public enum RunReport {
  /// A class's name for each test example, in their order, in place of the data's own labels.
  public typealias Labels = [String]

  /// Writes the page of the run in `folder` to `path`, with the test set given, or the run's own of one of `formats`.
  ///
  /// What cannot be read of the run is left out, and the page says so. Returns whether `labels` are in it, which they are
  /// not where they are names for another number of examples. Throws `DataError` where there is no such folder and
  /// `FileError` where the page cannot be written.
  @discardableResult
  public static func write(
    _ folder: String, labels: Labels? = nil, test: Dataset? = nil, formats: [any DataFormat] = DataFormats.standard,
    to path: String
  ) throws -> Bool {
    let contents = try RunContents(folder, test: test, formats: formats)
    let data = ReportData(contents, labels: labels, for: .report)
    try AtomicFile.write(page([data], isComparison: false), to: path)
    return labels?.count == contents.test?.count
  }

  /// Writes a page that lays the runs in `folders` side by side to `path`. Throws as `write` does.
  public static func writeComparison(
    _ folders: [String], formats: [any DataFormat] = DataFormats.standard, to path: String
  ) throws {
    var runs = try folders.map { ReportData(try RunContents($0, formats: formats), labels: nil, for: .comparison) }
    // Two folders of one name are told apart by their place.
    let names = runs.map(\.name)
    for index in runs.indices where names.count(where: { $0 == names[index] }) > 1 { runs[index].name = folders[index] }
    try AtomicFile.write(page(runs, isComparison: true), to: path)
  }

  private struct Page: Encodable {
    let runs: [ReportData]
    let isComparison: Bool
    let footer: String
  }

  static let footer = "Made by vae-train \(PackageVersion.current). Nothing on this page is loaded from anywhere."

  /// The data stand in the page as JSON in which "<" is written as an escape, so that no text of a run can end the script
  /// element or begin another.
  static func page(_ runs: [ReportData], isComparison: Bool) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = String(
      decoding: try encoder.encode(Page(runs: runs, isComparison: isComparison, footer: footer)), as: UTF8.self)
    let scripts = [
      PackageResources.charts_js, PackageResources.decoder_js, PackageResources.rows_js, PackageResources.scatter_js,
      PackageResources.explorer_js, PackageResources.cells_js, PackageResources.columns_js,
      PackageResources.correlations_js,
      PackageResources.page_js,
    ].map { String(decoding: $0, as: UTF8.self) }
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>vae-train</title>
      <link rel="icon" href="data:,">
      <style>
      \(String(decoding: PackageResources.page_css, as: UTF8.self))</style>
      </head>
      <body>
      <noscript>This page draws itself with JavaScript, which is switched off here.</noscript>
      <script type="application/json" id="data">\(json.replacingOccurrences(of: "<", with: "\\u003c"))</script>
      <script>
      \(scripts.joined(separator: "\n"))</script>
      </body>
      </html>

      """
  }
}
