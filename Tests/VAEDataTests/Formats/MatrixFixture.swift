import Foundation
import TestSupport
import Testing

@testable import VAEData

/// A file that NumPy, SciPy or scikit-learn wrote, with what they read of it: `Scripts/make-matrix-fixtures.py`.
struct MatrixFixture: Decodable, CustomTestStringConvertible, Sendable {
  /// Its name in the file of fixtures.
  var testDescription = ""
  let kind: String
  let file: Data
  /// Nil where it is to be refused.
  let shape: [Int]?
  let labels: [Float]?
  /// The array to ask for.
  let array: String?
  private let values: [Float]?

  private enum CodingKeys: String, CodingKey { case kind, file, shape, values, labels, array }

  /// The numbers, row after row.
  var numbers: [Float]? {
    guard let shape, let values else { return nil }
    let count = shape.reduce(1, *)
    return values.count == 1 ? [Float](repeating: values[0], count: count) : values
  }

  static let all: [String: MatrixFixture] = {
    let url = Bundle.module.url(forResource: "matrices", withExtension: "json", subdirectory: "Fixtures")!
    do {
      let fixtures = try JSONDecoder().decode([String: MatrixFixture].self, from: Data(contentsOf: url))
      return Dictionary(
        uniqueKeysWithValues: fixtures.map { name, fixture in
          var fixture = fixture
          fixture.testDescription = name
          return (name, fixture)
        })
    } catch {
      fatalError("matrices.json: \(error)")
    }
  }()

  /// Those of a kind that are read.
  static func good(_ kind: String) -> [MatrixFixture] {
    all.values.filter { $0.kind == kind && $0.shape != nil }.sorted { $0.testDescription < $1.testDescription }
  }

  /// The file in `folder`.
  func write(to folder: TemporaryFolder) throws -> String { try folder.write(file, to: "file") }
}

/// What is wrong with a fixture that is to be refused, in one line.
func refusal(of name: String, _ read: (String) throws -> Void) throws -> String {
  let folder = try TemporaryFolder()
  let path = try #require(MatrixFixture.all[name]).write(to: folder)
  let message = errorDescription { try read(path) }
  #expect(message.hasPrefix("\(path): ") && !message.contains("\n"), "\(message)")
  return message.replacing(path, with: "PATH")
}

/// Files that are damaged in a few bytes are read or refused in one line, and never stop the program.
func expectNoTraps(_ fixtures: [MatrixFixture], times: Int, characters: [UInt8]? = nil, _ read: (String) throws -> Void)
  throws -> (read: Int, refused: Int)
{
  let folder = try TemporaryFolder()
  var random = RepeatableRandom(state: 7)
  var counts = (read: 0, refused: 0)
  for fixture in fixtures {
    for _ in 0..<times {
      var file = fixture.file
      for _ in 0...random.below(3) {
        let noise: [UInt8] = characters ?? [0, 1, 0xFF, UInt8(random.below(256))]
        file[random.below(file.count)] = noise[random.below(noise.count)]
      }
      if random.below(8) == 0 { file = file.prefix(random.below(file.count)) }
      let path = try folder.write(file, to: "file")
      let message = errorDescription { try read(path) }
      #expect(!message.contains("\n"), "\(message)")
      if message.isEmpty { counts.read += 1 } else { counts.refused += 1 }
    }
  }
  return counts
}

/// Knuth's linear congruential generator: the same damage every time.
private struct RepeatableRandom {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
}
