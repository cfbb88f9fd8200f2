extension Catalogue {
    /// Visits to site and app: sessions, pages, searches, products, forms.
    ///
    /// `device_kind` is phone, tablet, desktop, …; the word `device` begins an identifier.
    static let web = """
        session.started,session.ended session_id!:ref channel! referrer* campaign \
        search_term* landing* device_kind logged_in:boolean
        web.viewed,screen.viewed session_id!:ref page!* category title*
        search.made session_id!:ref query!* results:integer category
        product.viewed,product.compared \
        session_id!:ref product! category title price:money variant stock:integer
        form.started,form.submitted,form.abandoned,form.failed \
        form_id!:ref session_id!:ref fields last_field error* page*
        error.shown code! session_id:ref form_id:ref fields last_field error* page*
        """
}
