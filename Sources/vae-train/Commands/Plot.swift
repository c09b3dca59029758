import ArgumentParser
import VAEData
import VAEReport
import VAETrainer

/// `vae-train plot`.
struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a run's plots again: latent-space, loss-curves, latent-kl and, of a table, column-histograms.",
    usage: "vae-train plot <run> [<options>]",
    discussion: "Each as PNG and SVG, in the run's images/ where no other folder is named.")

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions

  @Option(
    name: .long, help: ArgumentHelp("The folder for them (default: images/ in the run's).", valueName: "folder"),
    completion: .directory, transform: Parse.path)
  var output: String?

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let model = try saved.load()
    let directory = RunDirectory(Path.folder(of: model.path))
    let subject = RunPictures.Subject(
      model.model, imageShape: model.imageShape, test: try data.load(for: model), metrics: try directory.readMetrics(),
      binarization: model.binarization, seed: data.seed ?? model.seed, team: try threads.team())
    for path in try RunPictures.writePlots(of: subject, to: output ?? directory.images) { print(path) }
  }
}
