import TestSupport
import Testing

@testable import VAEData

/// Whole groups held out, of which some may be large.
struct GroupSplitTests {
  private func heldOut(_ sizes: [Int], _ fraction: Double, seed: UInt64 = 1) throws -> Dataset {
    let groups = sizes.enumerated().flatMap { Array(repeating: "g\($0)", count: $1) }
    let data = Dataset(groups.indices.map { Float($0) }, featureCount: 1)
    let (train, test) = try data.split(heldOutFraction: fraction, groups: groups, seed: seed)
    #expect(train.count > 0 && test.count > 0 && train.count + test.count == data.count)
    let kept = Set(train.allNumbers.map { groups[Int($0)] })
    #expect(kept.isDisjoint(with: test.allNumbers.map { groups[Int($0)] }))
    return test
  }

  @Test(arguments: [
    ([280, 19, 1], 0.1, 20), ([50, 50], 0.1, 50), ([290, 10], 0.9, 290), ([1, 299], 0.9, 299),
    (Array(repeating: 1, count: 100), 0.1, 10), (Array(repeating: 3, count: 100), 0.1, 30), ([10, 20, 30], 0.001, 10),
  ])
  func theShareIsNearToWhatWasAskedFor(sizes: [Int], fraction: Double, count: Int) throws {
    for seed: UInt64 in 1...20 {
      #expect(try heldOut(sizes, fraction, seed: seed).count == count)
    }
  }

  @Test func theSeedChoosesTheGroups() throws {
    let sizes = Array(repeating: 5, count: 40)
    let first = try heldOut(sizes, 0.1, seed: 7).allNumbers
    #expect(try heldOut(sizes, 0.1, seed: 7).allNumbers == first)
    #expect(try heldOut(sizes, 0.1, seed: 8).allNumbers != first)
  }
}
