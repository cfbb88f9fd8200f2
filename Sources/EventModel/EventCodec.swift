/// The stored form of an event, version 1.
///
/// A record is self-describing, so a later registry never reads an old event differently, and it
/// has two parts from the first byte on. The skeleton is what erasure keeps; the personal part is
/// what erasure removes. All integers are little-endian.
///
///     record
///      0   u32  bytes of the whole record, this field included
///      4   u32  bytes of the skeleton
///      8   ...  skeleton
///      ..  ...  personal part, to the end of the record: version 1, or 2 once something of it has
///               been removed, see `EventRemnant`
///
///     skeleton
///      0   u8   version = 1
///      1   u8   flags: bit 0 = the producer gave no time, `occurred` repeats `recorded`
///      2   u16  number of attributes
///      4   u64  position            (0 until the log stamps it)
///     12   i64  recorded, ms UTC    (0 until the log stamps it)
///     20   i64  occurred, ms UTC
///     28   u8   bytes of the type, then the type
///      ..  ...  attributes of class open
///
///     personal part
///      0   u8   version = 1
///      1   u8   number of identifiers
///      2   u16  number of attributes
///      4   u16  bytes of the source, then the source
///      ..  u16  bytes of the id, then the id
///      ..  ...  identifiers: u8 role, u8 strength, u8 bytes of kind, kind, u16 bytes of value, value
///      ..  ...  attributes of class personal and sensitive
///      ..  u8   bytes of the content type (0 = no payload), then the content type
///      ..  u32  bytes of the payload, then the payload   (absent when there is no payload)
///
///     attribute
///      0   u8   bytes of the name, then the name
///      ..  u8   kind (AttributeKind)
///      ..  ...  value: text, ref = u16 bytes, then UTF-8; integer, time = i64;
///               money = i64 minor units, 3 bytes currency; boolean = u8 0 or 1
///
/// Example, `agent.loggedIn` of agent `a` from source `s`, id `1`, nothing said about when:
///
///     48000000 35000000  01 01 0100  0000000000000000 0000000000000000 0000000000000000
///     0e 6167656e742e6c6f67676564496e  05 6167656e74 06 0100 61
///     01 00 0000 0100 73 0100 31 00
public enum EventCodec {
    /// The version this code writes; it reads all since 1.
    public static let version: UInt8 = 1
    /// The bytes of the shortest record: lengths, times, an empty type, no attribute.
    public static let recordBytesMin = 37

    /// Offsets inside a record.
    public enum Offset {
        /// Where the skeleton starts.
        public static let skeleton = 8
        /// The position, from the start of the record.
        public static let position = skeleton + 4
        /// The recorded time, from the start of the record.
        public static let recorded = skeleton + 12
        /// The occurred time, from the start of the record.
        public static let occurred = skeleton + 20
        /// The flags, from the start of the record.
        public static let flags = skeleton + 1
        /// The length of the type, from the start of the record.
        public static let type = skeleton + 28
    }

    /// Set in the flags when the producer gave no time.
    public static let occurredAbsent: UInt8 = 0b0000_0001

    /// Writes position and recorded time into a record that an encoder made.
    ///
    /// - Parameters:
    ///   - records: A buffer that holds the record.
    ///   - offset: Where in the buffer the record starts.
    @inlinable
    public static func stamp(
        _ records: inout [UInt8], at offset: Int, position: Position, recorded: Timestamp
    ) {
        records.store(littleEndian: position.rawValue, at: offset + Offset.position)
        records.store(littleEndian: recorded.rawValue, at: offset + Offset.recorded)
        if records[offset + Offset.flags] & occurredAbsent != 0 {
            records.store(littleEndian: recorded.rawValue, at: offset + Offset.occurred)
        }
    }
}
