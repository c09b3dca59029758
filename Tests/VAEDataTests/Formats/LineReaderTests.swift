import Foundation
import TestSupport
import Testing

@testable import VAEData

struct LineReaderTests {
  @Test(arguments: [
    "", "\n", "a", "a\n", "a\nb", "a\r\nb\r\n", "a\rb\r", "a\r", "\r\n", "\n\r", "a\n\nb", "a\r\r\nb", "\u{FEFF}a\nb",
    "\u{FEFF}",
  ]) func linesAreThoseOfTextLines(text: String) throws {
    #expect(try lines(Array(text.utf8)) == TextLines.split(Array(text.utf8)))
  }

  /// Line ends at every place about the end of the buffer, and lines longer than that.
  @Test func linesCrossTheBuffersEnd() throws {
    let size = 1 << 18
    for ending in ["\n", "\r\n", "\r"] {
      for length in [size - 2, size - 1, size, size + 1, 3 * size] {
        let text = Array((String(repeating: "x", count: length) + ending + "y" + ending + ending + "z").utf8)
        let found = try lines(text)
        #expect(found.map(\.utf8.count) == [length, 1, 0, 1], "\(length) and \(Array(ending.utf8))")
        #expect(found == TextLines.split(text))
      }
    }
  }

  @Test func wordsHaveSpacesBetween() throws {
    let line = Array("  a\tbc \t d ".utf8)
    let words: [String] = line.withUnsafeBufferPointer {
      var words = LineWords($0)
      var found: [String] = []
      while let word = words.next() { found.append(String(decoding: word, as: UTF8.self)) }
      return found
    }
    #expect(words == ["a", "bc", "d"])
  }

  @Test func otherEncodingsAreRefused() throws {
    let message = errorDescription { _ = try lines([0xFF, 0xFE, 0x31, 0]) }
    #expect(message.hasSuffix("expected text in UTF-8, found text in UTF-16"))
  }

  /// Half a million lines from a kilobyte; a megabyte so made would be rows that take gigabytes.
  @Test func smallFilesDoNotFillTheMemory() throws {
    let folder = try TemporaryFolder()
    let text = Array(String(repeating: "1\n", count: 1 << 19).utf8)
    let compressed = Gzip.compress(text)
    let path = try folder.write(compressed, to: "a.gz")
    let plain = try folder.write(text, to: "a")
    func read(_ path: String, _ unquestioned: Int) throws {
      let reader = try LineReader(path: path, unquestionedByteCount: unquestioned)
      while try reader.next() != nil {}
    }
    let message = errorDescription { try read(path, 1 << 19) }
    #expect(message.hasPrefix("\(path): line ") && message.contains("at most 64 times smaller, found "))
    #expect(message.hasSuffix(" bytes of it so far, in a file of \(compressed.count)"))
    try read(path, 1 << 21)
    try read(plain, 1 << 19)
  }

  private func lines(_ bytes: [UInt8]) throws -> [String] {
    let folder = try TemporaryFolder()
    var results: [[String]] = []
    for bytes in [bytes, Gzip.compress(bytes)] {
      let reader = try LineReader(path: folder.write(bytes, to: "lines"))
      var lines: [String] = []
      while let line = try reader.next() {
        lines.append(String(decoding: line, as: UTF8.self))
        #expect(reader.line == lines.count)
      }
      results.append(lines)
    }
    #expect(results[0] == results[1])
    return results[0]
  }
}
