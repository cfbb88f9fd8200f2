internal import EventModel

/// What rows of the views are about, in words for people: the first byte of a key tells, of what is
/// kept of a customer the one behind who it is.
public enum RowKind {
    /// Returns the kind of a row; `other` for a key that this version writes nowhere.
    ///
    /// - Parameter view: The projection's name.
    public static func word(ofKey key: RawSpan, in view: String) -> String {
        guard key.byteCount > 0 else { return "other" }
        if view == CustomersProjection.name, key[0] == CustomerKey.prefix,
            key.byteCount > CustomerKey.kindOffset
        {
            return wordsOfCustomers[key[CustomerKey.kindOffset]] ?? "other"
        }
        return (words[view] ?? [:])[key[0]] ?? "other"
    }

    private static let wordsOfCustomers: [UInt8: String] = [
        SubjectRecord.factKind: "facts", TimelineChunk.kind: "timelines",
        OpenRow.kind: "open contacts", PlaceRow.kind: "places of things",
        TouchpointRow.kind: "touchpoints", PurchasesRecord.kind: "purchases",
        RelatedRecord.kind: "related parties",
    ]

    private static let words: [String: [UInt8: String]] = [
        IdentityProjection.name: [
            IdentifierKey.prefix: "identifiers", FounderRecord.prefix: "founders",
            GroupRecord.prefix: "persons", IdentityAlert.prefix: "alerts",
            HouseholdRow.prefix: "households",
            IdentityDefinitions.key[0]: "rules", MovesRow.prefix: "moves between persons",
        ],
        QueuesProjection.name: [
            InteractionKey.prefix: "interactions", WaitingRow.prefix: "waiting",
            ServiceRow.prefix: "in service", OldestRow.prefix: "oldest waits",
            QueueCounts.prefix: "totals", QueueStaff.prefix: "staff",
            AgentRecord.prefix: "agents", AgentWork.prefix: "agents' contacts",
            FreeRow.prefix: "free agents", MemberRow.prefix: "members of queues",
            CallbackRecord.prefix: "call backs", DueRow.prefix: "call backs due",
            CallbacksAsked.prefix: "call backs asked for",
            SourceRecord.prefix: "feeds", QueueSourceRow.prefix: "feeds of queues",
            PersonRow.prefix: "persons' contacts", SilenceRow.prefix: "silence",
            QueuesDefinitionKind.prefix: "definitions", OpeningWord.prefix: "opening",
        ],
        MetricsProjection.name: [
            MetricCell.prefix: "figures", LevelRow.prefix: "levels", LevelDayRow.prefix: "levels",
            ClosedFigures.prefix: "figures of days", ClosedLevels.prefix: "levels of days",
            InteractionKey.prefix: "interactions", ContactIndexRow.prefix: "contacts by quarter",
            ChainKey.prefix: "contacts of persons", SurveyRow.prefix: "surveys",
            SurveyRow.indexPrefix: "surveys by quarter", AgentSurveyRow.prefix: "surveys of agents",
            StageRow.prefix: "stages", PresenceRow.prefix: "presence",
            SlotsWord.prefix: "slots",
            MetricsDefinitionKind.prefix: "definitions", ClaimRow.prefix: "claims",
            MetricSettings.key[0]: "dimensions", AssignmentRow.prefix: "teams",
            SourceRow.prefix: "feeds", FeedNotes.prefix: "feeds of queues",
            ClosureWord.prefix: "closures", RefusalRow.prefix: "customers not let in",
            WatermarkRow.key[0]: "watermark",
        ],
        CustomersProjection.name: [
            CustomerKey.prefix: "customers", TimelineChunk.prefix: "timelines",
            InteractionKey.prefix: "interactions", SubjectRecord.thingPrefix: "things",
            UnclaimedRow.prefix: "unclaimed", LikenessRow.prefix: "likenesses",
            SignalRow.prefix: "signals", DefinitionRecord.prefix: "definitions",
            DefinitionVersionRow.prefix: "versions of definitions",
        ],
    ]
}
