// Compressors and decompressors have one owner each and serve one call at a time.
import Zstd

func copy() throws {
    // expected-error@+1 {{'compressor' used after consume}}
    let compressor = try Compressor()
    // expected-note@+1 {{consumed here}}
    let second = compressor
    // expected-note@+1 {{used here}}
    _ = compressor.level
    _ = second.level
}
