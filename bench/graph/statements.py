"""Each query as one hand-written statement with the same authorisation.

A statement returns the whole body. It reads the facts about the viewer (`me`) and filters by the same conditions as the
API, so that it is about the least that a database has to do for the same response.
"""

from domain import visibility
from domain.predicate import Predicate
from domain.standing import FACT, FACTS, STANDING_QUERY
from domain.visibility import insiders_of
from gql.schema.viewer import MANDATES, ORGANISATIONS, ROLES

ME = f"me as materialized ({STANDING_QUERY})"


def with_viewer_facts(text: str) -> str:
    """SQL that names facts about the viewer, taking them from `me`."""
    return FACT.sub(lambda fact: f"(select {fact[1]} from me)::{FACTS[fact[1]]}", text)


def sql_of(condition: Predicate, row: str) -> str:
    """The condition on a row, of the viewer's facts in `me`."""
    return with_viewer_facts(condition.sql_for(row))


def base64(text: str) -> str:
    """SQL for a text in base64, without PostgreSQL's line breaks."""
    return f"translate(encode(convert_to({text}, 'UTF8'), 'base64'), E'\\n', '')"


def gid(kind: str, key: str) -> str:
    """SQL for a global id."""
    return base64(f"'{kind}:' || {key}")


def moment(column: str) -> str:
    """SQL for a moment in Python's ISO format: with six digits of a second, or none."""
    fraction = f"case when date_trunc('second', {column}) = {column} then '' else '.US' end"
    return f"""to_char({column}, 'YYYY-MM-DD"T"HH24:MI:SS' || {fraction}) || '+00:00'"""


CONTRACT_PAGE = f"""{ME}, owner as (
  select o.*, {sql_of(visibility.contract_readers, "o")} as reads_contracts
  from organisation o where o.id = $5 and {sql_of(visibility.organisation, "o")}
), listed as materialized (
  select c.*, row_number() over (order by c.published_at desc, c.id desc) as place
  from contract c, owner
  where owner.reads_contracts and c.organisation_id = owner.id and {sql_of(visibility.contract, "c")}
  order by c.published_at desc, c.id desc limit $6
)"""
"""The first contracts of an organisation (`$5`), one more than the page has (`$6`)."""

CURSOR = base64("""'["PUBLISHED_AT","' || l.published_at || '",' || l.id || ']'""")

MEMBERSHIPS = f"""(select row_to_json(connection) from (select array_to_json(array(
  select (select row_to_json(edge) from (select (select row_to_json(node) from (select m.kind,
      (select row_to_json(member) from (
        select {gid("User", "p.id")} as id, p.given_name as "givenName", p.family_name as "familyName"
        from person p where p.id = m.user_id) member) as user,
      (select row_to_json(relation) from (
        select w.email from work_relation w
        where w.id = m.work_relation_id and {sql_of(visibility.work_relation, "w")}) relation) as "workRelation"
    ) node) as node) edge)
  from membership m
  where m.group_id = g.id and m.kind = 'FIXED' and m.ended_at is null and {sql_of(visibility.membership, "m")}
  order by m.id limit 50)) as edges) connection)"""

LINKS = f"""case when {sql_of(insiders_of, "l")} then array_to_json(array(
  select (select row_to_json(link) from (select {moment("k.linked_at")} as "linkedAt", (
    select row_to_json(linked_group) from (
      select {gid("Group", "g.id")} as id, g.name, {MEMBERSHIPS} as memberships
      from access_group g where g.id = k.group_id
    ) linked_group) as group) link)
  from group_link k where k.contract_id = l.id and k.ended_at is null and {sql_of(visibility.group_link, "k")}
  order by k.linked_at, k.id)) end"""

NESTED = f"""with {CONTRACT_PAGE}
select '{{"data":' || row_to_json(data) || '}}' from (select (select row_to_json(node) from (
  select {gid("Organisation", "owner.id")} as id, owner.name, case when owner.reads_contracts then (
    select row_to_json(connection) from (select
      (select count(*) from contract c where c.organisation_id = owner.id and {sql_of(visibility.contract, "c")})
        as "totalCount",
      (select row_to_json(info) from (select (select count(*) = $6 from listed) as "hasNextPage",
        (select {CURSOR} from listed l where l.place < $6 order by l.place desc limit 1) as "endCursor") info)
        as "pageInfo",
      array_to_json(array(select (select row_to_json(edge) from (select {CURSOR} as cursor, (
          select row_to_json(contract) from (
            select {gid("Contract", "l.id")} as id, l.number, l.title,
              case when {sql_of(insiders_of, "l")} then l.own_reference end as "ownReference", {LINKS} as "groupLinks"
          ) contract) as node) edge)
        from listed l where l.place < $6 order by l.place)) as edges
    ) connection) end as contracts
  from owner) node) as node) data"""

FLAT = f"""with {CONTRACT_PAGE}
select '{{"data":' || row_to_json(data) || '}}' from (select (select row_to_json(node) from (
  select case when owner.reads_contracts then (
    select row_to_json(connection) from (select array_to_json(array(select (select row_to_json(edge) from (select (
      select row_to_json(contract) from (
        select {gid("Contract", "l.id")} as id, l.number, l.title,
          case when {sql_of(insiders_of, "l")} then l.own_reference end as "ownReference",
          {moment("l.published_at")} as "publishedAt",
          (select row_to_json(authority) from (select a.name) authority) as "contractingAuthority"
      ) contract) as node) edge)
      from listed l join organisation a on a.id = l.contracting_authority_id
      where l.place < $6 order by l.place)) as edges
    ) connection) end as contracts
  from owner) node) as node) data"""

VIEWER = f"""with {ME}
select '{{"data":' || row_to_json(data) || '}}' from (select (select row_to_json(viewer) from (select
  (select row_to_json(person) from (
    select {gid("User", "p.id")} as id, p.given_name || ' ' || p.family_name as "fullName",
      case when {sql_of(visibility.language, "p")} then p.language end as language
    from person p where p.id = $1 and {sql_of(visibility.user, "p")}) person) as user,
  array_to_json(array(select (select row_to_json(acting) from (select
      (select row_to_json(organisation) from (
        select {gid("Organisation", "o.id")} as id, o.name, o.kind,
          left(o.enterprise_number, 4) || '.' || substr(o.enterprise_number, 5, 3) || '.'
            || right(o.enterprise_number, 3) as "enterpriseNumber"
        from organisation o where o.id = place.organisation_id) organisation) as organisation,
      (select row_to_json(relation) from (
        select {gid("WorkRelation", "w.id")} as id, w.category, (select q.valid_until from work_relation_period q
          where q.work_relation_id = w.id order by q.valid_until desc limit 1) as "validUntil"
        from work_relation w where w.id = place.work_relation_id and {sql_of(visibility.work_relation, "w")}) relation)
        as "workRelation",
      {with_viewer_facts(ROLES.sql_for("place"))} as roles,
      {with_viewer_facts(MANDATES.sql_for("place"))} as mandates
    ) acting) from ({with_viewer_facts(ORGANISATIONS.text)}) place)) as organisations
  ) viewer) as viewer) data"""
