import ArgumentParser
import VAEData
import VAETrainer

/// `vae-train convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make an array of numbers, or a table of text, of data in any other format.",
    usage: "vae-train convert <data> --output <file> [<options>]",
    discussion: """
      A table becomes 32-bit floats, categories as their numbers, with names and texts in F.columns.json beside F.npy; \
      pictures become bytes [n, h, w, c]. Classes go to F.labels.npy, the rows' names to F.ids.txt, a line each. What is \
      written is read as the same data, and --storage file trains on an NPY where it lies, however large. The options are \
      those of training. Sparse counts, such as cells, become in F.npz what scipy.sparse.load_npz reads, with the names of \
      what was counted and what a model is told of each row beside it, and stay in their file where they are large. F.csv is a table of text, which impute takes: a column a number of a row, categories and classes by \
      their names, and the rows' names first where they have some.
      """)

  @Argument(
    help: ArgumentHelp("What --data would be.", valueName: "data"), completion: .file(), transform: Parse.path)
  var data: String

  @Option(
    name: .long, help: ArgumentHelp("A .npy, .npz or .csv file.", valueName: "file"),
    completion: .file(extensions: ["npy", "npz", "csv"]), transform: Parse.path)
  var output: String

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    let column = reading.column
    let ofModels = [
      ("counts", column.counts != nil), ("numbers", column.numbers != nil), ("conditions", column.conditions != nil),
      ("scaling", column.scaling != nil), ("unseen", reading.file.unseen != nil),
    ]
    if let option = ofModels.first(where: \.1)?.0 {
      throw ValidationError(
        "--\(option): expected where there is a model, found with convert, which keeps what there is")
    }
    if reading.cell.exposureColumn != nil {
      throw ValidationError(
        "--exposure-column: expected with a command that shows cells to a model, found with convert, which does not keep it"
      )
    }
    if reading.division.stratify {
      throw ValidationError(
        "--stratify: expected where rows are held out, found with convert, which writes all of them")
    }
  }

  func run() throws {
    let formats = DataSource.ArrayFormat.allCases
    let file = try OutputFile(output, extensions: formats.map(\.rawValue))
    let outputs = [file.path] + (file.fileExtension == "npy" ? DataSource.pathsBeside(array: file.path) : [])
    try KeptFiles([data, reading.division.testData, reading.picture.labelTable]).check(outputs.map { ("--output", $0) })
    var source = RunConfiguration.Data(path: data)
    try reading.apply(to: &source)
    let converted = try source.source(seed: TrainingOptions().seed, formats: DataOptions.formats)
      .convert(to: file.path, as: DataSource.ArrayFormat(rawValue: file.fileExtension)!)
    for remark in converted.remarks { Message.warn(remark) }
    let shape = converted.shape.map { "\($0)" }.joined(separator: " × ")
    let type = file.fileExtension == "csv" ? "" : " of \(converted.type)"
    let stored = converted.stored.map { ", \($0.counted("number")) stored" } ?? ""
    print("\(file.path): \(shape)\(type)\(stored)" + converted.beside.map { ", \($0.content) in \($0.path)" }.joined())
  }
}
