/// Classes that are called whole numbers, such as −1 and 1: an array of labels has these and needs no names beside it.
struct ClassNumbers {
  /// By the places of the names.
  let all: [Int]

  /// Nil where a name is no whole number, or one that a 32-bit float, as which arrays are read, does not hold, or stands for
  /// the number of another.
  init?(_ names: [String]) {
    let numbers = names.compactMap { Int($0) }.filter { $0.magnitude <= 1 << 24 }
    guard numbers.count == names.count, Set(numbers).count == names.count else { return nil }
    all = numbers
  }
}
