import CStandardLibrary

/// The calls of the operating system that take a path, each with the path's bytes as they came; see `Path`. Nothing
/// else hands a path of a person's to the system. Failures are as in C: -1 or nil, and `errno`.
package enum SystemCall {
  package static func open(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
    Path.withBytes(of: path) { CStandardLibrary.open($0, flags, mode) }
  }

  /// Of what a link leads to, or of the link itself.
  package static func status(_ path: String, ofLink: Bool = false) -> stat? {
    var status = stat()
    let result = Path.withBytes(of: path) { ofLink ? lstat($0, &status) : stat($0, &status) }
    return result == 0 ? status : nil
  }

  /// When it was last written, since the beginning of 1970; nil where there is nothing.
  package static func modificationTime(_ path: String) -> Duration? {
    status(path).map {
      #if canImport(Darwin)
        let time = $0.st_mtimespec
      #else
        let time = $0.st_mtim
      #endif
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
  }

  package static func mayWrite(_ path: String) -> Bool { Path.withBytes(of: path) { access($0, W_OK) } == 0 }

  package static func makeFolder(_ path: String) -> Int32 { Path.withBytes(of: path) { mkdir($0, 0o777) } }

  package static func removeFile(_ path: String) -> Int32 { Path.withBytes(of: path) { unlink($0) } }

  package static func removeFolder(_ path: String) -> Int32 { Path.withBytes(of: path) { rmdir($0) } }

  package static func rename(_ path: String, to target: String) -> Int32 {
    Path.withBytes(of: path) { path in Path.withBytes(of: target) { CStandardLibrary.rename(path, $0) } }
  }

  package static func openFolder(_ path: String) -> OpaquePointer? { Path.withBytes(of: path) { opendir($0) } }

  /// Where a link says that it leads; nil for what is no link.
  package static func target(ofLink path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = Path.withBytes(of: path) { path in
      bytes.withUnsafeMutableBytes {
        readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
      }
    }
    return count < 0 ? nil : Path.text(of: bytes[..<count])
  }

  /// Where `path` leads, from the root and without links; nil where there is nothing.
  package static func resolved(_ path: String) -> String? {
    guard let bytes = Path.withBytes(of: path, { realpath($0, nil) }) else { return nil }
    defer { free(bytes) }
    return Path.text(ofCString: bytes)
  }

  /// The folder at hand.
  package static func currentFolder() -> String? {
    guard let bytes = getcwd(nil, 0) else { return nil }
    defer { free(bytes) }
    return Path.text(ofCString: bytes)
  }
}
