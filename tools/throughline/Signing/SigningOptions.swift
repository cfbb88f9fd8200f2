import ArgumentParser
import EventLog
import EventModel
import Glibc

/// What signing takes, whatever is signed.
struct SigningOptions: ParsableArguments {
    @Option(name: .customLong("key"), help: "The private key.")
    var keyFile: String

    @Option(name: [.customShort("o"), .long], help: "Where it goes; a file stays.")
    var output: String

    /// The key that signs.
    func key() throws -> CheckpointKey {
        let pem = try TextFile.read(keyFile)
        return try ToolFailure.telling { () throws(CheckpointError) in
            try CheckpointKey.read(privatePEM: pem)
        }
    }

    /// The moment that is signed, in whole seconds.
    func now() -> Timestamp {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(milliseconds: Int64(now.tv_sec) * 1_000)
    }

    /// Writes what was signed.
    func write(_ text: String) throws { try TextFile.create(output, text, mode: 0o644) }
}

/// What checking takes, whatever was signed.
struct CheckingOptions: ParsableArguments {
    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Argument(help: "What was signed.")
    var file: String

    @Option(help: "The public key.")
    var publicKey: String

    /// The key that checks.
    func key() throws -> CheckpointKey {
        let pem = try TextFile.read(publicKey)
        return try ToolFailure.telling { () throws(CheckpointError) in
            try CheckpointKey.read(publicPEM: pem)
        }
    }
}
