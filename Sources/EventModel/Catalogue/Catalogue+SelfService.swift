extension Catalogue {
    /// Phone menus, bots and forms, help offered on a page, and the articles that answer.
    static let selfService = """
        selfservice.entered interaction! flow!:ref node
        selfservice.left interaction! flow!:ref outcome!=contained|handedOver|dropped node
        selfservice.stepped interaction! flow!:ref node! outcome!=ok|retry|error|noMatch \
        task intent confidence:integer tries:integer duration_ms:integer
        selfservice.taskCompleted task! session:ref flow:ref
        selfservice.humanRequested interaction! flow:ref node nth:integer
        assist.offered,assist.accepted,assist.dismissed \
        assist_id!:ref kind!=chat|callback|cobrowse session:ref cart:ref page* rule
        knowledge.searched query!* results!:integer session:ref
        knowledge.shown,knowledge.used,knowledge.rated \
        article!:ref version! helpful:boolean session:ref
        knowledge.gapReported query!* results:integer session:ref
        """
}
