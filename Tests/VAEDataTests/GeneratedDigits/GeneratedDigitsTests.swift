import Testing

@testable import VAEData

struct GeneratedDigitsTests {
  private static let some = GeneratedDigits.digits(0..<2000, seed: 1)

  private func pixels(_ data: Dataset) -> [UInt8] {
    guard let bytes = data.ownBytes else { return [] }
    return bytes
  }

  @Test func aDigitDependsOnSeedAndIndexAlone() {
    let part = GeneratedDigits.digits(700..<720, seed: 1)
    let same = Self.some.subset(Array(700..<720))
    #expect(part.fingerprint == same.fingerprint)
    #expect(part.labels == same.labels)
    #expect(GeneratedDigits.digits(700..<720, seed: 2).fingerprint != part.fingerprint)
    #expect(GeneratedDigits.digits(5..<5, seed: 1).count == 0)
  }

  @Test func theBuiltInDataAreTrainingAndOtherTestDigits() throws {
    let data = try DataSource.load(path: nil, seed: 1)
    #expect(data.train.count == 60_000 && data.test.count == 10_000)
    #expect(data.source == "generated digits, seed 1")
    #expect(data.train.subset(Array(0..<2000)).fingerprint == Self.some.fingerprint)
    #expect(data.test.subset([0]).fingerprint == GeneratedDigits.digits(60_000..<60_001, seed: 1).fingerprint)
  }

  /// No sine is involved, so every platform draws the same bytes; a change here changes everybody's runs.
  @Test func theDigitsAreTheseOnes() {
    #expect(Self.some.fingerprint == "2000x784-bytes-df712477")
  }

  @Test func everyDigitIsDrawnAndNoTwoAreAlike() {
    let labels = Self.some.labels ?? []
    for digit in 0..<10 as Range<UInt8> {
      // 200 expected, with a standard deviation of 13.4.
      #expect((133...267).contains(labels.filter { $0 == digit }.count))
    }
    let all = pixels(Self.some)
    let pictures = Set(stride(from: 0, to: all.count, by: 784).map { Array(all[$0..<$0 + 784]) })
    #expect(pictures.count == 2000)
  }

  /// Measured of MNIST's test set: mean 0.1325, 0.2 % of the ink on the two outermost pixels.
  @Test func theyLookLikeMNIST() {
    let mean = Self.some.mean()
    let total = mean.reduce(0, +) / 784
    #expect((0.12...0.145).contains(total))
    var rim: Float = 0
    for row in 0..<28 {
      for column in 0..<28 where min(row, column) < 2 || max(row, column) > 25 { rim += mean[row * 28 + column] }
    }
    #expect(rim / (total * 784) < 0.005)
    // Centred by mass, as MNIST is.
    var x: Float = 0
    var y: Float = 0
    for row in 0..<28 {
      for column in 0..<28 {
        x += mean[row * 28 + column] * (Float(column) + 0.5)
        y += mean[row * 28 + column] * (Float(row) + 0.5)
      }
    }
    #expect(abs(x / (total * 784) - 14) < 0.3 && abs(y / (total * 784) - 14) < 0.3)
  }

  /// The nearest of the ten mean pictures is mostly the right one. On MNIST's test set this simplest of classifiers is
  /// right 82 times in 100, and here it must do better: a latent of two dimensions is to show ten groups.
  @Test func theClassesStandApart() {
    let labels = Self.some.labels ?? []
    let means = (0..<10).map { digit in
      Self.some.subset(labels.indices.filter { Int(labels[$0]) == digit && $0 < 1600 }).mean()
    }
    let all = pixels(Self.some)
    let right = (1600..<2000).filter { example in
      let distances = means.map { mean in
        var distance: Float = 0
        for pixel in 0..<784 {
          let difference = Float(all[example * 784 + pixel]) / 255 - mean[pixel]
          distance += difference * difference
        }
        return distance
      }
      return distances.firstIndex(of: distances.min() ?? 0) == Int(labels[example])
    }
    #expect(right.count > 360)
  }
}

struct PenTests {
  @Test func aStrokeHasItsWidthAndASoftRim() {
    var pixels = [UInt8](repeating: 0, count: 20 * 9)
    pixels.withUnsafeMutableBufferPointer { pixels in
      let pen = Pen(pixels: pixels.baseAddress!, width: 20, height: 9)
      pen.draw(from: Pen.Knot(x: 5, y: 4.5, radius: 1.5), to: Pen.Knot(x: 15, y: 4.5, radius: 1.5))
    }
    let column = (0..<9).map { pixels[$0 * 20 + 10] }
    // Centres lie 0, 1, 2 and 3 pixels from the stroke's; the ink ends 1.5 + 1.25 / 2 = 2.125 away.
    let second = UInt8((2.125 - 2) / 1.25 * 255)
    #expect(column == [0, 0, second, UInt8((2.125 - 1) / 1.25 * 255), 255, column[3], second, 0, 0])
    // A round end.
    #expect(pixels[4 * 20 + 2] == 0 && pixels[4 * 20 + 3] > 0 && pixels[2 * 20 + 3] == 0)
  }

  @Test func nothingIsDrawnBeyondThePicture() {
    // Row 0 and row 3 are outside of the picture.
    var pixels = [UInt8](repeating: 0, count: 4 * 4)
    pixels.withUnsafeMutableBufferPointer { pixels in
      let pen = Pen(pixels: pixels.baseAddress! + 4, width: 4, height: 2)
      pen.draw(from: Pen.Knot(x: -50, y: -50, radius: 3), to: Pen.Knot(x: 50, y: 50, radius: 3))
    }
    #expect(pixels[0..<4] == [0, 0, 0, 0] && pixels[12..<16] == [0, 0, 0, 0])
    #expect(pixels[4..<12].allSatisfy { $0 == 255 })
  }
}
