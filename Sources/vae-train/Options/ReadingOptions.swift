import ArgumentParser
import VAEData
import VAETrainer

/// How data to train on are read, what is held out of them, and what their columns are taken for. Every option is nil, or
/// empty, where it was not given.
struct ReadingOptions: ParsableArguments {
  @OptionGroup(title: "Test set") var division: DivisionOptions
  @OptionGroup(title: "Files and rows") var file: FileOptions
  @OptionGroup(title: "Columns of a table") var column: ColumnOptions
  @OptionGroup(title: "Pictures") var picture: PictureReadingOptions
  @OptionGroup(title: "Cells") var cell: CellOptions

  /// Puts what was given in the place of what the reading of `source` has. Throws where an option does nothing with its data.
  func apply(to source: inout RunConfiguration.Data) throws {
    apply(to: &source.reading)
    try HeededOptions.check(
      file.given + column.given + picture.given + cell.given, of: source.source(seed: 0, formats: DataOptions.formats))
  }

  private func apply(to reading: inout DataReading) {
    division.apply(to: &reading)
    file.apply(to: &reading)
    column.apply(to: &reading)
    picture.apply(to: &reading)
    cell.apply(to: &reading)
  }
}

/// How other data than a run's are read for its model, which knows its columns: as the run's own, but for what is given.
struct NewDataOptions: ParsableArguments {
  @OptionGroup(title: "Files and rows") var file: FileOptions
  @OptionGroup(title: "Pictures") var picture: PictureReadingOptions
  @OptionGroup(title: "Cells") var cell: CellFileOptions

  /// The options that were given, by name.
  var given: [String] { file.given + picture.given + cell.given }

  /// Puts what was given in the place of what a run's `reading` has. New rows may have no classes and names, unless a
  /// column of them is named.
  func apply(to reading: inout DataReading) {
    if reading.pictures.labelTable != nil, picture.labelTable == nil {
      // It has the classes of the run's pictures, and its columns.
      (reading.pictures.labelTable, reading.labelColumn, reading.idColumn) = (nil, nil, nil)
    }
    // Where the run's own numbers were says nothing of others.
    reading.storage = .automatic
    // Cells in which little was counted are left out of training, and not of answers about new ones.
    reading.cells.leastCounts = 0
    reading.maybeNotRaw = file.rawType == nil
    reading.maybeWithoutLabels = file.labelColumn == nil
    reading.maybeWithoutIDs = file.idColumn == nil
    file.apply(to: &reading)
    picture.apply(to: &reading)
    cell.apply(to: &reading)
  }
}
