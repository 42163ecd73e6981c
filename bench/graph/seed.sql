-- The large data set: {organisations} organisations × {users} people × {groups} groups × {contracts} contracts.
-- Keys follow from positions, so that one statement fills a whole table: person u of organisation o has the key
-- (o - 1) * {users} + u. The last people of each organisation are special: no right (-2), expired work relation (-3),
-- revoked right (-4); the last but one works for the next organisation, too, and the last one is the legal
-- representative, who needs no work relation.

update theme set visible = true where code in ('EXECUTION', 'PLANNING');

insert into organisation (id, enterprise_number, name, kind, email)
select o, form.digits || lpad((97 - form.digits::int % 97)::text, 2, '0'),
  case when o > {organisations} then 'Agentschap ' else 'Aannemingen ' end
    || (array['Wegen en Verkeer', 'De Smet', 'Van den Berghe', 'Claes', 'Willems', 'Mertens', 'Goossens'])[1 + o % 7] || ' ' || o,
  case when o > {organisations} then 'CONTRACTING_AUTHORITY' when o % 10 = 0 then 'CONSORTIUM' else 'ENTERPRISE' end,
  case when o % 3 = 0 then 'info@organisatie' || o || '.example' end
from generate_series(1, {organisations} + 5) o, lateral (select lpad((4000000 + o)::text, 8, '0') as digits) form;

-- PEOPLE

-- Everyone but the legal representatives has a work relation.
insert into work_relation (id, user_id, organisation_id, category, email, phone)
select p.id, p.id, (p.id - 1) / {users} + 1,
  case when p.id % 11 = 0 then 'EXTERNAL' when p.id % 17 = 0 then 'DELEGATED' else 'PERMANENT' end,
  case when p.id % 20 <> 0 then 'medewerker' || p.id || '@organisatie' || (p.id - 1) / {users} + 1 || '.example' end,
  case when p.id % 2 = 0 then '+3225531' || lpad((p.id % 1000)::text, 3, '0') end
from person p where p.id % {users} <> 0;
insert into work_relation (id, user_id, organisation_id, category, email)
select {organisations} * {users} + o, o * {users} - 1, o % {organisations} + 1, 'DELEGATED', 'gedelegeerde' || o || '@elders.example'
from generate_series(1, {organisations}) o where {organisations} > 1;

insert into work_relation_period (work_relation_id, user_id, organisation_id, valid_from, counted_from, valid_until)
select w.id, w.user_id, w.organisation_id, days.first, days.first,
  brussels_today() + case when w.id % {users} = {users} - 3 and w.user_id = w.id then -10 else 300 + (w.id % 400)::int end
from work_relation w, lateral (select brussels_today() - 400 + (w.id % 90)::int as first) days;
insert into work_relation_period (work_relation_id, user_id, organisation_id, valid_from, counted_from, valid_until)
select id, user_id, organisation_id, brussels_today() - 1200, brussels_today() - 1200, brussels_today() - 600
from work_relation where id % 9 = 0;

insert into access_right (id, work_relation_id, reason, granted_by_id, granted_at, revoked_at, revocation_reason)
select w.id, w.id, 'Opvolging van de werf', w.organisation_id * {users}, moment.past - interval '300 days',
  case when w.id % {users} = {users} - 4 then moment.past - interval '20 days' end,
  case when w.id % {users} = {users} - 4 then 'Andere functie' end
from work_relation w, lateral (select date_trunc('minute', now()) as past) moment
where w.user_id <> w.id or w.id % {users} not in (4, {users} - 2);
insert into access_right_role (access_right_id, role, valid_from, valid_to)
select r.id, granted.role, r.granted_at, r.revoked_at from access_right r, lateral (
  select 'ADMINISTRATOR' as role where r.id <= {organisations} * {users} and r.id % {users} in (1, 2)
  union all select 'USER' where r.id > {organisations} * {users} or r.id % {users} <> 1) granted;
-- Former administrators.
insert into access_right_role (access_right_id, role, valid_from, valid_to)
select id, 'ADMINISTRATOR', granted_at, granted_at + interval '90 days' from access_right where id % {users} in (6, 7);

insert into access_mandate (organisation_id, user_id, kind, email, since)
select o, (o - 1) * {users} + mandate.place, mandate.kind,
  case when mandate.place = {users} then 'zaakvoerder@organisatie' || o || '.example' end,
  date_trunc('minute', now()) - interval '300 days'
from generate_series(1, {organisations}) o, lateral (values
  ('LEGAL_REPRESENTATIVE', {users}), ('MAIN_ACCESS_MANAGER', 3), ('ACCESS_MANAGER', 4)) mandate (kind, place);

-- Each organisation has one more group, which was deleted.
insert into access_group (id, organisation_id, name, name_key, description, email, active, created_at, deactivated_at)
select g, position.organisation, named.name, lower(named.name), 'Wie ' || lower(named.name) || ' opvolgt',
  case when g % 4 = 0 then 'groep' || g || '@organisatie' || position.organisation || '.example' end,
  position.active, date_trunc('minute', now()) - interval '290 days',
  case when not position.active then date_trunc('minute', now()) - interval '15 days' end
from generate_series(1, {organisations} * ({groups} + 1)) g, lateral (
  select case when g <= {organisations} * {groups} then (g - 1) / {groups} + 1 else g - {organisations} * {groups} end as organisation,
    g <= {organisations} * {groups} as active) position, lateral (
  select (array['Facturatie', 'Werfleiding', 'Planning', 'Meetstaten', 'Directie', 'Onderaanneming'])[1 + g % 6] || ' ' || g as name) named;

