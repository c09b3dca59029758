import VAEData

/// Reads PNG and JPEG files, told apart by their first bytes and never by their names.
///
/// A picture is the numbers that are in the file: gamma and colour profiles are left alone. It is upright where the file
/// has an EXIF orientation, and lies over `background` where it is transparent. A file that is cut off or damaged is an
/// error, as is one that claims more than 200 megapixels (100 of 16 bits), for which nothing is allocated.
public struct PictureDecoder: Sendable {
  /// What is seen through transparent places. White, as on paper and in browsers, unless said otherwise.
  public var background: PictureColor

  /// A decoder.
  public init(background: PictureColor = .white) {
    self.background = background
  }

  /// The picture in the bytes of a file, in grey (1 channel) where the file is. `path` is for messages alone.
  public func decode(_ file: [UInt8], path: String) throws(DataError) -> Picture {
    switch FileKind(file.prefix(FileKind.length)) {
    case .png: return try PNGDecoder.decode(file, path: path, background: background)
    case .jpeg: return try JPEGDecoder.decode(file, path: path)
    case .other(let words): throw DataError(path: path, expected: "a PNG or JPEG picture", found: words)
    }
  }

  /// The picture in the file at `path`. Throws `DataError` where it is none, `FileError` where it cannot be read.
  public func read(path: String) throws -> Picture {
    let file = try FileReader(path: path)
    guard file.count <= PictureLimits.fileBytes else {
      throw DataError(
        path: path, expected: "a picture in a file of at most \(PictureLimits.fileBytes >> 20) MiB",
        found: "\(file.count >> 20) MiB")
    }
    return try decode(file.bytes(at: 0, count: file.count), path: path)
  }
}
