"""Every URL of the service, one a line: the map."""

from remotehandsd.web import administration, api, developer, front, oauth, operator, people, v1
from remotehandsd.web.call import Endpoint
from remotehandsd.web.health import Health
from remotehandsd.web.refused import Dialect
from remotehandsd.web.routing import Route

DESCRIBED = (
    developer.Described("customers", v1.document.document),
    developer.Described("api", api.document.document, "api."),
    developer.Described("operator", operator.document.document, "operator."),
)
"""The APIs that the reference shows."""


def routes(health: Health, pages: front.Front, signing_in: people.SigningIn) -> list[Route]:
    """Return every route but those of `with_trying`. `health`, `pages` and `signing_in` are this process's own."""
    return [
        *_block(
            v1.answer,
            ("POST", "/v2/auth/token", v1.tokens.issue),
            ("GET", "/v1/accounts", v1.accounts.list_all),
            ("GET", "/v1/sites", v1.sites.list_assigned),
            ("GET", "/v1/global-sites", v1.sites.list_all),
            ("GET", "/v1/globalsites", v1.sites.list_all),
            ("GET", "/v1/locations", v1.sites.list_locations),
            ("POST", "/v1/remotehands-tickets", v1.tickets.create),
            ("GET", "/v1/remotehands-tickets", v1.tickets.list_page),
            ("GET", "/v1/remotehands-tickets/categories", v1.tickets.categories),
            ("GET", "/v1/remotehands-tickets/{id}", v1.tickets.get),
            ("PUT", "/v1/remotehands-tickets/{id}", v1.tickets.update),
            ("PUT", "/v1/remotehands-tickets/{id}/cancel", v1.tickets.cancel),
            ("POST", "/v1/comments", v1.comments.create),
            ("GET", "/v1/comments/{id}", v1.comments.list_all),
            ("POST", "/v1/attachments", v1.attachments.create),
            ("GET", "/v1/attachments/{id}", v1.attachments.list_all),
            ("GET", "/v1/attachments/file/{file_id}", v1.attachments.get_file_by_id),
            ("GET", "/v1/attachments/{id}/file/{file_id}", v1.attachments.get_file),
        ),
        *_block(
            api.answer,
            ("GET", "/api/events", api.Feed(health).show),
            ("POST", "/api/webhooks", api.webhooks.create),
            ("GET", "/api/webhooks", api.webhooks.list_all),
            ("GET", "/api/webhooks/{id}", api.webhooks.get),
            ("PUT", "/api/webhooks/{id}", api.webhooks.change),
            ("DELETE", "/api/webhooks/{id}", api.webhooks.remove),
            ("POST", "/api/webhooks/{id}/rotate", api.webhooks.rotate),
            ("POST", "/api/webhooks/{id}/test", api.webhooks.test),
            ("GET", "/api/webhooks/{id}/deliveries", api.webhooks.list_deliveries),
            ("POST", "/api/webhooks/{id}/deliveries/{delivery_id}/retry", api.webhooks.send_again),
            ("GET", "/api/openapi.json", api.document.show),
        ),
        *_block(
            operator.answer,
            ("GET", "/operator/v1/tickets", operator.tickets.list_queue),
            ("GET", "/operator/v1/tickets/{id}", operator.tickets.get),
            ("POST", "/operator/v1/tickets/{id}/start", operator.tickets.start),
            ("POST", "/operator/v1/tickets/{id}/complete", operator.tickets.complete),
            ("POST", "/operator/v1/tickets/{id}/grant-cancellation", operator.tickets.grant_cancellation),
            ("POST", "/operator/v1/tickets/{id}/refuse-cancellation", operator.tickets.refuse_cancellation),
            ("POST", "/operator/v1/tickets/{id}/cancel", operator.tickets.cancel),
            ("POST", "/operator/v1/tickets/{id}/assign", operator.tickets.assign),
            ("POST", "/operator/v1/tickets/{id}/comments", operator.tickets.write),
            ("POST", "/operator/v1/tickets/{id}/attachments", operator.attachments.create),
            ("GET", "/operator/v1/tickets/{id}/attachments", operator.attachments.list_all),
            ("GET", "/operator/v1/tickets/{id}/attachments/{file_id}", operator.attachments.get_file),
            ("GET", "/operator/v1/tickets/{id}/time", operator.hours.list_all),
            ("POST", "/operator/v1/tickets/{id}/time", operator.hours.book),
            ("POST", "/operator/v1/tickets/{id}/time/start", operator.hours.start),
            ("POST", "/operator/v1/tickets/{id}/time/stop", operator.hours.stop),
            ("PUT", "/operator/v1/tickets/{id}/time/{entry_id}", operator.hours.correct),
            ("GET", "/operator/openapi.json", operator.document.show),
        ),
        *_block(
            oauth.answer,
            ("POST", "/oauth2/token", oauth.issue),
        ),
        *_block(
            v1.answer,
            ("GET", "/.well-known/jwks.json", oauth.keys),
            ("GET", "/.well-known/oauth-authorization-server", oauth.metadata),
            ("GET", "/openapi.json", v1.document.show),
            ("GET", "/healthz", health.healthz),
            ("GET", "/readyz", health.readyz),
            ("GET", "/metrics", health.metrics),
        ),
        *_block(
            people.answer,
            ("GET", "/sign-in", signing_in.show),
            ("POST", "/sign-in", signing_in.sign_in),
            ("POST", "/sign-in-as", signing_in.sign_in_as),
            ("GET", "/welcome", people.welcome),
            ("POST", "/sign-out", people.sign_out),
            ("POST", "/environment", people.switch),
            ("GET", "/password/forgotten", people.passwords.forgotten),
            ("POST", "/password/forgotten", people.passwords.send_link),
            ("GET", "/password/{token}", people.passwords.show),
            ("POST", "/password/{token}", people.passwords.put),
            ("GET", "/sessions", people.sessions.show),
            ("POST", "/sessions/end", people.sessions.end),
            ("POST", "/sessions/end-others", people.sessions.end_others),
            ("POST", "/sessions/password", people.sessions.change_password),
        ),
        *_block(
            developer.answer,
            ("GET", "/developer", developer.home.show),
            ("GET", "/developer/register", developer.registering.show),
            ("POST", "/developer/register", developer.registering.register),
            ("GET", "/developer/confirm/{token}", developer.registering.ask_confirm),
            ("POST", "/developer/confirm/{token}", developer.registering.confirm),
            ("GET", "/developer/access", developer.access.show),
            ("POST", "/developer/access", developer.access.ask),
            ("GET", "/developer/apps", developer.apps.show),
            ("POST", "/developer/apps", developer.apps.make),
            ("GET", "/developer/apps/{client_id}", developer.apps.show_one),
            ("POST", "/developer/apps/{client_id}/rotate", developer.apps.rotate),
            ("POST", "/developer/apps/{client_id}/finish", developer.apps.finish),
            ("POST", "/developer/apps/{client_id}/take-back", developer.apps.take_back),
            ("GET", "/developer/apps/{client_id}/revoke", developer.apps.ask_revoke),
            ("POST", "/developer/apps/{client_id}/revoke", developer.apps.revoke),
            ("GET", "/developer/start", developer.Starting(pages.credential).show),
            ("GET", "/developer/reference", developer.Reference(DESCRIBED, pages.credential).show),
            ("GET", "/developer/reference/{operation}", developer.Reference(DESCRIBED, pages.credential).show_one),
        ),
        *_block(
            administration.answer,
            ("GET", "/desk/administration", administration.home.show),
            ("GET", "/desk/administration/log", administration.log.show),
            ("GET", "/desk/administration/registrations", administration.deciding.show),
            ("POST", "/desk/administration/registrations/{key}/confirm", administration.deciding.confirm),
            ("POST", "/desk/administration/registrations/{key}/accept", administration.deciding.accept),
            ("POST", "/desk/administration/registrations/{key}/decline", administration.deciding.decline),
            ("GET", "/desk/administration/{kind}", administration.keeping.show_all),
            ("GET", "/desk/administration/{kind}/new", administration.keeping.show_new),
            ("POST", "/desk/administration/{kind}/new", administration.keeping.add),
            ("GET", "/desk/administration/{kind}/one", administration.keeping.show_one),
            ("POST", "/desk/administration/{kind}/one", administration.keeping.change),
            ("POST", "/desk/administration/{kind}/invite", administration.inviting.invite),
        ),
        *_block(
            front.answer,
            ("GET", "/", pages.show),
            ("GET", "/static/{name}", pages.static),
        ),
    ]


def with_trying(routes: list[Route], pages: front.Front) -> list[Route]:
    """Return the whole map: these, and the pages on which calls of theirs are tried."""
    trying = developer.Trying(DESCRIBED, routes, pages.credential)
    return [
        *routes,
        *_block(
            developer.answer,
            ("GET", "/developer/try/{operation}", trying.show),
            ("POST", "/developer/try/{operation}", trying.send),
        ),
    ]


def _block(dialect: Dialect, *lines: tuple[str, str, Endpoint]) -> list[Route]:
    return [Route(method, path, endpoint, dialect) for method, path, endpoint in lines]