insert into group_theme_level (group_id, theme_id, level, valid_from)
select g.id, t.id, (g.id * 7 + t.id * 3) % 4, g.created_at from access_group g cross join theme t where (g.id + t.id) % 5 <> 0;
insert into group_theme_level (group_id, theme_id, level, valid_from, valid_to)
select g.id, t.id, 1, g.created_at - interval '9 days', g.created_at
from access_group g join theme t on t.visible where g.id % 3 = 0;
insert into group_reference_level (group_id, contract_type_id, level, valid_from)
select g.id, t.id, 1 + (g.id + t.id) % 2, g.created_at from access_group g cross join contract_type t where g.id % 3 = 0;

insert into contract (id, number, title, type_id, organisation_id, contracting_authority_id, own_reference, email, external_id,
  content_digest, published_at, ended_at, end_reason)
select c, 'MOW/' || lpad(c::text, 7, '0'),
  (array['Onderhoud van de N', 'Herstelling van brug ', 'Baggerwerken vak ', 'Signalisatie van de R', 'Studie van sluis '])[1 + c % 5] || c,
  (select min(id) from contract_type) + c % 2, (c - 1) / {contracts} + 1, {organisations} + 1 + c % 5,
  case when c % 4 <> 0 then 'WERF-' || lpad((c::bigint * 7919 % 99991)::text, 5, '0') end,
  case when c % 10 = 0 then 'werf' || c || '@organisatie.example' end, 'contract-' || c, sha256(c::text::bytea),
  moment.published, case when c % 15 = 0 then moment.published + interval '1 day' end,
  case when c % 15 = 0 then 'Definitief opgeleverd' end
from generate_series(1, {organisations} * {contracts}) c,
  lateral (select date_trunc('minute', now()) - interval '280 days' + make_interval(mins => (c::bigint * 37 % 380000)::int) as published) moment;

-- Three links for each contract, but none for every twelfth; a quarter has an ended link, too.
insert into group_link (id, organisation_id, contract_id, group_id, linked_at)
select (c.id - 1) * 3 + k + 1, c.organisation_id, c.id, (c.organisation_id - 1) * {groups} + 1 + (c.id * 5 + k * 4) % {groups},
  c.published_at + interval '1 hour'
from contract c, generate_series(0, 2) k where c.id % 12 <> 11;
insert into group_link (id, organisation_id, contract_id, group_id, linked_at, ended_at)
select {organisations} * {contracts} * 3 + c.id, c.organisation_id, c.id, (c.organisation_id - 1) * {groups} + 1 + (c.id * 5 + 1) % {groups},
  c.published_at + interval '1 hour', c.published_at + interval '2 hours'
from contract c where c.id % 4 = 0;

insert into membership (kind, organisation_id, group_id, user_id, work_relation_id, since)
select 'FIXED', g.organisation_id, g.id, w.user_id, w.id, g.created_at
from access_group g cross join generate_series(0, 7) k
join work_relation w on w.id = (g.organisation_id - 1) * {users} + 1 + (g.id * 5 + k * 3) % ({users} - 1);
insert into membership (kind, organisation_id, group_id, user_id, work_relation_id, since, ended_at)
select 'FIXED', g.organisation_id, g.id, w.user_id, w.id, g.created_at, g.created_at + interval '30 days'
from access_group g cross join generate_series(8, 10) k
join work_relation w on w.id = (g.organisation_id - 1) * {users} + 1 + (g.id * 5 + k * 3) % ({users} - 1);
insert into membership (kind, organisation_id, group_id, user_id, work_relation_id, since)
select 'FIXED', w.organisation_id, (w.organisation_id - 1) * {groups} + 1, w.user_id, w.id, date_trunc('minute', now()) - interval '10 days'
from work_relation w where w.id > {organisations} * {users};
insert into membership (kind, organisation_id, group_id, user_id, work_relation_id, group_link_id, contract_id, since)
select 'CONTRACT_SPECIFIC', l.organisation_id, l.group_id, w.user_id, w.id, l.id, l.contract_id, l.linked_at
from group_link l cross join generate_series(0, 1) k
join work_relation w on w.id = (l.organisation_id - 1) * {users} + 1 + (l.contract_id * 7 + k * 13) % ({users} - 1)
where l.ended_at is null and l.id % 3 = 1;

insert into document (contract_id, contracting_authority_id, theme_id, title, direction, status, external_id, content_digest,
  created_at, received_at)
select c.id, c.contracting_authority_id, (select min(id) from theme) + (c.id + k) % 3, 'Vorderingsstaat ' || k + 1, 'FROM_AUTHORITY',
  'RECEIVED', 'document-' || c.id || '-' || k, sha256((c.id || '-' || k)::bytea), moment.arrived, moment.arrived
from contract c cross join generate_series(0, 1) k, lateral (select c.published_at + interval '1 day' * k as arrived) moment;
insert into message (contract_id, contracting_authority_id, subject, body, external_id, content_digest, received_at)
select id, contracting_authority_id, 'Aanvang van de werken', 'De werken vangen aan op de afgesproken dag.', 'message-' || id,
  sha256(id::text::bytea), published_at from contract where id % 2 = 0;
insert into action (contract_id, contracting_authority_id, title, external_id, content_digest)
select id, contracting_authority_id, 'Dien de vorderingsstaat in', 'action-' || id, sha256(id::text::bytea)
from contract where id % 3 = 0;
insert into audit_entry (organisation_id, at, actor_id, action, subject_type, subject_id, after)
select organisation_id, linked_at, (organisation_id - 1) * {users} + 1, 'CONTRACT_GROUPS_SET', 'Contract', contract_id,
  jsonb_build_object('groups', jsonb_build_array(group_id))
from group_link;
