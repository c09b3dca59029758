import Foundation
import TestSupport
import Testing
import VAEData

@testable import VAECells

/// Damaged files: whatever libhdf5 makes of them, the program that reads gets an error or numbers, and lives.
///
/// A few hundred each time; `VAE_CELL_MUTATIONS` says how many instead. Which they are follows from their numbers alone.
struct MutatedFileTests {
  private static let count = ProcessInfo.processInfo.environment["VAE_CELL_MUTATIONS"].flatMap { Int($0) } ?? 300

  /// Less than usual, so that those which run for ever are done soon.
  private static let limits = HDF5Limits(memory: 1 << 30, milliseconds: 1000, silence: 30)

  private enum Outcome: String, CaseIterable { case read, refused, ended, outOfTime, silent }

  @Test func noMutationHurtsTheProgram() throws {
    let folder = try TemporaryFolder()
    let files = try CellFixture.files.map { try [UInt8](Data(contentsOf: URL(fileURLWithPath: CellFixture.path($0)))) }
    var outcomes: [Outcome: Int] = [:]
    var slowest = (seconds: 0.0, number: 0)
    let clock = ContinuousClock()
    for number in 0..<Self.count {
      var generator = Numbers(state: UInt64(number))
      var bytes = files[number % files.count]
      Mutation.apply(to: &bytes, &generator)
      let path = try folder.write(bytes, to: "mutated")
      let time = clock.measure { outcomes[Self.outcome(path), default: 0] += 1 }
      let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
      if seconds > slowest.seconds { slowest = (seconds, number) }
    }
    let words = Outcome.allCases.map { "\(outcomes[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
    print("\(Self.count) mutations: \(words); the slowest, \(slowest.number), took \(slowest.seconds) s")
    #expect(outcomes[.silent] == nil)
    #expect(outcomes.values.reduce(0, +) == Self.count)
    #expect(slowest.seconds < 20)
  }

  /// Reads all that there is to read.
  private static func outcome(_ path: String) -> Outcome {
    var outcome = Outcome.read
    func attempt(_ body: () throws -> Void) {
      do {
        try body()
      } catch let error as DataError {
        let found = error.found
        outcome =
          found.contains("libhdf5 ended") || outcome == .ended
          ? .ended
          : found.contains("not done after") || outcome == .outOfTime
            ? .outOfTime : found.contains("has not answered") ? .silent : .refused
      } catch {
        Issue.record("\(error)")
      }
    }
    attempt {
      let file = try CellFile(path: path, limits: limits)
      for matrix in file.matrices {
        attempt { _ = try file.summary(of: matrix) }
        attempt {
          let genome = try file.genomes().first
          _ = try file.collect(CellSelection(matrix: matrix, numbers: .any, genome: genome, memory: 1 << 20))
        }
      }
      for name in file.obsNames.prefix(20) { attempt { _ = try file.obsColumn(name) } }
    }
    return outcome
  }
}

/// Ways in which a file may be damaged.
private enum Mutation {
  static func apply(to bytes: inout [UInt8], _ numbers: inout Numbers) {
    switch numbers.below(8) {
    case 0: bytes.removeLast(1 + numbers.below(bytes.count - 1))
    case 1: fill(&bytes, &numbers) { _ in 0 }
    case 2: fill(&bytes, &numbers) { UInt8($0.below(256)) }
    case 3:
      for _ in 0..<1 + numbers.below(4) { flip(&bytes, numbers.below(min(2048, bytes.count)), &numbers) }
    case 4:
      // A size or an address beyond all measure.
      let place = written(bytes, &numbers)
      for offset in 0..<[2, 4, 8][numbers.below(3)] where place + offset < bytes.count { bytes[place + offset] = 0xFF }
    case 5:
      // One part in the place of another.
      let length = 1 + numbers.below(min(256, bytes.count / 2))
      let (from, to) = (numbers.below(bytes.count - length), numbers.below(bytes.count - length))
      bytes.replaceSubrange(to..<to + length, with: Array(bytes[from..<from + length]))
    default:
      for _ in 0..<1 + numbers.below(8) { flip(&bytes, written(bytes, &numbers), &numbers) }
    }
  }

  /// A place that is not in the large empty parts.
  private static func written(_ bytes: [UInt8], _ numbers: inout Numbers) -> Int {
    var place = numbers.below(bytes.count)
    for _ in 0..<50 where bytes[place] == 0 { place = numbers.below(bytes.count) }
    return max(place - numbers.below(4), 0)
  }

  private static func flip(_ bytes: inout [UInt8], _ place: Int, _ numbers: inout Numbers) {
    bytes[place] ^= numbers.below(2) == 0 ? 1 << numbers.below(8) : UInt8(1 + numbers.below(255))
  }

  private static func fill(_ bytes: inout [UInt8], _ numbers: inout Numbers, _ byte: (inout Numbers) -> UInt8) {
    let start = written(bytes, &numbers)
    for place in start..<min(start + 1 + numbers.below(512), bytes.count) { bytes[place] = byte(&numbers) }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
private struct Numbers {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(max(limit, 1)))
  }
}
