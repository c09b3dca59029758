import VAEData
import VAEKernels

/// Folders of PNG and JPEG pictures.
public enum PictureFolder {
  /// The pictures in the folder at `path` and in the folders in it, in the order of their names' bytes.
  ///
  /// A picture is a file that begins as a PNG or JPEG, whatever it is called; one that is called .png, .jpg or .jpeg and is
  /// none counts as unreadable. Other files are passed over, with a remark, and those that begin with a dot without one. The
  /// folder of the first level that a picture is in is its class, unless some lie in none or there are more than 256.
  ///
  /// Takes the memory of the result, and of one picture for each thread beside it.
  ///
  /// - Throws: `DataError` where there is no picture, where a picture cannot be read and that is not to be passed over,
  ///   where sizes differ that should not, or where the result would not fit into memory; `FileError` where the folder
  ///   cannot be listed; `ThreadTeamError` where the system starts no threads.
  public static func read(path: String, options: PictureOptions = PictureOptions()) throws -> Pictures {
    let listing = try PictureListing(path: path)
    guard !listing.files.isEmpty else {
      if let error = listing.unreadable.first { throw error }
      throw DataError(
        path: path, expected: "a folder with PNG or JPEG pictures",
        found: listing.passedOver.count == 0 ? "none" : "only \(listing.passedOverWords)")
    }
    if options.onUnreadable == .fail, let error = listing.unreadable.first { throw error }
    let decoder = PictureDecoder(background: options.background)
    let first = options.imageSize == nil ? try firstReadable(in: listing, decoder, options) : nil
    let size = options.imageSize ?? (first!.picture.width, first!.picture.height)
    let scaler = PictureScaler(
      width: size.width, height: size.height, fit: options.fit, background: options.background)
    let threads = min(options.threads ?? ProcessorLimits.current.threadCount, listing.files.count)
    let team = try ThreadTeam(count: threads)

    func read(channels: Int, stopsAtColour: Bool = false) throws -> Pictures? {
      let pass = PicturePass(
        listing: listing, decoder: decoder, scaler: scaler, channels: channels, first: first?.name,
        onUnreadable: options.onUnreadable, stopsAtColour: stopsAtColour)
      return try pictures(pass, on: team)
    }
    switch options.channels {
    case .grey: return try read(channels: 1)!
    case .color: return try read(channels: 3)!
    case .automatic:
      // A folder with colours has one in its first pictures as a rule, so that little is read twice.
      if options.background.isGrey, let pictures = try read(channels: 1, stopsAtColour: true) { return pictures }
      return try read(channels: 3)!
    }
  }

  /// The first picture that can be read, whose size is the one of all.
  private static func firstReadable(
    in listing: PictureListing, _ decoder: PictureDecoder, _ options: PictureOptions
  ) throws -> (name: String, picture: Picture) {
    var firstError: (any Error)?
    for file in listing.files {
      do {
        return (file.name, try decoder.read(path: Folder.path(of: file.name, in: listing.path)))
      } catch {
        if options.onUnreadable == .fail { throw error }
        firstError = firstError ?? error
      }
    }
    throw noneReadable(listing, firstError!)
  }

  private static func noneReadable(_ listing: PictureListing, _ error: any Error) -> DataError {
    DataError(
      path: listing.path, expected: "pictures that can be read",
      found: "none among \(listing.files.count.counted("file")), of which the first is \(error)")
  }

  /// What `pass` makes of its listing; nil where it stopped at a colour.
  private static func pictures(_ pass: PicturePass, on team: ThreadTeam) throws -> Pictures? {
    let listing = pass.listing
    let shape = ImageShape(width: pass.scaler.width, height: pass.scaler.height, channels: pass.channels)
    try checkMemory(listing, shape)
    var findings = PicturePass.Findings()
    let bytes = [UInt8](unsafeUninitializedCapacity: listing.files.count * shape.featureCount) { rows, count in
      let rows = UnsafeMutableBufferPointer(rebasing: rows[..<(listing.files.count * shape.featureCount)])
      findings = pass.run(on: team, into: rows)
      count = close(gapsAt: findings.unreadable.map(\.index), in: rows, rowCount: shape.featureCount)
      if findings.failure != nil || findings.hasColor { count = 0 }
    }
    // A failure beside a colour may not be the first: the next pass will tell.
    if findings.hasColor { return nil }
    if let failure = findings.failure { throw failure.error }
    if findings.unreadable.count == listing.files.count { throw noneReadable(listing, findings.unreadable[0].error) }
    return Pictures(listing, unreadable: findings.unreadable, bytes: bytes, imageShape: shape)
  }

  /// Moves the rows of `rowCount` bytes together that are not among `gaps`, which are in order, and returns how many bytes
  /// they are.
  private static func close(gapsAt gaps: [Int], in rows: UnsafeMutableBufferPointer<UInt8>, rowCount: Int) -> Int {
    guard var end = gaps.first, let base = rows.baseAddress else { return rows.count }
    for (place, gap) in gaps.enumerated() {
      let next = place + 1 < gaps.count ? gaps[place + 1] : rows.count / rowCount
      let kept = next - gap - 1
      (base + end * rowCount).update(from: base + (gap + 1) * rowCount, count: kept * rowCount)
      end += kept
    }
    return end * rowCount
  }

  /// Throws where the result is larger than the memory that there is: an array that cannot be had ends the process.
  private static func checkMemory(_ listing: PictureListing, _ shape: ImageShape) throws {
    let bytes = listing.files.count * shape.featureCount
    guard let limit = MemoryLimits.current.limits.first, limit.room < UInt64(bytes) else { return }
    func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
    throw DataError(
      path: listing.path,
      expected: "pictures that fit into the \(gigabytes(Double(limit.room))) of \(limit.kind.words)",
      found:
        "\(listing.files.count) of \(shape), which are \(gigabytes(Double(bytes))); a smaller --image-size needs less")
  }
}
