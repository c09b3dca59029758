import Foundation
import VAEData

/// Names of classes from outside, one a line.
enum LabelFile {
  /// The lines of the file at `path`; the end of the last one begins no other.
  static func read(_ path: String) throws -> [String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw DataError(path: path, expected: "a text file with a class on each line", found: "none that can be read")
    }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
