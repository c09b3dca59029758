import VAEKernels

/// One person's hand at one moment: how a glyph comes out on paper this time.
///
/// Only sums, products, quotients and square roots are used, which IEEE 754 fixes to the last bit, so that a digit
/// is the same on every machine; sines differ between mathematics libraries.
struct Handwriting {
  /// The side of the picture, as in MNIST.
  static let side = 28

  private var random: RandomSequence

  init(_ random: RandomSequence) {
    self.random = random
  }

  /// Draws one way to write `digit` on `pixels`, a blank picture. `path` is storage that is used again.
  mutating func write(_ digit: Int, on pixels: UnsafeMutablePointer<UInt8>, path: inout Path) {
    let glyph = chooseGlyph(for: digit)
    path.removeAll()
    trace(glyph, into: &path)
    bend(&path)
    place(&path)
    ink(path, pixels)
  }

  /// The pen's path: knots, and how many belong to each stroke.
  struct Path {
    var knots: [Pen.Knot] = []
    var strokeEnds: [Int] = []

    mutating func removeAll() {
      knots.removeAll(keepingCapacity: true)
      strokeEnds.removeAll(keepingCapacity: true)
    }
  }

  // MARK: The steps

  private mutating func chooseGlyph(for digit: Int) -> DigitGlyph {
    let ways = DigitGlyph.ways[digit]
    var total: Float = 0
    for way in ways { total += way.weight }
    var place = random.uniform() * total
    for way in ways {
      place -= way.weight
      if place < 0 { return way }
    }
    return ways[ways.count - 1]
  }

  /// Follows the strokes with a smooth curve (Catmull and Rom 1974) through points that each miss their mark a little.
  private mutating func trace(_ glyph: DigitGlyph, into path: inout Path) {
    let steps = 4
    let miss: Float = 0.028
    for stroke in glyph.strokes {
      var points = stroke
      var index = 0
      while index < points.count {
        points[index].position.x += miss * nearlyNormal()
        points[index].position.y += miss * nearlyNormal()
        index += 1
      }
      path.knots.append(Pen.Knot(x: points[0].position.x, y: points[0].position.y, radius: 1))
      index = 1
      while index < points.count {
        let start = points[index - 1].position
        let end = points[index].position
        // At an end or a corner the curve sets out straight for the next point.
        let startIsSharp = index == 1 || points[index - 1].isCorner
        let endIsSharp = index == points.count - 1 || points[index].isCorner
        let before = startIsSharp ? start : points[index - 2].position
        let after = endIsSharp ? end : points[index + 1].position
        let leaving = SIMD2(tangent(before.x, end.x, startIsSharp), tangent(before.y, end.y, startIsSharp))
        let arriving = SIMD2(tangent(start.x, after.x, endIsSharp), tangent(start.y, after.y, endIsSharp))
        var step = 1
        while step <= steps {
          let t = Float(step) / Float(steps)
          let s = 1 - t
          // The cubic Hermite basis.
          let h00 = (1 + 2 * t) * s * s
          let h10 = t * s * s
          let h01 = t * t * (3 - 2 * t)
          let h11 = -t * t * s
          path.knots.append(
            Pen.Knot(
              x: h00 * start.x + h10 * leaving.x + h01 * end.x + h11 * arriving.x,
              y: h00 * start.y + h10 * leaving.y + h01 * end.y + h11 * arriving.y, radius: 1))
          step += 1
        }
        index += 1
      }
      path.strokeEnds.append(path.knots.count)
    }
  }

  private func tangent(_ from: Float, _ to: Float, _ isSharp: Bool) -> Float {
    isSharp ? to - from : 0.5 * (to - from)
  }

