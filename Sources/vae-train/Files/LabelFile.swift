import Foundation
import VAEData

/// Names of classes from outside, one a line.
enum LabelFile {
  /// The lines of the file at `path`; empty ones at its end do not count.
  static func read(_ path: String) throws -> [String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw DataError(path: path, expected: "a text file with a class on each line", found: "none that can be read")
    }
    var lines = TextLines.split(Array(text.utf8))
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines
  }
}
