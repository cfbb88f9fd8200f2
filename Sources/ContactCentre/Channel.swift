/// The medium of a contact. The network on it is `provider`; callback is a method, bot and IVR
/// are stages, and none of these is a channel.
public enum Channel: UInt8, DomainWord {
    /// No event has told yet.
    case unknown = 0
    /// A telephone call.
    case voice = 1
    /// A call with pictures.
    case video = 2
    /// A chat in which both sides are present.
    case chat = 3
    /// Text messages over the telephone network.
    case sms = 4
    /// A messaging service with a memory: WhatsApp, KakaoTalk, LINE.
    case messaging = 5
    /// E-mail.
    case email = 6
    /// Public posts and mentions.
    case social = 7
    /// The web site.
    case web = 8
    /// The own app.
    case app = 9
    /// A visit to a shop.
    case store = 10
    /// Letters and parcels.
    case post = 11
    /// Work without a person at the other end.
    case task = 12

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .unknown: "unknown"
        case .voice: "voice"
        case .video: "video"
        case .chat: "chat"
        case .sms: "sms"
        case .messaging: "messaging"
        case .email: "email"
        case .social: "social"
        case .web: "web"
        case .app: "app"
        case .store: "store"
        case .post: "post"
        case .task: "task"
        }
    }
}
