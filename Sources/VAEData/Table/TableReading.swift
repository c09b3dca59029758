import VAEKernels

/// The reading of one table: a survey of its first rows says what its columns are, then all rows become numbers, then the
/// numbers one array.
final class TableReading: @unchecked Sendable {
  /// How many rows the survey looks at, at least: whole blocks.
  static let surveyedRows = 10_000

  private let blocks: TableBlocks
  private let team: ThreadTeam?
  private let paths: [String]
  private let format: TableFormat
  private let request: TableRequest
  private var plan: TablePlan!
  private var surveys: [ColumnSurvey] = []
  private var kinds: [ColumnSurvey.Kind] = []
  private var parsers: [BlockParser] = []
  private var rows: TableRows!
  /// The line that the next block of the file begins in.
  private var nextLine = 0
  /// The first of the empty lines behind the last row so far.
  private var blankLine: Int?
  private var rowsOfFile = 0
  /// By the columns' places.
  private var faults: [Int: DataError] = [:]

  /// - Parameter workers: How many threads; nil for one a processor that the process may use.
  init(_ streams: [ByteSource], _ format: TableFormat, _ request: TableRequest, workers: Int?, blockSize: Int) {
    precondition(!streams.isEmpty, "no file to read")
    blocks = TableBlocks(streams, format: format, request: request, blockSize: blockSize, isReadTwice: true)
    paths = streams.map(\.path)
    (self.format, self.request) = (format, request)
    // More than these wait for the disk or for memory.
    let isSmall = streams.allSatisfy { $0.count.map { $0 < blockSize } ?? false }
    let count = isSmall ? 1 : workers ?? min(ProcessorLimits.current.threadCount, 16)
    // Where the system has no threads to give, one is enough.
    team = count > 1 ? try? ThreadTeam(count: count) : nil
  }

  func read() throws -> Table {
    try survey()
    blocks.rewind()
    try parse()
    let merged = try kinds.indices.map { try texts(of: $0) }
    let columns = kinds.indices.map { place in
      request.known?[place]
        ?? Table.Column(
          name: plan.selection.names[place], texts: merged[place]?.sorted,
          decimals: kinds[place] == .numbers ? surveys[place].decimals : 0)
    }
    let values = rows.assemble(codes: merged.map { $0?.codes }, team: team)
    var table = Table(
      path: paths.count == 1 ? paths[0] : "\(paths[0]) and \((paths.count - 1).counted("other"))", columns: columns,
      values: values, asides: Dictionary(uniqueKeysWithValues: zip(plan.selection.asides, rows.asides)),
      rowCount: rows.count)
    for (place, fault) in faults { table.faults[plan.selection.names[place]] = fault }
    return table
  }

  // MARK: Survey

  private func survey() throws {
    var rowCount = 0
    let waves = BlockWaves(blocks, team: team) { [self] block, _ in survey(block) }
    try waves.run(prepare: prepare) { block, found in
      if surveys.isEmpty { surveys = found.columns.map { _ in ColumnSurvey() } }
      let lines = linesAbove(block)
      for (place, column) in found.columns.enumerated() { surveys[place].add(column, file: block.file, after: lines) }
      advance(over: block, lines: found.lineCount)
      rowCount += found.rowCount
      // What is wrong the parser will say. The columns of a saved model are known.
      return rowCount < Self.surveyedRows && !found.isFaulty && request.known == nil
    }
    kinds = try plan.selection.isText.indices.map { place in
      if plan.selection.isText[place] { return .texts }
      return request.known == nil ? try kind(of: place) : .numbers
    }
    let start = plan.files[0].start
    if request.known == nil, start.firstRowCounts, surveys.contains(where: { $0.decimals > 0 }) {
      throw plan.error(TableHeader.countingFault(line: start.headerLine), file: 0, after: 0)
    }
  }

  private func survey(_ block: TableBlock) -> BlockSurvey {
    let (start, layout) = plan.files[block.file]
    return BlockSurvey(
      block, start, layout, columnCount: plan.selection.names.count, missing: plan.missing,
      point: format.decimalPoint)
  }

