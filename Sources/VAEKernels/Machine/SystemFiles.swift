import CStandardLibrary

/// The text files in which the kernel says what a process may use. A system without them has no such limits to tell.
struct SystemFiles {
  /// What stands before every path: nothing, or a folder with files for a test.
  var root = ""

  /// The whole text of a file, or nil where it cannot be read.
  func text(_ path: String) -> String? {
    let descriptor = open(root + path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    // The kernel does not know the length of these files before they are read.
    var part = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &part, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
      bytes += part[..<count]
    }
  }

  /// The text behind "name:" in a file of such lines.
  func field(_ name: String, in path: String) -> Substring? {
    guard let line = text(path)?.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") }) else { return nil }
    return line.dropFirst(name.count + 1).drop { $0 == " " || $0 == "\t" }
  }

  /// The bytes of a field that counts in kilobytes.
  func bytes(_ name: String, in path: String) -> UInt64? {
    field(name, in: path).flatMap { UInt64($0.prefix { $0 != " " }) }.flatMap {
      let (bytes, overflow) = $0.multipliedReportingOverflow(by: 1024)
      return overflow ? nil : bytes
    }
  }
}