  /// Slants, turns and stretches the whole, and lets it wobble: a smooth random warp of the paper.
  private mutating func bend(_ path: inout Path) {
    let slant = 0.14 + 0.17 * nearlyNormal()
    let turn = 0.05 * nearlyNormal()
    let stretch = 1 + 0.14 * nearlyNormal()
    let warp: Float = 0.18
    let xx = warp * nearlyNormal()
    let xy = warp * nearlyNormal()
    let yy = warp * nearlyNormal()
    let xxForY = warp * nearlyNormal()
    let xyForY = warp * nearlyNormal()
    let yyForY = warp * nearlyNormal()
    // tan(θ/2) = turn gives the cosine and sine of θ without either function.
    let cosine = (1 - turn * turn) / (1 + turn * turn)
    let sine = 2 * turn / (1 + turn * turn)
    var index = 0
    while index < path.knots.count {
      // From the middle of the glyph, so that all the numbers above mean the same for every digit.
      let x = path.knots[index].x - 0.32
      let y = path.knots[index].y - 0.5
      let u = stretch * (x + xx * x * x + xy * x * y + yy * y * y) - slant * y
      let v = y + xxForY * x * x + xyForY * x * y + yyForY * y * y
      path.knots[index].x = cosine * u - sine * v
      path.knots[index].y = sine * u + cosine * v
      index += 1
    }
  }

  /// Brings the digit to about 20 pixels, the width of the pen included, and its centre of mass to the middle of the
  /// picture, as MNIST does.
  private mutating func place(_ path: inout Path) {
    var low = SIMD2<Float>(repeating: .infinity)
    var high = -low
    for knot in path.knots {
      if knot.x < low.x { low.x = knot.x }
      if knot.x > high.x { high.x = knot.x }
      if knot.y < low.y { low.y = knot.y }
      if knot.y > high.y { high.y = knot.y }
    }
    let extent = high.x - low.x > high.y - low.y ? high.x - low.x : high.y - low.y
    let size = 17.6 + 0.7 * nearlyNormal()
    let scale = size / extent

    var mass: Float = 0
    var centreX: Float = 0
    var centreY: Float = 0
    forEachSegment(of: path) { a, b in
      let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
      mass += length
      centreX += length * 0.5 * (a.x + b.x)
      centreY += length * 0.5 * (a.y + b.y)
    }
    let middle = 0.5 * Float(Self.side)
    let shiftX = middle + 0.45 * nearlyNormal() - scale * centreX / mass
    let shiftY = middle + 0.45 * nearlyNormal() - scale * centreY / mass
    var index = 0
    while index < path.knots.count {
      path.knots[index].x = scale * path.knots[index].x + shiftX
      path.knots[index].y = scale * path.knots[index].y + shiftY
      index += 1
    }
  }

  /// Draws the path with a pen whose pressure differs from digit to digit and changes along the way.
  private mutating func ink(_ path: Path, _ pixels: UnsafeMutablePointer<UInt8>) {
    var path = path
    let thickness = 1.22 + 0.3 * nearlyNormal()
    let radius = thickness < 0.55 ? 0.55 : thickness
    var pressure = radius
    var index = 0
    while index < path.knots.count {
      // A walk that is drawn back to the digit's own thickness.
      pressure += 0.3 * (radius - pressure) + 0.1 * radius * nearlyNormal()
      path.knots[index].radius = pressure < 0.4 ? 0.4 : pressure
      index += 1
    }
    let pen = Pen(pixels: pixels, width: Self.side, height: Self.side)
    forEachSegment(of: path) { a, b in pen.draw(from: a, to: b) }
  }

  private func forEachSegment(of path: Path, _ body: (Pen.Knot, Pen.Knot) -> Void) {
    var index = 1
    for end in path.strokeEnds {
      while index < end {
        body(path.knots[index - 1], path.knots[index])
        index += 1
      }
      index = end + 1
    }
  }

  /// A number with mean 0 and variance 1 that looks normal and never exceeds 3.5: the sum of four uniform ones, from
  /// one random word, a byte each.
  private mutating func nearlyNormal() -> Float {
    let word = random.next()
    let sum = (word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24)
    // Four bytes have mean 510 and variance 4 (256² − 1) / 12.
    return (Float(sum) - 510) * (1 / 147.8)
  }
}
