import ArgumentParser

/// What every command about a view understands.
struct ViewOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("Wait until this position is in the answer.", valueName: "position"))
    var after: UInt64?

    @Option(help: ArgumentHelp("How long to wait for it.", valueName: "milliseconds"))
    var within: UInt64?

    func validate() throws {
        guard within == nil || after != nil else {
            throw ValidationError("--within says how long to wait for --after; it stands alone")
        }
    }

    /// Asks for a view.
    func document(_ words: [String], missing: String) throws -> Document {
        var words = words
        if let after { words += ["AFTER", "\(after)"] }
        if let within { words += ["WITHIN", "\(within)"] }
        var session = try connection.connect()
        return try session.document(words, missing: missing)
    }

    /// Asks for a view and shows it.
    func show(
        _ words: [String], missing: String, as shape: DocumentShape = DocumentShape()
    ) throws {
        try output.show(try document(words, missing: missing), as: shape)
    }
}

/// As of when a view is asked for.
struct MomentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "As it was known at this position, or at this time (RFC 3339).",
            valueName: "position|time"))
    var at: String?

    @Option(
        help: ArgumentHelp(
            "What is known now of what had happened by this time.", valueName: "time"))
    var occurred: String?

    @Option(
        help: ArgumentHelp(
            "Count ages from this time, not from the moment asked for.", valueName: "time"))
    var now: String?

    func validate() throws {
        guard at == nil || occurred == nil else {
            throw ValidationError("--at and --occurred are two ways to name a moment; give one")
        }
    }

    /// The words that ask for it.
    var words: [String] {
        [("AT", at), ("OCCURRED", occurred), ("NOW", now)].flatMap { token, value in
            value.map { [token, $0] } ?? []
        }
    }
}
