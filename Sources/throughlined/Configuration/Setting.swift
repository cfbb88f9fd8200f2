import Commands

/// One thing that can be configured: `key` in a file under its `[section]`, as an environment
/// variable `THROUGHLINED_SECTION_NAME`, and behind `--set key=value`.
struct Setting {
    /// What its value is.
    enum Kind {
        case text, integer, flag, list

        /// Reads the value of a flag of the command line.
        func value(of text: String) -> SettingValue? {
            switch self {
            case .text: .text(text)
            case .integer: Int(text).map { .integer($0) }
            case .flag: Bool(text).map { .flag($0) }
            case .list: .list(text.split(separator: ",").map(String.init))
            }
        }

        /// What it must be, in words.
        var words: String {
            switch self {
            case .text: "text"
            case .integer: "a whole number"
            case .flag: "true or false"
            case .list: "a list of texts"
            }
        }
    }

    let key: String
    let kind: Kind
    /// What it decides, one line.
    let summary: String

    /// The environment variable that sets it.
    var variable: String {
        Self.variablePrefix
            + key.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    static let variablePrefix = "THROUGHLINED_"

    /// All settings, in the order in which they are shown.
    static let all: [Setting] =
        [
            Setting("store.path", .text, "the store's folder"),
            Setting("store.backup_folder", .text, "where backups lie, a folder each"),
            Setting("store.durability", .text, "when appends are answered"),
            Setting("store.force_network_filesystem", .flag, "open a store on NFS, SMB, FUSE"),
            Setting("store.segment_events", .integer, "events after which a segment ends"),
            Setting("store.stride_bytes", .integer, "bytes moved into a segment at once"),
            Setting("store.journal_bytes", .integer, "bytes of the journal's ring"),
            Setting("socket.path", .text, "the Unix socket to listen on"),
            Setting("socket.mode", .text, "the mode of its file, octal"),
            Setting("socket.group", .text, "the group of its file"),
            Setting("access.rules", .list, "who may do what, the first that fits decides"),
            Setting("access.classes", .list, "the most private class that each role sees"),
            Setting("redaction.rules", .list, "what is never stored of texts"),
            Setting("redaction.patterns", .list, "further forms of numbers never stored"),
            Setting("privacy.classes", .list, "other classes for attributes and identifiers"),
            Setting(
                "privacy.suppression", .flag, "refuse events from before a person's erasure"),
            Setting(
                "privacy.suppression_folder", .text, "where the list for that and its key lie"),
            Setting("log.level", .text, "the least level that is logged"),
        ]
        + Limit.allCases.map {
            Setting("limits.\($0.name)", .integer, $0.definition.summary)
        }

    private init(_ key: String, _ kind: Kind, _ summary: String) {
        self.key = key
        self.kind = kind
        self.summary = summary
    }

    /// Returns the setting of a key.
    static func named(_ key: String) -> Setting? { all.first { $0.key == key } }
}

/// The value of a setting.
enum SettingValue: Equatable {
    case text(String)
    case integer(Int)
    case flag(Bool)
    case list([String])

    /// As it is shown.
    var shown: String {
        switch self {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .list(let texts): texts.joined(separator: ",")
        }
    }
}

/// Why a configuration does not hold: the source, the key, what it must be.
struct ConfigurationMistake: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
