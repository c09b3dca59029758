import VAEData

/// A zip archive that says what it is told to.
public struct TestArchive: Sendable {
  /// A file in it.
  public struct Entry: Sendable {
    /// Its name in the directory.
    public var name: String
    /// Its bytes as they lie in the archive.
    public var data: [UInt8]
    /// 0 stored, 8 deflated.
    public var method: Int
    /// 1 where it is encrypted.
    public var flags = 0
    /// CRC-32 of its contents.
    public var checksum: UInt32
    /// Of its contents.
    public var size: Int
    /// Of `data`.
    public var compressedSize: Int
    /// Where it is; nil for where it is written.
    public var offset: Int?
    /// What the header before the data says, where it is not what the directory says.
    public var localName: String?
    /// The same.
    public var localNameCount, localMethod, localFlags, localSize: Int?
    /// The same.
    public var localChecksum: UInt32?
    /// What the header begins with.
    public var localSignature: UInt32 = 0x0403_4B50

    /// A file of these contents.
    public init(_ name: String, _ contents: [UInt8], deflated: Bool) {
      self.name = name
      // Without gzip's header of ten bytes and its trailer of eight, in which the checksum is.
      let gzip = Gzip.compress(contents)
      data = deflated ? Array(gzip.dropFirst(10).dropLast(8)) : contents
      method = deflated ? 8 : 0
      checksum = gzip.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
      (size, compressedSize) = (contents.count, data.count)
    }
  }

  /// Its files.
  public var entries: [Entry]
  /// What stands before all.
  public var leading: [UInt8] = []
  /// What stands behind all.
  public var trailing: [UInt8] = []
  /// What its end says, where it is not so.
  public var entryCount, directorySize, directoryOffset: Int?
  /// Which of several disks it is.
  public var disk = 0

  /// An archive of these files.
  public init(entries: [Entry]) { self.entries = entries }

  /// The file.
  public var bytes: [UInt8] {
    func short(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8 & 255)] }
    func word(_ number: Int) -> [UInt8] { short(number) + short(number >> 16) }
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let (name, localName) = (Array(entry.name.utf8), Array((entry.localName ?? entry.name).utf8))
      let sizes = word(entry.compressedSize) + word(entry.size)
      directory += word(0x0201_4B50) + short(20) + short(20) + short(entry.flags) + short(entry.method) + word(0)
      directory += word(Int(entry.checksum)) + sizes + short(name.count) + short(0) + short(0) + short(0) + short(0)
      directory += word(0) + word(entry.offset ?? bytes.count) + name
      bytes += word(Int(entry.localSignature)) + short(20) + short(entry.localFlags ?? entry.flags)
      bytes += short(entry.localMethod ?? entry.method) + word(0) + word(Int(entry.localChecksum ?? entry.checksum))
      bytes += word(entry.compressedSize) + word(entry.localSize ?? entry.size)
      bytes += short(entry.localNameCount ?? localName.count) + short(0) + localName + entry.data
    }
    let end =
      word(0x0605_4B50) + short(disk) + short(disk) + short(entryCount ?? entries.count)
      + short(entryCount ?? entries.count) + word(directorySize ?? directory.count)
      + word(directoryOffset ?? bytes.count) + short(0)
    return leading + bytes + directory + end + trailing
  }
}
