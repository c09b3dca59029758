extension Float {
  /// The number that the 16 bits of IEEE 754's binary16 stand for, exactly.
  ///
  /// By bits, for `Float16` is not there on every platform of this package.
  public init(halfBits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      // Subnormal: the fraction counts steps of 2^-24.
      self = Float(sign: sign == 0 ? .plus : .minus, exponent: -24, significand: Float(fraction))
    case 0x1F: self.init(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    // The exponents are biased by 15 and by 127.
    default: self.init(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The number that the upper 16 bits of a `Float` stand for: Google's bfloat16.
  public init(bfloatBits bits: UInt16) {
    self.init(bitPattern: UInt32(bits) << 16)
  }
}
