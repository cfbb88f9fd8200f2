extension Catalogue {
    /// What is said in an interaction and what is found out about it.
    static let conversations = """
        message.received,message.sent \
        interaction! message_id!:ref author!=customer|agent|bot|system in_reply_to:ref \
        private:boolean
        message.delivered,message.read message_id!:ref
        message.failed message_id!:ref reason final:boolean address*
        contact.classified \
        interaction! kind!=test|spam|wrongNumber|internal|training|silent|genuine \
        confidence:integer
        reason.set interaction! reason! by!=ivr|bot|customer|agent|rule|model \
        confidence:integer replaces
        auth.attempted,auth.succeeded,auth.failed \
        interaction! method!=otp|kba|login|voice|app level:integer valid_until:time reason
        interaction.disposed interaction! outcome! code follow_up:boolean
        interaction.summarised interaction! text!* model accepted:boolean edited:boolean
        sentiment.measured interaction! score!:integer model! message_id:ref
        note.added note_id!:ref text!* pinned:boolean visibility
        note.removed note_id!:ref
        recording.started,recording.paused,recording.resumed,recording.stopped \
        interaction! ref!* consent_ref:ref reason retention_class
        transcript.added interaction! part!:integer text!* \
        author!=customer|agent|bot|system from_ms:integer to_ms:integer model
        wait.announced \
        interaction! expected_ms!:integer low_ms:integer high_ms:integer position:integer
        """
}
