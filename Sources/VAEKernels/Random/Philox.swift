/// Philox 4×32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3" (SC 2011).
///
/// A pure function from a 128-bit counter and a 64-bit key to 128 random bits: there is no state to save, and any
/// number can be had without those before it. Long rows of numbers come from the same function vectorised in
/// `CVectorMath`; this one serves where a few are needed, and as its witness in tests.
public enum Philox {
  private static let multiplier0: UInt32 = 0xD251_1F53
  private static let multiplier1: UInt32 = 0xCD9E_8D57
  private static let weyl0: UInt32 = 0x9E37_79B9
  private static let weyl1: UInt32 = 0xBB67_AE85

  /// The four random words at `counter` under `key`.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let product0 = multiplier0.multipliedFullWidth(by: c[0])
      let product1 = multiplier1.multipliedFullWidth(by: c[2])
      c = SIMD4(product1.high ^ c[1] ^ k[0], product1.low, product0.high ^ c[3] ^ k[1], product0.low)
      k = SIMD2(k[0] &+ weyl0, k[1] &+ weyl1)
    }
    return c
  }
}
