/// How the pixels of one axis are made of others: each of `count` new ones is a weighted sum of neighbours among `source`.
///
/// The weights are whole numbers that add up to `total`, so that sums are exact and nothing is rounded but the result.
///
/// - Fewer pixels: the average over the area that a new pixel covers. New pixel i lies over [i s/t, (i+1) s/t) of s pixels
///   that become t; in units of 1/t of a pixel that is [i s, (i+1) s), and pixel j is [j t, (j+1) t). The weight is the
///   length of what they share, and `total` is s.
/// - More pixels: linear between the two nearest centres, the outermost repeated. The centre of new pixel i is at
///   (i + ½) s/t − ½ = ((2i + 1) s − t) / 2t, and `total` is 2t.
/// - As many: each is itself.
struct AxisFilter {
  /// What the weights of each new pixel add up to.
  let total: UInt32
  /// The first pixel that goes into each new one.
  private(set) var firsts: [Int] = []
  /// Where its weights begin in `weights`; one more at the end.
  private(set) var starts: [Int] = [0]
  /// Those of all new pixels, one behind the other.
  private(set) var weights: [UInt32] = []

  /// A filter that makes `count` pixels of `source`, both of which `PictureLimits.side` bounds.
  init(source: Int, count: Int) {
    let (s, t) = (source, count)
    firsts.reserveCapacity(t)
    starts.reserveCapacity(t + 1)
    if t <= s {
      total = UInt32(s)
      for i in 0..<t {
        let (start, end) = (i * s, (i + 1) * s)
        firsts.append(start / t)
        for j in start / t...(end - 1) / t {
          weights.append(UInt32(min(end, (j + 1) * t) - max(start, j * t)))
        }
        starts.append(weights.count)
      }
    } else {
      total = UInt32(2 * t)
      for i in 0..<t {
        let centre = (2 * i + 1) * s - t
        let j = centre < 0 ? -1 : centre / (2 * t)
        let behind = centre - j * 2 * t
        if j < 0 || j == s - 1 {
          firsts.append(max(j, 0))
          weights.append(total)
        } else {
          firsts.append(j)
          weights += [UInt32(2 * t - behind), UInt32(behind)]
        }
        starts.append(weights.count)
      }
    }
  }
}
