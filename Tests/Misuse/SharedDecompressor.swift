// A borrowed decompressor serves nobody: its one owner calls it.
import Zstd

func borrow(
    _ decompressor: borrowing Decompressor, _ frame: RawSpan, _ output: inout [UInt8]
) throws {
    // expected-error@+1 {{cannot use mutating member on immutable value: 'decompressor' is a 'let' constant}}
    try decompressor.decompress(frame, limit: 1, into: &output)
}
