extension Catalogue {
    /// Callbacks from the offer to the last attempt.
    static let callbacks = """
        callback.requested interaction! callback_id!:ref number!* \
        due_from:time due_to:time keep_place:boolean reason
        callback.offered,callback.declined \
        interaction! expected_wait_ms:integer callback_id:ref
        callback.scheduled callback_id!:ref due_from!:time due_to:time
        callback.attempted callback_id!:ref attempt!:integer \
        outcome!=reached|busy|noAnswer|machine|invalid|refused ring_ms:integer
        callback.reached,callback.failed,callback.expired,callback.cancelled \
        callback_id!:ref reason
        """
}
