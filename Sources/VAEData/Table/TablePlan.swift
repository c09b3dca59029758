/// How the files of a table are read: what was asked for, and what each file turned out to have.
///
/// `Sendable` because a file is added only while nobody reads.
final class TablePlan: @unchecked Sendable {
  let format: TableFormat
  let request: TableRequest
  let missing: MissingWords
  let selection: TableSelection
  private(set) var files: [(start: TableStart, layout: TableSelection.Layout)] = []
  private let paths: [String]

  /// - Parameters:
  ///   - paths: Of all files, for messages.
  ///   - first: What the first file begins with.
  init(_ request: TableRequest, _ format: TableFormat, paths: [String], first: TableStart) throws {
    (self.request, self.format, self.paths) = (request, format, paths)
    missing = MissingWords(format)
    let columns = NamedColumns(first, path: paths[0])
    selection = try TableSelection(request, in: columns)
    files = [(first, try selection.layout(of: columns))]
  }

  /// The columns of a saved model.
  var known: [Table.Column]? { request.known }

  /// Adds the next file, which begins so.
  func add(_ start: TableStart) throws {
    let path = paths[files.count]
    if (start.header == nil) != (files[0].start.header == nil) {
      let (expected, found) = start.header == nil ? ("names of columns", "none") : ("no names of columns", "some")
      throw DataError(
        path: path, place: "line \(start.headerLine)", expected: "\(expected), as in \(paths[0])", found: found)
    }
    files.append((start, try selection.layout(of: NamedColumns(start, path: path))))
  }

  /// The error in the rows of a file, `lines` further down than its reader counted.
  func error(_ fault: TableFault, file: Int, after lines: Int) -> DataError {
    fault.error(
      path: paths[file], after: lines, names: files[file].start.header == nil ? nil : files[file].layout.names)
  }

  /// The column in a file that goes to a place among the table's.
  func column(_ place: Int, file: Int) -> Int { files[file].layout.places.firstIndex(of: place) ?? 0 }
}
