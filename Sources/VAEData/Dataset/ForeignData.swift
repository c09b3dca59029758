/// What is said of data in a format that nothing here reads.
enum ForeignData {
  static func describe(_ probe: DataProbe) -> String {
    if probe.isFolder { return "a folder without such files" }
    if probe.start.isEmpty { return "an empty file" }
    if let hint = ForeignFormat.hint(firstBytes: probe.start, path: probe.path) { return hint }
    let text = probe.start.prefix(4).map { String($0, radix: 16) }.map { $0.count < 2 ? "0" + $0 : $0 }
    return "a file that begins with the bytes \(text.joined(separator: " "))"
  }
}
