/// Some records of a file, all of each, in memory that is used again for others.
///
/// `Sendable` because whoever has it has it alone: the reader, then one worker, then the reader again.
final class TableBlock: @unchecked Sendable {
  /// What comes before the rows, where it is the first block of its file.
  fileprivate(set) var start: TableStart?
  /// The place of its file among those read.
  fileprivate(set) var file = 0
  fileprivate(set) var count = 0
  fileprivate var memory: UnsafeMutableBufferPointer<UInt8>

  init(capacity: Int) { memory = .allocate(capacity: capacity) }

  deinit { memory.deallocate() }

  fileprivate var capacity: Int { memory.count }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: memory[..<count]) }

  /// Forgets what is there, and begins with `bytes` of the file at a place among those read.
  fileprivate func begin(file: Int, with bytes: [UInt8]) {
    (self.file, start, count) = (file, nil, 0)
    grow(to: bytes.count + 1)
    _ = memory.update(fromContentsOf: bytes)
    count = bytes.count
  }

  /// Makes room for `capacity` bytes and keeps those that are there.
  fileprivate func grow(to capacity: Int) {
    guard capacity > memory.count else { return }
    let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: capacity)
    _ = larger.update(fromContentsOf: memory[..<count])
    memory.deallocate()
    memory = larger
  }
}

/// Cuts the files of a table into blocks that end where records do.
///
/// In a block without a quote a record ends where a line does. In others only reading it from its beginning tells.
final class TableBlocks {
  /// The largest record, so that a quote that is never closed does not bring a whole file into memory.
  static let largestRecord = 1 << 26

  private var streams: [ByteSource]
  private let format: TableFormat
  private let request: TableRequest
  private let blockSize: Int
  private var file = -1
  private var contents: Contents?
  private var start: TableStart?
  /// What was read of the file beyond the last block.
  private var rest: [UInt8] = []
  private var unused: [TableBlock] = []
  private var failure: (any Error)?
  /// Of files that come but once, the blocks read before `rewind`, and then those that are handed out again.
  private var isKeeping: Bool
  private var kept: [TableBlock] = []
  private var replayed: ArraySlice<TableBlock> = []

  /// - Parameter isReadTwice: Whether `rewind` will be called, so that what comes but once has to be kept until then.
  init(
    _ streams: [ByteSource], format: TableFormat, request: TableRequest, blockSize: Int, isReadTwice: Bool = false
  ) {
    (self.streams, self.format, self.request, self.blockSize) = (streams, format, request, blockSize)
    isKeeping = isReadTwice && !streams.allSatisfy(\.comesAgain)
  }

  /// Begins again, as if nothing had been read: from the files, or with the blocks kept where one of them comes but once.
  func rewind() {
    isKeeping = false
    replayed = kept[...]
    kept = []
    let again = streams.compactMap { $0.again() }
    guard again.count == streams.count else { return }
    (streams, file, contents, rest, failure, replayed) = (again, -1, nil, [], nil, [])
  }

  /// Takes a block that nobody needs any more. One that has grown is let go: where blocks end must not depend on which were
  /// used before, nor memory on the largest record.
  func giveBack(_ block: TableBlock) {
    if !isKeeping, block.capacity == blockSize { unused.append(block) }
  }

  /// The next block; nil behind the last one.
  func next() throws -> TableBlock? {
    if let block = replayed.popFirst() { return block }
    if let failure { throw failure }
    do {
      let block = try read()
      if isKeeping, let block { kept.append(block) }
      return block
    } catch {
      failure = error
      throw error
    }
  }

  private func read() throws -> TableBlock? {
    let isFirst = contents == nil
    if isFirst {
      guard file + 1 < streams.count else { return nil }
      file += 1
      contents = try Contents(streams[file])
      start = nil
    }
    let block = unused.popLast() ?? TableBlock(capacity: blockSize)
    block.begin(file: file, with: rest)
    rest = []
    while true {
      let isWhole = try fill(block)
      if isFirst, start == nil {
        start = try TableStart(
          block.bytes, isWhole: isWhole, path: streams[file].path, format: format,
          isKnown: { TableSelection.isKnown($0, to: request) })
        block.start = start
      }
      if isWhole {
        contents = nil
        return block.count == 0 && !isFirst ? try read() : block
      }
      if let start, case let end = RecordEnds.last(in: block.bytes, start, from: block.start?.position ?? 0), end > 0 {
        rest = Array(block.bytes[end...])
        block.count = end
        return block
      }
      guard block.count < Self.largestRecord else {
        let end = contents?.offset ?? 0
        throw DataError(
          path: streams[file].path, place: "bytes \(end - block.count) to \(end)",
          expected: "lines of at most \(Self.largestRecord >> 20) MiB",
          found: "none that ends: quotes that are not closed, or no text")
      }
      block.grow(to: 2 * block.count)
    }
  }

  /// Fills the block with what comes next; true where the file ends with it.
  private func fill(_ block: TableBlock) throws -> Bool {
    guard let contents else { return true }
    let free = UnsafeMutableBufferPointer(rebasing: block.memory[block.count...])
    let offset = contents.offset
    let got = try contents.read(into: UnsafeMutableRawBufferPointer(free))
    let bytes = UnsafeBufferPointer(rebasing: free[..<got])
    // Where the file begins as UTF-16 does, that is the better thing to say.
    if offset == 0 { try TextBytes.refuseUTF16(in: bytes, path: contents.path) }
    try TextBytes.refuseZero(in: bytes, after: offset, path: contents.path)
    block.count += got
    return got < free.count
  }
}
