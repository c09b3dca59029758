import Foundation
import TestSupport
import Testing
import VAEData

/// Tables of a few columns, and runs on them that take no time.
enum TinyTable {
  /// Of every run here.
  static let options = ["--hidden", "4", "--epochs", "1", "--threads", "2", "--no-images"]

  private static let cities = ["Graz", "Köln", "Linz", "Wien"]

  /// Age, income, smoker, city, and grade, of which the last is missing in every third row.
  static func text(rows: Int = 120, header: String = "age,income,smoker,city,grade") -> String {
    var text = header + "\n"
    for row in 0..<rows {
      let grade = row % 3 == 0 ? "" : "\(1 + row * row % 5)"
      text += "\(18 + row * 37 % 60),\(1000 + row * 7919 % 4001).\(row % 10)5,\(row * 31 % 7 < 3 ? "yes" : "no"),"
      text += "\(cities[row * 13 % 11 % 4]),\(grade)\n"
    }
    return text
  }

  /// Trains on `arguments`, and expects it to do well.
  @discardableResult
  static func train(
    _ arguments: [String], in folder: TemporaryFolder, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Executable.Result {
    let result = try Executable.run(arguments + options, in: folder)
    #expect(result.status == 0, "\(arguments): \(result.errors)", sourceLocation: sourceLocation)
    return result
  }

  /// An NPY file.
  static func npy(_ values: [Float], _ shape: [Int]) -> [UInt8] { Array(NPY.encode(values, shape: shape)) }

  /// Pictures as Pillow wrote them, by name: `Scripts/make-picture-fixtures.py`.
  static func picture(_ name: String) throws -> [UInt8] {
    struct File: Decodable {
      struct Picture: Decodable { let file: Data }
      let pictures, refused: [String: Picture]
    }
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let json = try Data(contentsOf: tests.appending(path: "VAEPicturesTests/Fixtures/pictures.json"))
    let file = try JSONDecoder().decode(File.self, from: json)
    return [UInt8](try #require(file.pictures[name] ?? file.refused[name]).file)
  }
}
