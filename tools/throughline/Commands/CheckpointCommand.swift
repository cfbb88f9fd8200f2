import ArgumentParser
import EventLog
import EventModel

struct CheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign what a store holds, and hold the store against it later.",
        discussion: """
            A checkpoint says, in a few lines and with an Ed25519 signature, which events a store \
            held up to a position. Keep checkpoints and the private key away from the store: then \
            nobody who can write the store can change its past unseen.
            """,
        subcommands: [
            CheckpointKeyCommand.self, CheckpointWriteCommand.self, CheckpointCheckCommand.self,
        ])
}

struct CheckpointKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make a key: FILE signs, FILE.pub checks.",
        discussion: "Both are PEM as openssl reads it; FILE is for its owner only. Files stay.")

    @Option(name: [.customShort("o"), .long], help: "Where the private key goes.")
    var output: String

    func run() throws {
        var generator = SystemRandomNumberGenerator()
        let seed = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let (secret, published) = try ToolFailure.telling { () throws(CheckpointError) in
            let key = try CheckpointKey.make(seed: seed)
            return (key.privatePEM ?? "", key.publicPEM ?? "")
        }
        try TextFile.create(output, secret, mode: 0o600)
        try TextFile.create(output + ".pub", published, mode: 0o644)
        Terminal.write("wrote \(output) and \(output).pub\n")
    }
}

struct CheckpointWriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Sign the end of a store as it is now.",
        discussion: "A daemon may have the store open.")

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @OptionGroup var signing: SigningOptions

    func run() throws {
        let key = try signing.key()
        let checkpoint = try ToolFailure.telling { () throws(CheckpointError) in
            try SignedCheckpoint(
                signing: StoreProof.read(store: store), with: key, now: signing.now())
        }
        try signing.write(checkpoint.text)
        Terminal.write("signed position \(checkpoint.position) of store \(checkpoint.store)\n")
    }
}

struct CheckpointCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Hold a store against a checkpoint.",
        discussion: """
            Exit code: 0 the store has at that position the digest that was signed, 1 it has not \
            or the signature is wrong. That its events are those that the digest stands for, \
            throughline verify proves.
            """)

    @OptionGroup var checking: CheckingOptions

    func run() throws {
        let text = try TextFile.read(checking.file)
        let key = try checking.key()
        let checkpoint = try ToolFailure.telling { () throws(CheckpointError) in
            let checkpoint = try SignedCheckpoint(reading: text)
            try checkpoint.check(store: checking.store, publicKey: key)
            return checkpoint
        }
        Terminal.write(
            "the store is as it was signed: position \(checkpoint.position), epoch "
                + "\(checkpoint.epoch), \(checkpoint.time.rfc3339)\n")
    }
}

extension ToolFailure {
    /// Makes any error of a body a failure that says what it says.
    static func telling<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(ToolFailure) -> Result {
        do throws(Failure) {
            return try body()
        } catch {
            throw ToolFailure("\(error)")
        }
    }
}
