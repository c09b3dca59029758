/// What is said of data in a format that nothing here reads.
enum ForeignData {
  static func describe(_ probe: DataProbe) -> String {
    if probe.isFolder { return "a folder without such files" }
    if probe.start.isEmpty { return probe.isStream ? "nothing" : "an empty file" }
    // What comes but once lies nowhere: the line is for the file that it came from.
    let path = probe.isStream ? "FILE" : probe.path
    if let hint = ForeignFormat.hint(firstBytes: probe.start, path: path) { return hint }
    if [[0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF]].contains(where: { probe.start.starts(with: $0) }) {
      return "a picture, of which a folder is taken"
    }
    let text = probe.start.prefix(4).map { String($0, radix: 16) }.map { $0.count < 2 ? "0" + $0 : $0 }
    return "\(probe.isStream ? "data that begin" : "a file that begins") with the bytes \(text.joined(separator: " "))"
  }
}
