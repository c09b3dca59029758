import VAEData
import VAEKernels

/// Cells and what was counted of their genes, as a data set: AnnData, 10x and loom.
///
/// The genes are those of a model that is known, by their names, or those that the reading's choices keep; the cells too. What
/// a label or a thing that the model is told says of each cell comes from the columns of the cells.
public struct CellFormat: DataFormat {
  /// "cells".
  public let name = "cells"
  /// Which matrix, cells and genes.
  public let heeded: ReadingAspects = .cells
  /// The one member.
  public init() {}

  /// An HDF5 file, or a folder or a file of 10x.
  public func recognizes(_ probe: DataProbe) -> Bool { !probe.isStream && CellFile.recognizes(probe.path) }

  /// Reads the counts of all cells, and of what is known of them what was asked for.
  public func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    guard paths.count == 1 else {
      throw DataError(path: paths[0], expected: "one file or folder of cells", found: "\(paths.count)")
    }
    let file = try CellFile(path: paths[0])
    let selection = try selection(of: reading, in: file, isKnown: known.told != nil)
    var sink = RowSink(try file.summary(of: selection.matrix).geneCount)
    let table = try file.read(into: &sink, selection: selection)
    guard !table.genes.isEmpty else { throw DataError(path: file.path, expected: "at least one gene", found: "none") }
    var cells = Cells(rows: sink.finish(), table: table, path: file.path)
    try cells.keep(reading, known: known.featureNames)
    var contents = try cells.contents(reading, told: known.told?.columns.map(\.source))
    contents.beside = [
      .init("matrices", file.matrices.map(\.description)), .init("obs columns", table.obs.map(\.words)),
      .init("var columns", file.varNames), cells.depths,
    ].filter { !$0.items.isEmpty }
    return contents
  }

  private func selection(of reading: DataReading, in file: CellFile, isKnown: Bool) throws -> CellSelection {
    var selection = CellSelection(genome: reading.cells.genome)
    if let path = reading.cells.matrix {
      guard let matrix = CellMatrix(path), file.matrices.contains(matrix) else {
        throw DataError(
          path: file.path,
          expected: "one of its matrices, which are \(file.matrices.map(\.description).joined(separator: ", "))",
          found: "\"\(path.onOneLine)\"")
      }
      selection.matrix = matrix
    }
    if let genome = reading.cells.genome, try file.genomes().isEmpty {
      throw DataError(
        path: file.path, expected: "a 10x file with genomes, for --genome \(genome.onOneLine)", found: file.format)
    }
    var columns: [String] = []
    let asides = [
      reading.labelColumn, reading.idColumn, reading.groupColumn, reading.splitColumn, reading.cells.exposureColumn,
    ]
    for name in asides.compactMap({ $0 }) + reading.cells.told + annotations(of: reading) {
      let mayBeMissing =
        reading.maybeWithoutLabels && name == reading.labelColumn || reading.maybeWithoutIDs && name == reading.idColumn
        || isKnown && reading.takesUnknownTexts && reading.cells.told.contains(name)
      if file.obsNames.contains(name) {
        columns.append(name)
      } else if !mayBeMissing {
        let advice =
          isKnown && reading.cells.told.contains(name)
          ? ", as the model is told it (--unseen other goes without)"
          : name == reading.cells.exposureColumn ? ", which has the exposure of each cell" : ""
        throw Self.noColumn(name, of: "cells", among: file.obsNames, in: file, advice: advice)
      }
    }
    if let name = reading.cells.geneColumn {
      guard file.varNames.contains(name) else {
        throw Self.noColumn(name, of: "genes", among: file.varNames, in: file)
      }
      columns.append(name)
    }
    selection.columns = reading.annotations == .all ? nil : columns
    return selection
  }

  private func annotations(of reading: DataReading) -> [String] {
    if case .named(let names) = reading.annotations { names } else { [] }
  }

  private static func noColumn(
    _ name: String, of things: String, among names: [String], in file: CellFile, advice: String = ""
  ) -> DataError {
    guard !names.isEmpty else {
      return DataError(
        path: file.path, expected: "a column of \(things) \"\(name.onOneLine)\"\(advice)",
        found: "no columns of \(things) at all in \(file.format)")
    }
    let nearest = NearestNames.words(to: name, among: names).map { "; \($0)" } ?? ""
    return DataError(
      path: file.path,
      expected:
        "one of the columns of \(things), \(names.prefix(20).map(\.onOneLine).joined(separator: ", "))\(advice)",
      found: "\"\(name.onOneLine)\"\(nearest)")
  }
}

/// Rows as they come, in as few bytes as they need.
private struct RowSink: CountRowSink {
  private var builder: CompressedRows.Builder

  init(_ geneCount: Int) { builder = CompressedRows.Builder(columnCount: max(geneCount, 1)) }

  mutating func append(columns: UnsafeBufferPointer<UInt32>, values: UnsafeBufferPointer<Float>) throws {
    builder.append(columns: columns, values: values)
  }

  func finish() -> CompressedRows { builder.finish() }
}
