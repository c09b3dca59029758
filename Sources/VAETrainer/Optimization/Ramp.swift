/// A rise from 0 to 1 at the start of a run, and 1 from there on.
///
/// With t the number of steps already made, W the length in steps and M the number of cycles,
///
///     M = 1     min(1, t / W)                                   linear
///     M > 1     min(1, 2 (M t / W − ⌊M t / W⌋)) while t < W     cyclical: each cycle rises for half its length
struct Ramp {
  /// W.
  let length: Double
  /// M.
  var cycles = 1

  /// The value for the step after `completed` others.
  func value(completed: Int) -> Float {
    guard Double(completed) < length else { return 1 }
    let position = Double(cycles) * Double(completed) / length
    return cycles == 1 ? Float(position) : Float(min(1, 2 * (position - position.rounded(.down))))
  }
}
