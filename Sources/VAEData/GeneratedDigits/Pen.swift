/// A pen with a round tip that draws on a picture of grey bytes.
///
/// A path is a chain of straight segments short enough to look round, its radius changing evenly along each. A
/// pixel takes its grey from how deep its centre lies inside the segment: 255 where it is at least `edge` deep, 0
/// outside, even in between. Where strokes cross, the brighter one counts.
///
/// Seventy thousand digits are drawn with it, in debug builds too. Hence pointers, `while` and `?:` in the inner loop:
/// without optimisation, ranges, `min` and `max` are calls, and ten times slower.
struct Pen {
  /// The width of the soft rim, in pixels.
  static let edge: Float = 1.25

  /// One point of the path.
  struct Knot {
    /// In pixels, from the top left corner of the picture; the centre of the first pixel is at (½, ½).
    var x: Float
    var y: Float
    /// Half the stroke's width, in pixels, without the rim.
    var radius: Float
  }

  /// The picture, row after row.
  let pixels: UnsafeMutablePointer<UInt8>
  let width: Int
  let height: Int

  /// Draws the segment from `a` to `b`.
  func draw(from a: Knot, to b: Knot) {
    let reach = (a.radius > b.radius ? a.radius : b.radius) + 0.5 * Pen.edge
    let left = clamp((a.x < b.x ? a.x : b.x) - reach, width)
    let right = clamp((a.x > b.x ? a.x : b.x) + reach + 1, width)
    let top = clamp((a.y < b.y ? a.y : b.y) - reach, height)
    let bottom = clamp((a.y > b.y ? a.y : b.y) + reach + 1, height)

    let alongX = b.x - a.x
    let alongY = b.y - a.y
    let squaredLength = alongX * alongX + alongY * alongY
    let perLength = squaredLength > 0 ? 1 / squaredLength : 0
    let widening = b.radius - a.radius
    let outermost = a.radius + 0.5 * Pen.edge
    let perEdge = 255 / Pen.edge

    var y = top
    while y < bottom {
      let row = pixels + y * width
      let fromAY = Float(y) + 0.5 - a.y
      var fromAX = Float(left) + 0.5 - a.x
      var x = left
      while x < right {
        // The foot of the perpendicular lies at the fraction t of the segment.
        var t = (fromAX * alongX + fromAY * alongY) * perLength
        t = t < 0 ? 0 : t > 1 ? 1 : t
        let offX = fromAX - t * alongX
        let offY = fromAY - t * alongY
        let limit = outermost + t * widening
        let squaredDistance = offX * offX + offY * offY
        if squaredDistance < limit * limit {
          let grey = (limit - squaredDistance.squareRoot()) * perEdge
          let byte = grey >= 255 ? 255 : UInt8(grey)
          if byte > row[x] { row[x] = byte }
        }
        fromAX += 1
        x += 1
      }
      y += 1
    }
  }

  /// `value` rounded down to a whole number from 0 to `limit`.
  private func clamp(_ value: Float, _ limit: Int) -> Int {
    value <= 0 ? 0 : value >= Float(limit) ? limit : Int(value)
  }
}