  private func kind(of place: Int) throws -> ColumnSurvey.Kind {
    let survey = surveys[place]
    if let fault = survey.faultOfText(name: plan.selection.names[place]), let file = survey.firstText?.file {
      try report(plan.error(fault.inColumn(plan.column(place, file: file)), file: file, after: 0), of: place)
    }
    return survey.kind
  }

  // MARK: Rows

  private func parse() throws {
    parsers = (0..<(team?.count ?? 1)).map { BlockParser(plan, worker: $0) }
    rows = TableRows(columnCount: kinds.count, asideCount: plan.selection.asides.count, path: paths[0])
    let waves = BlockWaves(blocks, team: team) { [self] block, worker in parsers[worker].parse(block, kinds: kinds) }
    try waves.run(prepare: prepare) { block, parsed in
      try deliver(block, parsed)
      return true
    }
    try endFile(paths.count - 1)
  }

  /// Takes the rows of the next block.
  private func deliver(_ block: TableBlock, _ result: ParsedBlock) throws {
    if block.start != nil, block.file > 0 { try endFile(block.file - 1) }
    var parsed = result
    if case .undecided = parsed.failure {
      try decide(block)
      parsed = parsers[0].parse(block, kinds: kinds)
    }
    let lines = linesAbove(block)
    if let blankLine, parsed.rowCount > 0 || parsed.failure != nil {
      throw plan.error(RowScanner.blankFault(line: blankLine), file: block.file, after: 0)
    }
    switch parsed.failure {
    case nil: break
    case .fault(let fault): throw plan.error(fault, file: block.file, after: lines)
    case .noMemory: throw rows.memoryError()
    case .undecided: preconditionFailure("a column is still undecided")
    }
    blankLine = blankLine ?? parsed.blankLine.map { $0 + lines }
    rowsOfFile += parsed.rowCount
    try rows.append(parsed)
    advance(over: block, lines: parsed.lineCount)
  }

  /// Finds out what the columns are that have their first value in `block`.
  private func decide(_ block: TableBlock) throws {
    let found = survey(block)
    let lines = linesAbove(block)
    for place in kinds.indices where kinds[place] == .undecided {
      surveys[place].add(found.columns[place], file: block.file, after: lines)
      kinds[place] = try kind(of: place)
    }
  }

  private func endFile(_ file: Int) throws {
    if rowsOfFile == 0 { throw DataError(path: paths[file], expected: "rows of a table", found: "a header alone") }
    (rowsOfFile, blankLine) = (0, nil)
  }

  /// Of a column of text, what all workers have seen; nil of others, and where the codes are those of a list that was given.
  private func texts(of place: Int) throws -> MergedTexts? {
    guard kinds[place] == .texts, request.known == nil else { return nil }
    let dictionaries = parsers.compactMap { $0.dictionaries[place] }
    let merged = MergedTexts(parsers.map { $0.dictionaries[place]?.texts ?? [] })
    if merged.sorted.count > TextDictionary.largestCount || dictionaries.contains(where: \.isFull) {
      let column = plan.column(place, file: 0)
      let line = plan.files[0].start.headerLine
      try report(
        plan.error(
          TextDictionary.fullFault(line: line, column: column, name: plan.selection.names[place]), file: 0, after: 0),
        of: place)
    }
    return merged
  }

  /// Throws what is wrong with a column, or keeps it where faulty columns are to be kept.
  private func report(_ fault: DataError, of place: Int) throws {
    guard request.keepsFaultyColumns else { throw fault }
    faults[place] = fault
  }

  // MARK: Files

  /// Before any worker has a block.
  private func prepare(_ block: TableBlock) throws {
    guard let start = block.start else { return }
    if plan == nil {
      plan = try TablePlan(request, format, paths: paths, first: start)
    } else if block.file == plan.files.count {
      try plan.add(start)
    }
  }

  /// How many lines there are in the file above those that a block counts.
  private func linesAbove(_ block: TableBlock) -> Int { block.start == nil ? nextLine : 0 }

  private func advance(over block: TableBlock, lines: Int) { nextLine = (block.start?.line ?? nextLine) + lines }
}
