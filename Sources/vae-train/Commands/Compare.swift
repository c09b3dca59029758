import ArgumentParser
import VAEReport

/// `vae-train compare`.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write one page that lays several runs side by side.",
    usage: "vae-train compare <run> <run> ... [--output <file.html>]")

  @Argument(help: "Folders of runs.", completion: .directory)
  var runs: [String]

  @Option(
    name: .long, help: ArgumentHelp("The page (default: compare.html, here).", valueName: "file.html"),
    completion: .file(extensions: ["html"]), transform: Parse.path)
  var output: String?

  func validate() throws {
    guard runs.count >= 2 else { throw ValidationError("runs: expected two or more, found \(runs.count)") }
  }

  func run() throws {
    let file = try OutputFile(output ?? "compare.html", extensions: ["html"])
    try RunReport.writeComparison(runs, formats: DataOptions.formats, to: file.path)
    print("\(file.path): open it in a browser")
  }
}
