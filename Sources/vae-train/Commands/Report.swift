import ArgumentParser
import Foundation
import VAEData
import VAEReport
import VAETrainer

/// `vae-train report`.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write one page about a run, with its latent space and its decoder to explore.",
    usage: "vae-train report <run> [<options>]",
    discussion: """
      An HTML file that loads nothing from anywhere: open it from disk. Training writes it too. What is missing or damaged \
      in the run's folder is left out, and the page says so.
      """)

  @Argument(help: ArgumentHelp("A run's folder.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(
    name: .long,
    help: ArgumentHelp("A class's name for each test example, one a line (default: the data's).", valueName: "file"),
    completion: .file(), transform: Parse.path)
  var labels: String?

  @Option(
    name: .long, help: ArgumentHelp("The page (default: report.html in the run's folder).", valueName: "file.html"),
    completion: .file(extensions: ["html"]), transform: Parse.path)
  var output: String?

  func run() throws {
    let path = try output.map { try OutputFile($0, extensions: ["html"]).path } ?? RunDirectory(folder).report
    let names = try labels.map { try LabelFile.read($0) }
    let hasNames = try RunReport.write(folder, labels: names, formats: DataOptions.formats, to: path)
    if let names, !hasNames {
      let warning = "--labels: expected a name for each test example, found \(names.count), which are left out"
      Message.warn(warning)
    }
    print("\(path): open it in a browser")
  }
}
