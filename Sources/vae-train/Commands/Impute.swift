import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `vae-train impute`.
struct Impute: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fill in what is missing of a table, given what is known of each row.",
    usage: "vae-train impute <run> <data> --output <file> [<options>]",
    discussion: """
      FILE, a .tsv of a table with tabs and else a .csv, gets the table as it came, every byte of what is known as it was, and each missing cell of a modelled column \
      filled: a number by its mean, a category by the likeliest. With --draws 5 there are FILE.1.csv to FILE.5.csv too, \
      each with a draw in every such cell, for those who want to know how much hangs on them. --spread names a file with \
      a line a cell: id,row,column,value,spread; of a number its standard deviation, of a category its probability.
      """)

  @OptionGroup var saved: SavedModelOptions
  @Argument(
    help: ArgumentHelp("A table, raw, as for training: CSV or TSV, plain or .gz.", valueName: "data"),
    completion: .file(), transform: Parse.path)
  var data: String
  @OptionGroup var reading: NewDataOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    name: .long, help: ArgumentHelp("Latents drawn for each row, and weighed (default: 1000).", valueName: "count"),
    transform: Parse.wholeNumber)
  var samples = 1000

  @Option(
    name: .long,
    help: ArgumentHelp("So many completed tables with draws, beside the one with means.", valueName: "count"),
    transform: Parse.wholeNumber)
  var draws = 0

  @Option(
    name: .long, help: ArgumentHelp("A .csv file for the spread of each cell.", valueName: "file"),
    completion: .file(extensions: ["csv"]), transform: Parse.path)
  var spread: String?

  @Option(
    name: .long, help: ArgumentHelp("Key of the draws (default: the run's).", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64?

  @Option(
    name: .long, help: ArgumentHelp("What to write: a .csv file, or a .tsv of a table with tabs.", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv"]), transform: Parse.path)
  var output: String

  func validate() throws {
    for (option, count, range) in [("samples", samples, 1...100_000), ("draws", draws, 0...1000)]
    where !range.contains(count) {
      throw ValidationError("--\(option): expected \(range.lowerBound) to \(range.upperBound), found \(count)")
    }
  }

  func run() throws {
    let file = try OutputFile(output, extensions: ["csv", "tsv"])
    let spreadFile = try spread.map { try OutputFile($0, extensions: ["csv"]) }
    let saved = try saved.load()
    try checkIsOneFile()
    let drawPaths = try (0..<draws).map { draw in
      let path = "\(file.path.dropLast(4)).\(draw + 1).\(file.fileExtension)"
      return try OutputFile(path, extensions: [file.fileExtension]).path
    }
    try KeptFiles([data] + saved.inputs).check(
      [("--output", file.path)] + drawPaths.map { ("--draws", $0) } + (spread.map { [("--spread", $0)] } ?? []))
    guard let coding = saved.data.coding else {
      throw DataError(
        path: saved.path, expected: "a model of a table, whose cells may be missing", found: "a model of other data")
    }
    try checkIsText()
    try checkEnding(of: file, saved)
    let dataset = try saved.rows(at: data, reading)
    var imputer = Imputer(seed: seed ?? saved.seed)
    (imputer.samples, imputer.drawCount) = (samples, draws)
    let filled = try imputer.fill(dataset, saved.model, try threads.team())
    try write(to: file.path, saved, coding, filled) { filled.cells[$0].value }
    for (draw, path) in drawPaths.enumerated() {
      try write(to: path, saved, coding, filled) { filled.draw(draw, ofCell: $0) }
    }
    if let spreadFile { try writeSpreads(of: filled, coding, dataset, to: spreadFile) }
    print("\(file.path): \(filled.cells.count.counted("cell")) filled in of \(dataset.count.counted("row"))")
  }

  /// The text of a file is read again for every copy with its gaps filled, and several files would make several.
  private func checkIsOneFile() throws {
    guard data != "-", try Path.kind(data) != .other else {
      throw ValidationError(
        "<data>: expected the path of one file, which is copied with its gaps filled, found \(data == "-" ? "standard input" : "a pipe")"
      )
    }
    let files = try PathPattern.expand(data)
    guard files == [data] else {
      let found = files.isEmpty ? "no file" : "\(files.count.counted("file"))"
      throw ValidationError(
        "<data>: expected the path of one file, which is copied with its gaps filled, found a pattern, \(data), of \(found)"
      )
    }
  }

  private func checkIsText() throws {
    let probe = try DataProbe(path: data)
    guard !TextTableFormat().recognizes(probe) else { return }
    // Pictures would become a table of pixels.
    let found =
      probe.isFolder ? "a folder" : "another file; vae-train convert --output F.csv makes one of an array or a matrix"
    throw DataError(path: data, expected: "a table of text, CSV or TSV", found: found)
  }

  /// What is between the cells stays there, and the name must not say otherwise to who reads it.
  private func checkEnding(of file: OutputFile, _ saved: SavedModel) throws {
    let (format, request) = saved.tableRequest(reading)
    let delimiter = try TableRewriter.delimiter(path: data, format: format, request: request)
    let ending = delimiter == .tab ? "tsv" : "csv"
    guard file.fileExtension == ending else {
      let marks: [TableFormat.Delimiter: String] = [
        .comma: "commas", .semicolon: "semicolons", .tab: "tabs", .pipe: "|", .space: "spaces",
      ]
      throw ValidationError(
        "--output \(output): expected .\(ending), as the table has \(marks[delimiter] ?? "commas"), found .\(file.fileExtension)"
      )
    }
  }

  /// The table as it came, with other text in some cells.
  private func write(
    to path: String, _ saved: SavedModel, _ coding: TableCoding, _ filled: Imputation, _ value: @escaping (Int) -> Float
  ) throws {
    let (format, request) = saved.tableRequest(reading)
    try AtomicFile.write(to: path) { file in
      try TableRewriter.rewrite(path: data, format: format, request: request) { names in
        let columns = names.map { name in coding.columns.firstIndex { $0.name == name } }
        var finder = filled.finder
        return { row, column in
          guard columns.indices.contains(column), let coded = columns[column],
            let cell = finder.cell(row: row, column: coded)
          else { return nil }
          let text = coding.columns[coded].text(of: value(cell))
          guard format.hasDecimalComma, coding.columns[coded].texts == nil else { return text }
          return text.replacing(".", with: ",")
        }
      } _: {
        try file.append($0)
      }
    }
  }

  private func writeSpreads(
    of filled: Imputation, _ coding: TableCoding, _ dataset: Dataset, to file: OutputFile
  ) throws {
    try TextOutput.write(to: file) { append in
      try append("id,row,column,value,spread\n")
      for cell in filled.cells {
        let column = coding.columns[cell.column]
        let words = [
          dataset.ids?[cell.row] ?? "\(cell.row)", "\(cell.row)", column.name, column.text(of: cell.value),
          "\(cell.spread)",
        ]
        try append(words.map(CSVText.cell).joined(separator: ",") + "\n")
      }
    }
  }
}
