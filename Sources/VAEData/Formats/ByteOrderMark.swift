/// The three bytes that some programs put before UTF-8 text, and that are no part of it.
public enum ByteOrderMark {
  /// How many bytes of `bytes` it takes: 3 or none.
  public static func length(in bytes: some Collection<UInt8>) -> Int {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }
}
