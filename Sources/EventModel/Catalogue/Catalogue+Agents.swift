extension Catalogue {
    /// Agents: presence, queues, skills, and how they are trained and judged.
    ///
    /// `reason` tells the kind of a break and the name of a custom presence.
    static let agents = """
        agent.loggedIn,agent.loggedOut agent! channels reason
        agent.presence agent! presence!=offline|available|break|training|meeting|custom \
        reason by=self|supervisor|system
        agent.joinedQueue,agent.leftQueue agent! queue! paused:boolean level:integer
        agent.slots agent! channel! capacity!:integer exclusive_group
        agent.skill agent! skill!:ref level!:integer valid_until:time
        agent.assigned agent! team!:ref supervisor:ref employment=own|agency|seasonal|outsourced
        agent.trained agent! course! result!** minutes:integer
        agent.blocked \
        agent! what!=system|missingRight|noAnswerFound system duration_ms:integer
        coaching.held agent! topic** minutes**:integer
        evaluation.completed \
        agent! evaluation_id:ref form** score**:integer max**:integer
        agent.surveyed survey_id!:ref period! team:ref
        agent.surveyAnswered survey_id!:ref score!**:integer scale!** team:ref drivers**
        """
}
