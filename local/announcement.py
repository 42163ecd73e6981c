"""What the demo prints when it is up: its URLs, and who can sign in."""

from local.data_folder import DataFolder
from local.demo_environment import DemoPorts
from local.stack import HOST

MACHINE_CLIENT = "client_id=authority, client_secret=demo"
PAGE_CLIENT = "client_id=frontend, PKCE, back to / or /callback"


def announcement(ports: DemoPorts, folder: DataFolder, seconds: float) -> str:
    """The text for the console.

    Args:
        ports: The ports of the services.
        folder: Where everything is written.
        seconds: How long it took to start.
    """
    from local.people import PEOPLE  # noqa: PLC0415  # brings the models along, which take half a second

    urls = {
        f"{ports.public_url}/": "start page: what is where",
        f"{ports.public_url}/graphql": "GraphiQL with example operations, and the API",
        f"{ports.public_url}/mailbox": "the mails that were sent",
        f"{ports.issuer}/": "identity provider",
        f"http://{HOST}:{ports.api_metrics}/metrics": "the API's metrics",
        f"http://{HOST}:{ports.worker_metrics}/metrics": "the worker's metrics",
        f"{HOST}:{ports.smtp_sink}": f"SMTP sink, into {folder.mail}",
    }
    names = {person.key: f"{person.given_name} {person.family_name}" for person in PEOPLE if person.key}
    descriptions = {person.key: person.description for person in PEOPLE}
    return "\n".join(
        [
            f"\nReady after {seconds:.1f} s. Ctrl-C stops everything.\n",
            *(f"  {url:<34} {description}" for url, description in urls.items()),
            f"\nSign in at {ports.public_url}/signin?next=/graphql as one of:\n",
            *(f"  {key:<14} {name:<20} {descriptions[key]}" for key, name in names.items()),
            f"\nThe contracting authority's system: {MACHINE_CLIENT}.",
            f"A page on any port of this machine: {PAGE_CLIENT}.\n",
        ]
    )
