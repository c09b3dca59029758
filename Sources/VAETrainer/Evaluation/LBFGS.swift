/// The minimum of a smooth convex function of a few thousand numbers.
///
/// Limited-memory BFGS: a step along −H g, where H is made of the last ten pairs of steps s and changes of gradient y, as
/// far as half of the slope's promise is kept or, failing that, half as far and so on. Source: Nocedal and Wright 2006,
/// algorithms 7.4 and 7.5, with the backtracking of algorithm 3.1.
enum LBFGS {
  /// Where `valueAndGradient` is least, from `start`: until no step makes it less by more than a ten-millionth, or for
  /// `maximumSteps`.
  static func minimum(
    from start: [Double], maximumSteps: Int = 500, _ valueAndGradient: ([Double]) -> (value: Double, gradient: [Double])
  ) -> [Double] {
    var point = start
    var (value, gradient) = valueAndGradient(point)
    var pairs: [(s: [Double], y: [Double], inverse: Double)] = []
    for _ in 0..<maximumSteps {
      var direction = descent(gradient, pairs)
      var slope = dot(direction, gradient)
      if slope >= 0 {
        // Rounding has spoiled the pairs: begin anew with the gradient.
        pairs = []
        direction = gradient.map { -$0 }
        slope = dot(direction, gradient)
      }
      guard slope < 0 else { return point }
      var length = pairs.isEmpty ? min(1, 1 / dot(gradient, gradient).squareRoot()) : 1
      var next = (point: point, value: value, gradient: gradient)
      var isLess = false
      for _ in 0..<30 where !isLess {
        next.point = zip(point, direction).map { $0 + length * $1 }
        (next.value, next.gradient) = valueAndGradient(next.point)
        isLess = next.value <= value + 1e-4 * length * slope
        if !isLess { length /= 2 }
      }
      guard isLess else { return point }
      let s = zip(next.point, point).map { $0 - $1 }
      let y = zip(next.gradient, gradient).map { $0 - $1 }
      if dot(s, y) > 0 {
        pairs.append((s, y, 1 / dot(s, y)))
        if pairs.count > 10 { pairs.removeFirst() }
      }
      let gain = value - next.value
      (point, value, gradient) = next
      if gain <= 1e-7 * abs(value) { return point }
    }
    return point
  }

  /// −H g by the two loops.
  private static func descent(_ gradient: [Double], _ pairs: [(s: [Double], y: [Double], inverse: Double)]) -> [Double]
  {
    var q = gradient
    var alphas: [Double] = []
    for pair in pairs.reversed() {
      let alpha = pair.inverse * dot(pair.s, q)
      alphas.append(alpha)
      for index in q.indices { q[index] -= alpha * pair.y[index] }
    }
    if let last = pairs.last {
      let scale = 1 / (last.inverse * dot(last.y, last.y))
      for index in q.indices { q[index] *= scale }
    }
    for (pair, alpha) in zip(pairs, alphas.reversed()) {
      let beta = pair.inverse * dot(pair.y, q)
      for index in q.indices { q[index] += (alpha - beta) * pair.s[index] }
    }
    return q.map { -$0 }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}
