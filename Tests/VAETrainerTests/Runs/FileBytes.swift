import Foundation

/// The contents of a file, to compare.
struct FileBytes: Hashable, CustomStringConvertible {
  private let data: Data

  init(_ path: String) throws { data = try Data(contentsOf: URL(filePath: path)) }

  var text: String { String(decoding: data, as: UTF8.self) }
  var description: String { "\(data.count) bytes" }
}
