import Testing

@testable import VAEReport

@Suite struct TicksTests {
  @Test func roundNumbersInsideTheRange() {
    #expect(Ticks.linear(0...10, count: 5).map(\.label) == ["0", "2", "4", "6", "8", "10"])
    #expect(Ticks.linear(-0.31...0.22, count: 4).map(\.label) == ["−0.2", "0.0", "0.2"])
    #expect(
      Ticks.linear(84_000...97_000, count: 3).map(\.label) == ["85\u{2009}000", "90\u{2009}000", "95\u{2009}000"])
    #expect(Ticks.linear(0...3e-7, count: 3).map(\.label) == ["0", "1e−07", "2e−07", "3e−07"])
  }

  @Test(arguments: [0.001, 1, 37, 5e8], [1, 4, 9])
  func theyLieInsideAndAtEvenSteps(length: Double, count: Int) {
    let range = -0.3 * length...0.7 * length
    let values = Ticks.linear(range, count: count).map(\.value)
    #expect(values.count >= 1 && values.count <= count + 1)
    for value in values { #expect(range.contains(value)) }
    for (a, b) in zip(values, values.dropFirst()) {
      #expect(abs(b - a - (values[1] - values[0])) < 1e-9 * length)
    }
  }

  @Test func epochsAreWholeNumbers() {
    #expect(Ticks.linear(0.9...3.1, count: 12, wholeNumbers: true).map(\.label) == ["1", "2", "3"])
  }

  @Test func logarithmicOnesArePowersOfTen() {
    #expect(Ticks.logarithmic(0.5...2000, count: 6).map(\.value) == [1, 10, 100, 1000])
    #expect(Ticks.logarithmic(1...1e9, count: 4).map(\.value) == [1, 1e3, 1e6, 1e9])
    #expect(Ticks.logarithmic(15...80, count: 5).map(\.value) == [20, 50])
  }

  @Test func aRangeOfNoLengthHasOneTick() {
    #expect(Ticks.linear(3...3, count: 5).map(\.value) == [3])
  }
}
