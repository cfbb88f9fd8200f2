internal import EventLog
internal import EventModel

extension Limit {
    /// The name, the standard value, the range, and what it is about.
    public var definition: Definition {
        switch self {
        case .requestBytes, .arguments, .argumentBytes, .inlineBytes, .attributes, .dataBytes:
            ofRequests
        case .connections, .connectionsPerUser, .connectionsReserved: ofConnections
        case .handshakeMilliseconds, .requestMilliseconds, .idleMilliseconds: ofSilence
        case .inputBytes, .outputBytes, .stalledMilliseconds, .bufferedBytes: ofBuffers
        default: ofWork
        }
    }

    private static let hour = 3_600_000
    private static let mebibyte = 1_048_576

    private var ofRequests: Definition {
        switch self {
        case .requestBytes:
            Definition(
                "request_bytes", Self.mebibyte + 65_536, 4_096...8 * Self.mebibyte,
                "bytes of one request with its framing",
                "the connection is told and closed; send smaller batches")
        case .arguments:
            Definition(
                "arguments", 16_384, 64...1_048_576, "words of one request",
                "the connection is told and closed; send smaller batches")
        case .argumentBytes:
            Definition(
                "argument_bytes", Self.mebibyte, 1_024...8 * Self.mebibyte,
                "bytes of one word of a request",
                "the connection is told and closed; keep large content elsewhere and name it")
        case .inlineBytes:
            Definition(
                "inline_bytes", 65_536, 64...Self.mebibyte, "bytes of a request typed as one line",
                "the connection is told and closed; send a RESP array")
        case .attributes:
            Definition(
                "attributes", EventLimits.attributesMax, 0...EventLimits.attributesMax,
                "attributes of one event",
                "the event is refused with TOOLARGE")
        default:
            Definition(
                "data_bytes", EventLimits.dataBytesMax, 0...EventLimits.dataBytesMax,
                "bytes of one event's payload", "the event is refused with TOOLARGE")
        }
    }

    private var ofConnections: Definition {
        switch self {
        case .connections:
            Definition(
                "connections", 10_000, 1...100_000, "connections open at a time",
                "a further one is told and closed; reuse connections, or retry later")
        case .connectionsPerUser:
            Definition(
                "connections_per_user", 256, 1...100_000,
                "connections of one user open at a time, operators' not counted",
                "a further one is told and closed; reuse connections, or retry later")
        default:
            Definition(
                "connections_reserved", 16, 0...1_000,
                "of all connections, those that only operators may have",
                "other peers are refused that much earlier")
        }
    }

    private var ofSilence: Definition {
        switch self {
        case .handshakeMilliseconds:
            Definition(
                "handshake_ms", 30_000, 100...24 * Self.hour,
                "time from connecting to the end of the first request",
                "the connection is told and closed; connect when there is something to ask")
        case .requestMilliseconds:
            Definition(
                "request_ms", 30_000, 100...24 * Self.hour,
                "time from the first byte of a request to its last",
                "the connection is told and closed; send requests whole")
        default:
            Definition(
                "idle_ms", Self.hour, 1_000...7 * 24 * Self.hour,
                "time without a byte in either direction while nothing is awaited",
                "the connection is closed; reconnect")
        }
    }

    private var ofBuffers: Definition {
        switch self {
        case .inputBytes:
            Definition(
                "input_bytes", 4 * Self.mebibyte, 65_536...64 * Self.mebibyte,
                "bytes of requests that a connection may have waiting",
                "nothing more is read from it until it has less")
        case .outputBytes:
            Definition(
                "output_bytes", 2 * Self.mebibyte, 65_536...64 * Self.mebibyte,
                "bytes of answers that a connection may have unread",
                "its requests wait until it has read a good part")
        case .stalledMilliseconds:
            Definition(
                "stalled_ms", 30_000, 100...24 * Self.hour,
                "time for which a connection may leave its answers unread at output_bytes",
                "the connection is closed; read answers while sending requests")
        default:
            Definition(
                "buffered_bytes", 256 * Self.mebibyte, Self.mebibyte...64 * 1_024 * Self.mebibyte,
                "bytes of requests and answers held for all connections together",
                "the largest connection of the user whose connections hold most is told and closed; "
                    + "send less at a time")
        }
    }

    private var ofWork: Definition {
        switch self {
        case .appendsInFlight:
            Definition(
                "appends_in_flight", 1_024, 1...65_536,
                "appends of a connection that wait for the disk",
                "its next request waits for the commit")
        case .appendsInFlightAll:
            Definition(
                "appends_in_flight_all", LogLimits.roundEventsMax, 1...LogLimits.roundEventsMax,
                "events of all connections that wait for the disk",
                "they are committed before more is taken")
        case .appendWaitMilliseconds:
            Definition(
                "append_wait_ms", 10_000, 100...Self.hour,
                "time for which appends wait for the log to have room",
                "the disk does not follow; further appends are refused until it does, retry later")
        case .waiters:
            Definition(
                "waiters", 4_096, 0...100_000, "requests that wait for a view or an event",
                "a further one is refused; ask without AFTER or WAIT, or retry later")
        case .drainMilliseconds:
            Definition(
                "drain_ms", 5_000, 0...Self.hour,
                "time that peers have to read their last answers when the daemon stops",
                "what is unread then is dropped with its connection")
        default:
            Definition(
                "stop_ms", 60_000, 1_000...Self.hour,
                "time in which the daemon ends once it is told to",
                "it ends at once; everything answered is on disk, views fold the rest anew")
        }
    }
}
