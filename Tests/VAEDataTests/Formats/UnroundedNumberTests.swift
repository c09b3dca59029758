import Foundation
import TestSupport
import Testing

@testable import VAEData

/// Doubles that no 32-bit float holds are told as the file has them.
struct UnroundedNumberTests {
  /// Rows of two columns, the third of which has `number` in the second.
  private func message(_ type: String, _ number: Double, isFortran: Bool = false, compressed: Bool = false) throws
    -> String
  {
    let folder = try TemporaryFolder()
    var values = (0..<40).map(Double.init)
    values[isFortran ? 20 + 2 : 5] = number
    let numbers: [UInt8] = values.flatMap { value -> [UInt8] in
      let bits = value.bitPattern
      return (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(type.hasPrefix(">") ? 56 - 8 * $0 : 8 * $0)) }
    }
    let order = isFortran ? "True" : "False"
    let dictionary = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (20, 2), }\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8)
    bytes += [1, 0, UInt8(dictionary.utf8.count), 0]
    bytes += Array(dictionary.utf8) + numbers
    let path = try folder.write(compressed ? Gzip.compress(bytes) : bytes, to: "a.npy")
    return errorDescription { _ = try DataSource(path: path, testFraction: 0.01, seed: 1).split() }
      .replacing(path, with: "a.npy")
  }

  @Test(arguments: [("<f8", false, false), (">f8", true, false), ("<f8", true, true)])
  func finiteNumbersAreSaid(type: String, isFortran: Bool, compressed: Bool) throws {
    #expect(
      try message(type, -1.5e39, isFortran: isFortran, compressed: compressed)
        == "a.npy: row 3, column \"column 2\": expected a finite number within ±3.4e38, found -1.5e+39")
  }

  @Test func anInfinityIsOne() throws {
    #expect(try message("<f8", .infinity).hasSuffix("found inf"))
  }
}
