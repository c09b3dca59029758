/// How the ten digits are written: the paths of the pen, as data.
///
/// A glyph is one way to write a digit, in one or more strokes. A stroke is a list of points "x,y" that a smooth
/// curve passes through, in hundredths of the digit's height, x to the right and y downwards; "!" after a point marks
/// a corner, where the pen changes direction sharply.
struct DigitGlyph: Sendable {
  /// A point on the pen's path.
  struct Point: Sendable {
    var position: SIMD2<Float>
    var isCorner: Bool
  }

  /// How often this way is chosen, relative to the other ways to write the same digit.
  let weight: Float
  let strokes: [[Point]]

  init(weight: Float, _ strokes: String...) {
    self.weight = weight
    self.strokes = strokes.map { stroke in
      stroke.split(separator: " ").map { text in
        let isCorner = text.hasSuffix("!")
        let numbers = text.split { $0 == "," || $0 == "!" }.compactMap { Float($0) }
        precondition(numbers.count == 2, "not a point of a stroke: \(text)")
        return Point(position: SIMD2(numbers[0], numbers[1]) / 100, isCorner: isCorner)
      }
    }
  }

  /// The ways to write each digit, from 0 to 9.
  static let ways: [[DigitGlyph]] = [
    [
      DigitGlyph(weight: 1, "46,4 26,3 9,20 2,50 8,82 28,98 48,92 63,70 66,42 56,14 38,2 24,8")
    ],
    [
      DigitGlyph(weight: 4, "34,0 33,33 32,66 31,100"),
      DigitGlyph(weight: 1, "16,20 36,0! 35,50 34,100"),
    ],
    [
      DigitGlyph(weight: 3, "6,22 18,5 36,0 54,10 55,30 42,54 22,78 3,96! 32,95 64,93"),
      DigitGlyph(weight: 2, "6,20 20,4 42,2 55,18 48,46 30,74 12,93 2,84 14,76 34,88 48,97 66,90"),
    ],
    [
      DigitGlyph(weight: 3, "6,12 24,1 46,4 53,20 43,38 22,46! 46,51 60,68 52,90 30,100 10,96 0,86"),
      DigitGlyph(weight: 1, "6,5 30,4 56,2! 40,24 26,42! 48,49 60,68 50,91 28,100 6,93"),
    ],
    [
      DigitGlyph(weight: 3, "15,3 10,32 5,58! 34,62 70,56", "58,4 53,45 49,100"),
      DigitGlyph(weight: 1, "50,0 26,32 1,66! 36,69 74,65", "50,0 50,50 47,100"),
    ],
    [
      DigitGlyph(weight: 1, "62,2 38,3 18,5! 12,42! 34,37 55,48 60,70 46,93 24,100 4,91")
    ],
    [
      DigitGlyph(weight: 1, "46,0 26,16 10,42 4,70 14,94 36,100 54,86 53,66 36,57 18,66 6,82")
    ],
    [
      DigitGlyph(weight: 3, "3,9 30,7 60,4! 46,34 32,66 23,100"),
      DigitGlyph(weight: 1, "3,9 30,7 60,4! 46,34 32,66 23,100", "20,53 54,50"),
    ],
    [
      DigitGlyph(weight: 1, "54,14 36,1 16,8 14,27 32,43 50,58 57,78 44,97 20,98 7,82 15,62 34,46 52,31 56,16 44,4")
    ],
    [
      DigitGlyph(weight: 2, "54,16 38,1 17,5 4,24 11,44 32,47 49,34 55,13! 52,54 46,100"),
      DigitGlyph(weight: 1, "54,18 38,2 17,5 4,24 11,44 32,48 49,36 55,14! 55,50 47,84 28,99 8,92"),
    ],
  ]
}
