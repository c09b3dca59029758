import CStandardLibrary

/// Paths as text, and the bytes that they stand for.
///
/// To the kernel a path is bytes, and what they spell is nobody's business: names in Latin-1 are as good as others. A
/// `String` cannot hold such bytes, so each byte that is no UTF-8 is held as one of the 128 private characters U+EF80 to
/// U+EFFF, and becomes that byte again on its way to the kernel or to a terminal. A name that holds these characters itself
/// is taken byte by byte too, so that every path comes back as it was. Nothing else is done to a path: `~` is the shell's,
/// and `link/..` is where the kernel finds it.
package enum Path {
  /// Of a byte b, U+EF00 + b.
  private static let escapes: ClosedRange<UInt32> = 0xEF80...0xEFFF

  // MARK: Bytes

  /// The text for a path's bytes.
  package static func text(of bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !hasEscapes(text) { return text }
    let bytes = Array(bytes)
    var text = String.UnicodeScalarView()
    var place = 0
    while place < bytes.count {
      if let scalar = (1...4).lazy.compactMap({ Self.scalar(bytes[place...].prefix($0)) }).first {
        text.append(scalar)
        place += UTF8.width(scalar)
      } else {
        text.append(Unicode.Scalar(0xEF00 + UInt32(bytes[place]))!)
        place += 1
      }
    }
    return String(text)
  }

  /// The text for the bytes up to a zero.
  package static func text(ofCString bytes: UnsafePointer<CChar>) -> String {
    text(of: UnsafeRawBufferPointer(start: bytes, count: strlen(bytes)))
  }

  /// The bytes that a text stands for.
  package static func bytes(of text: String) -> [UInt8] {
    guard hasEscapes(text) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in
      escapes.contains(scalar.value) ? [UInt8(scalar.value & 0xFF)] : Array(String(scalar).utf8)
    }
  }

  /// Calls `body` with the bytes of `path` and a zero behind them.
  static func withBytes<Result>(of path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let bytes = bytes(of: path) + [0]
    return bytes.withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
  }

  private static func hasEscapes(_ text: String) -> Bool {
    text.unicodeScalars.contains { escapes.contains($0.value) }
  }

  /// The one character that `bytes` are in UTF-8, if they are.
  private static func scalar(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard let text = String(validating: bytes, as: UTF8.self), !hasEscapes(text) else { return nil }
    return text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
  }

  // MARK: Parts

  /// `path` from the root, with every part of it as it stands.
  package static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return SystemCall.currentFolder().map { Folder.path(of: path, in: $0) } ?? path
  }

  /// The last part: "run" of "runs/run/"; of "." and "..", the name of the folder that they are.
  package static func name(of path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? "/"
    guard last == "." || last == ".." else { return last }
    return SystemCall.resolved(path)?.split(separator: "/").last.map(String.init) ?? last
  }

  /// The folder that what `path` leads to lies in; of a bare name ".".
  package static func folder(of path: String) -> String { Folder.split(path).folder }

  /// Whether what is at `path`, or would be, is `folder`, or in it or a folder in it, at the end of links.
  package static func isInside(_ path: String, _ folder: String) -> Bool {
    guard let folder = SystemCall.resolved(folder) else { return false }
    // The nearest that is there, and behind it the names of what is not.
    var parts = absolute((try? endOfLinks(path)) ?? path).split(separator: "/").map(String.init)
    var missing: [String] = []
    var own = SystemCall.resolved("/" + parts.joined(separator: "/"))
    while own == nil, let last = parts.popLast() {
      missing.insert(last, at: 0)
      own = SystemCall.resolved("/" + parts.joined(separator: "/"))
    }
    var names = (own ?? "/").split(separator: "/").map(String.init)
    for name in missing where name != "." {
      if name == ".." { _ = names.popLast() } else { names.append(name) }
    }
    let inside = folder.split(separator: "/").map(String.init)
    return names.starts(with: inside)
  }

  // MARK: What is there

  /// What there may be at a path, at the end of links.
  package enum Kind {
    case nothing, file, folder, other
  }

  /// What is there. Throws `FileError` where that cannot be found out.
  package static func kind(_ path: String) throws(FileError) -> Kind {
    guard let status = SystemCall.status(path) else {
      if errno == ENOENT || errno == ENOTDIR { return .nothing }
      throw FileError(path: path, action: "look at it", code: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Whether there is something.
  package static func exists(_ path: String) -> Bool { SystemCall.status(path) != nil }

  /// The path of the file that a write to `path` would reach: `path` itself, or the end of a chain of links, which need not
  /// be there yet. Throws `FileError` where they lead round in a circle.
  package static func endOfLinks(_ path: String) throws(FileError) -> String {
    var path = path
    // As many as Linux follows.
    for _ in 0..<40 {
      guard let target = SystemCall.target(ofLink: path) else { return path }
      path = target.hasPrefix("/") ? target : Folder.path(of: target, in: folder(of: path))
    }
    throw FileError(path: path, action: "write the file", code: ELOOP)
  }
}
