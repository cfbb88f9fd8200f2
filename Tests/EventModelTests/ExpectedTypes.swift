/// The names of all event types, kept apart from the catalogue so that none can be lost there
/// unnoticed: a family, then what can happen in it.
enum ExpectedTypes {
    static let families = """
        address: set
        agent: assigned blocked connected joinedQueue leftQueue loggedIn loggedOut presence skill \
        slots surveyAnswered surveyed trained
        appointment: booked cancelled kept missed moved
        approval: decided requested
        assist: accepted dismissed offered
        auth: attempted failed succeeded
        callback: attempted cancelled declined expired failed offered reached requested scheduled
        campaign: entered left
        cart: abandoned changed recovered
        case: closed opened reopened stepped
        channel: closed degraded opened restored
        chargeback: decided opened
        checkout: failed started stepped
        coaching: held
        concession: granted
        conference: joined left
        consent: expired given withdrawn
        consult: ended started
        contact: classified
        contactpoint: confirmed invalidated
        coupon: applied denied
        customer: erased erasureCompleted
        definition: set
        delivery: attempted damaged delivered estimated failed lost
        entry: refused
        error: shown
        event: redacted redactionCompleted
        evaluation: completed
        exchange: made
        feedback: answered forwarded given
        flag: cleared raised
        form: abandoned failed started submitted
        giftcard: issued redeemed
        hold: ended started
        household: confirmed dissolved suggested
        identity: blocked linked merged observed released unmerged
        import: completed
        incident: linked opened resolved unlinked updated
        interaction: abandoned anomaly completed created disconnected disposed expired failed \
        inferredEnd reopened summarised
        knowledge: gapReported rated searched shown used
        loyalty: changed enrolled left tierChanged
        message: delivered failed read received sent
        note: added removed
        notice: published withdrawn
        offer: accepted failed made missed rejected rescinded
        order: cancelled changed held paid paymentFailed placed released
        pickup: collected expired ready
        preference: set
        privacy: answered requested
        proactive: answered delivered failed opened planned sent suppressed
        product: compared viewed
        promise: broken kept made withdrawn
        promotion: clicked shown
        proposal: accepted declined expired ignored presented
        queue: closed entered left opened positionChanged
        reason: set
        recording: paused resumed started stopped
        referral: accepted made
        refund: failed issued requested
        return: authorised inspected received rejected requested shipped
        review: answered changed posted removed
        screen: viewed
        search: made
        selfservice: entered humanRequested left stepped taskCompleted
        sentiment: measured
        session: ended started
        shipment: sent
        social: adopted dismissed mention replied
        source: claimed heartbeat restarted resumed silent
        stage: inferred
        stock: alertRequested
        store: epoch served visited
        subscription: cancelled paused renewed started
        survey: answered expired followedUp invited suppressed
        thread: joined split
        thresholds: published
        trait: removed set
        transcript: added
        transfer: completed failed started
        voicemail: left
        wait: announced
        warranty: claimed registered
        web: viewed
        wishlist: changed
        wrapup: ended started
        """

    /// The full names, sorted.
    static var names: [String] {
        families.split(separator: "\n").flatMap { line in
            let words = line.split(separator: " ")
            return words.dropFirst().map { "\(words[0].dropLast()).\($0)" }
        }.sorted()
    }
}
