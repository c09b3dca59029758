import Testing
import VAEData
import VAEKernels

@testable import VAEPictures

@Suite struct PictureScalerTests {
  /// [height, width, channels] of noise.
  static func noise(_ width: Int, _ height: Int, _ channels: Int) -> Picture {
    var random = RandomSequence(RandomStream(seed: UInt64(width * 100 + height), purpose: .user))
    let bytes = (0..<width * height * channels).map { _ in UInt8(random.integer(below: 256)) }
    return Picture(width: width, height: height, channels: channels, bytes: bytes)
  }

  /// How much of pixel `j` new pixel `i` covers, by the lengths as they are; or how near it is to it.
  static func weight(_ i: Int, _ j: Int, source: Int, count: Int) -> Double {
    let ratio = Double(source) / Double(count)
    if count <= source {
      return max(0, min(Double(i + 1) * ratio, Double(j + 1)) - max(Double(i) * ratio, Double(j))) / ratio
    }
    let centre = min(max((Double(i) + 0.5) * ratio - 0.5, 0), Double(source - 1))
    return max(0, 1 - abs(centre - Double(j)))
  }

  /// Every new pixel as a sum over all pixels.
  static func reference(_ picture: Picture, width: Int, height: Int) -> [Double] {
    var result: [Double] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<picture.channels {
          var sum = 0.0
          for v in 0..<picture.height {
            let vertical = weight(y, v, source: picture.height, count: height)
            if vertical == 0 { continue }
            for u in 0..<picture.width {
              let place = (v * picture.width + u) * picture.channels + channel
              sum += vertical * weight(x, u, source: picture.width, count: width) * Double(picture.bytes[place])
            }
          }
          result.append(sum)
        }
      }
    }
    return result
  }

  @Test(
    arguments: [(1, 1), (1, 7), (5, 3), (8, 8), (16, 9), (33, 20)],
    [(1, 1), (2, 2), (3, 5), (8, 8), (16, 3), (40, 21)])
  func pixelsAreThoseOfThePlainSum(source: (width: Int, height: Int), target: (width: Int, height: Int)) {
    for channels in [1, 3] {
      let picture = Self.noise(source.width, source.height, channels)
      // What is left of it, cut out plainly; where that is has a test of its own.
      let (part, _) = PictureReading.Fit.crop.regions(
        width: source.width, height: source.height, targetWidth: target.width, targetHeight: target.height)
      let cut = Picture(
        width: part.width, height: part.height, channels: channels,
        bytes: (0..<part.height).flatMap { y in
          let start = ((part.top + y) * source.width + part.left) * channels
          return picture.bytes[start..<start + part.width * channels]
        })
      let scaled = PictureScaler(width: target.width, height: target.height).scale(picture)
      let expected = Self.reference(cut, width: target.width, height: target.height)
      #expect(scaled.bytes.count == expected.count)
      // Half a step for the rounding, and the reference's own.
      for (found, expected) in zip(scaled.bytes, expected) { #expect(abs(Double(found) - expected) <= 0.5 + 1e-9) }
    }
  }

  @Test func averagesWorkedOutByHand() {
    let picture = Picture(width: 3, height: 3, channels: 1, bytes: [0, 10, 20, 30, 40, 50, 60, 70, 80])
    // A new pixel covers one and a half by one and a half: weights 1, ½, ½, ¼ over 2¼.
    //   (0 + 5 + 15 + 10) / 2.25 = 13.3, (20 + 5 + 25 + 10) / 2.25 = 26.7, and by symmetry 53.3 and 66.7.
    #expect(PictureScaler(width: 2, height: 2).scale(picture).bytes == [13, 27, 53, 67])
    #expect(PictureScaler(width: 1, height: 1).scale(picture).bytes == [40])
    // Centres at ¼ and ¾ of the way between.
    let pair = Picture(width: 2, height: 1, channels: 1, bytes: [0, 100])
    #expect(PictureScaler(width: 4, height: 2, fit: .crop).scale(pair).bytes == [0, 25, 75, 100, 0, 25, 75, 100])
    // Halves go up.
    let halves = Picture(width: 2, height: 2, channels: 1, bytes: [0, 1, 0, 1])
    #expect(PictureScaler(width: 1, height: 1).scale(halves).bytes == [1])
  }

  @Test func theMiddleIsKept() {
    // 5 × 2: the middle square begins at 1, the smaller half of what is left over.
    let wide = Picture(width: 5, height: 2, channels: 1, bytes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(PictureScaler(width: 2, height: 2).scale(wide).bytes == [1, 2, 6, 7])
    let tall = Picture(width: 2, height: 5, channels: 1, bytes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(PictureScaler(width: 2, height: 2).scale(tall).bytes == [2, 3, 4, 5])
    // 5 × 1 of it, each new pixel over one and a quarter: 0.2, 1.4, 2.6, 3.8.
    #expect(PictureScaler(width: 4, height: 1).scale(wide).bytes == [0, 1, 3, 4])
  }

  @Test func aWholePictureLiesOnTheBackground() {
    let wide = Picture(width: 4, height: 2, channels: 1, bytes: [1, 2, 3, 4, 5, 6, 7, 8])
    let scaler = PictureScaler(width: 4, height: 5, fit: .whole, background: PictureColor(grey: 99))
    #expect(
      scaler.scale(wide).bytes == [
        99, 99, 99, 99,
        1, 2, 3, 4,
        5, 6, 7, 8,
        99, 99, 99, 99,
        99, 99, 99, 99,
      ])
    let point = Picture(width: 1, height: 2, channels: 3, bytes: [1, 2, 3, 1, 2, 3])
    let colour = PictureScaler(
      width: 2, height: 2, fit: .whole, background: PictureColor(red: 7, green: 8, blue: 9))
    #expect(colour.scale(point).bytes == [1, 2, 3, 7, 8, 9, 1, 2, 3, 7, 8, 9])
    // A thread of a picture keeps one pixel.
    let thread = Picture(width: 100, height: 1, channels: 1, bytes: [UInt8](repeating: 50, count: 100))
    #expect(
      PictureScaler(width: 4, height: 3, fit: .whole).scale(thread).bytes == [
        255, 255, 255, 255, 50, 50, 50, 50, 255, 255, 255, 255,
      ])
  }

  @Test func weightsAddUpAndStayInside() {
    for source in 1...40 {
      for count in 1...40 {
        let filter = AxisFilter(source: source, count: count)
        for i in 0..<count {
          let weights = filter.weights[filter.starts[i]..<filter.starts[i + 1]]
          #expect(weights.reduce(0, +) == filter.total)
          #expect(filter.firsts[i] >= 0 && filter.firsts[i] + weights.count <= source)
        }
      }
    }
  }

  /// 255 times the largest weights fits into the sums.
  @Test func aVeryTallPictureDoesNotOverflow() {
    let tall = Picture(width: 1, height: 1_000_000, channels: 1, bytes: [UInt8](repeating: 255, count: 1_000_000))
    #expect(PictureScaler(width: 1, height: 3, fit: .whole).scale(tall).bytes == [255, 255, 255])
    let point = Picture(width: 1, height: 2, channels: 1, bytes: [255, 255])
    #expect(PictureScaler(width: 1, height: 1_000_000).scale(point).bytes.allSatisfy { $0 == 255 })
  }
}
