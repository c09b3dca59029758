import Foundation
import Testing
import VAEKernels

@testable import VAEData

/// Files that NumPy wrote, or that others did and NumPy reads: `Scripts/make-npy-fixtures.py`.
struct NPYFixtureTests {
  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    var testDescription = ""
    let file: Data
    let shape: [Int]
    let values: [Float]

    private enum CodingKeys: String, CodingKey { case file, shape, values }
  }

  static let cases: [Case] = {
    let url = Bundle.module.url(forResource: "arrays", withExtension: "json", subdirectory: "Fixtures")!
    do {
      return try JSONDecoder().decode([String: Case].self, from: Data(contentsOf: url)).map { name, array in
        var array = array
        array.testDescription = name
        return array
      }
    } catch {
      fatalError("arrays.json: \(error)")
    }
  }()

  @Test(arguments: cases) func numbersAreThoseThatNumPyReads(array: Case) throws {
    let read = try NPY.decode(array.file, path: "a.npy")
    #expect(read.shape == array.shape)
    #expect(read.values.map(\.bitPattern) == array.values.map(\.bitPattern))
  }

  /// A damaged file is read or refused; it never stops the program.
  @Test func damagedFilesNeverTrap() throws {
    var random = RandomSequence(RandomStream(seed: 2, purpose: .user))
    func below(_ limit: Int) -> Int { Int(random.integer(below: UInt32(limit))) }
    var refused = 0
    for array in Self.cases.sorted(by: { $0.testDescription < $1.testDescription }) {
      for _ in 0..<100 {
        var file = array.file
        for _ in 0...below(3) {
          // The header is all text: other text of its kind does more than noise.
          let characters = Array("{}()[]',:0129TF<>|bfL \n".utf8) + [0, 0xFF]
          file[below(file.count)] = characters[below(characters.count)]
        }
        do {
          let read = try NPY.decode(file, path: "x.npy")
          #expect(read.values.count == read.shape.reduce(1, *))
        } catch {
          #expect(error is DataError && !"\(error)".contains("\n"))
          refused += 1
        }
      }
    }
    #expect(refused > 1000)
  }

  @Test func halvesAreWhatTheProcessorMakesOfThem() {
    #if arch(arm64) || os(Linux)
      for bits in UInt16.min...UInt16.max {
        let expected = Float(Float16(bitPattern: bits))
        let found = Float(halfBits: bits)
        #expect(found.bitPattern == expected.bitPattern || found.isNaN && expected.isNaN, "\(bits)")
      }
    #endif
    #expect(Float(bfloatBits: 0x3FC0) == 1.5 && Float(bfloatBits: 0xFF80) == -.infinity)
  }
}
