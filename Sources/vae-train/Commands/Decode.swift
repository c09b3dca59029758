import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAEReport

/// `vae-train decode`.
struct Decode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what latents of your own decode to.",
    usage: "vae-train decode <run> --latents <file> [<options>]",
    discussion: """
      FILE.csv has a row for each latent and a column for each of its L numbers, or columns mean_0 and so on, in any \
      order, among others, as "encode" writes them; a model that is told classes decodes for those in a column "label", or beside FILE.npy in FILE.labels.npy; a line of names above the rows may begin with "#". FILE.npy is an \
      array [count, L], or [count, 2 L] as "encode" writes it. Either may be compressed, FILE.csv.gz. With \
      an --output that ends in .npy the decoded numbers themselves are written, float32 [count, features].
      """)

  @OptionGroup var saved: SavedModelOptions

  @Option(
    name: .long, help: ArgumentHelp("What to read: a .csv or .npy file.", valueName: "file"),
    completion: .file(extensions: ["csv", "npy"]), transform: Parse.path)
  var latents: String

  @Option(
    name: .long, help: ArgumentHelp("Pictures in a row (default: as many as rows).", valueName: "count"),
    transform: Parse.gridSize)
  var columns: Int?

  @OptionGroup var labels: LabelOptions
  @OptionGroup var picture: PictureOptions

  func run() throws {
    let file = try OutputFile(picture.output ?? "decoded.png", extensions: ["png", "npy"])
    if columns != nil && file.fileExtension == "npy" {
      throw ValidationError("--columns: expected with an --output of pictures, found with one of numbers, \(file.path)")
    }
    let saved = try saved.load()
    let latentCount = saved.model.architecture.latentCount
    let label = try labels.label(for: saved)
    let known = saved.model.architecture.labels
    let (values, ofFile) = try LatentFile.read(latents, latentCount: latentCount, labels: label == nil ? known : [])
    let count = values.count / latentCount
    let content =
      count.counted("latent")
      + (known.isEmpty
        ? "" : label.map { ", as class \($0)" } ?? (ofFile == nil ? ", each class in turn" : ", each as its class"))
    if file.fileExtension == "npy" {
      let classes = known.isEmpty ? nil : ofFile ?? (0..<count).map { label ?? known[$0 % known.count] }
      let shape = [count, saved.model.architecture.inputCount]
      try AtomicFile.write(NPY.encode(saved.model.decode(values, labels: classes), shape: shape), to: file.path)
      return print("\(file.path): \(content), decoded")
    }
    let shape = try saved.pictureShape()
    let columns = columns ?? Int(Double(count).squareRoot().rounded(.up))
    let rows = (count + columns - 1) / columns
    try PictureLimit.check(rows * columns, of: shape, option: "--latents \(latents)")
    let image = ModelPictures(saved.model, shape: shape).decoded(values, columns: columns, label: label, labels: ofFile)
    try file.write(image, showing: content)
  }
}
