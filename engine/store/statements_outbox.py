"""The statements of the outbox, as SQL text. Made by `python -m engine.store.generate`, not by hand."""

from __future__ import annotations

from typing import Final

ADD_OBSERVER: Final = "INSERT INTO observer (observer, next_seq) VALUES (:observer, :next_seq) ON CONFLICT DO NOTHING"

OBSERVER: Final = "SELECT observer.next_seq FROM observer WHERE observer.observer = :which"

OBSERVERS: Final = "SELECT observer.observer, observer.next_seq FROM observer ORDER BY observer.observer"

MOVE_OBSERVER: Final = "UPDATE observer SET next_seq=:next_seq WHERE observer.observer = :which"

ADD_DELIVERY: Final = (
    "INSERT INTO outbox (topic, occurrence, payload, state, tries, made_at, next_at) VALUES (:topic, :occurrence, "
    ":payload, :state, :tries, :made_at, :next_at) ON CONFLICT DO NOTHING"
)

ADD_ENDED: Final = (
    "INSERT INTO outbox (topic, occurrence, payload, state, tries, made_at, next_at, done_at, told) VALUES (:topic, "
    ":occurrence, :payload, :state, :tries, :made_at, :next_at, :done_at, :told) ON CONFLICT DO NOTHING"
)

COUNT_WAITING: Final = "SELECT count(*) AS count_1 FROM outbox WHERE outbox.state = 'waiting' AND outbox.topic = :which"

COUNT_WAITING_UNDER: Final = (
    "SELECT count(*) AS count_1 FROM outbox WHERE outbox.state = 'waiting' AND outbox.topic >= :inside AND "
    "outbox.topic < :beyond"
)

COUNT_DEAD_UNDER: Final = (
    "SELECT count(*) AS count_1 FROM outbox WHERE outbox.state = 'dead' AND outbox.topic >= :inside AND outbox.topic < "
    ":beyond AND outbox.done_at >= :since"
)

NEWEST_CLAIM: Final = (
    "SELECT max(outbox.claimed_until) AS max_1 FROM outbox WHERE outbox.state = 'waiting' AND outbox.topic = :which"
)

SHORTEN_CLAIMS: Final = (
    "UPDATE outbox SET claimed_until=:claimed_until WHERE outbox.state = 'waiting' AND outbox.topic = :of_topic AND "
    "outbox.claimed_until > :latest"
)

DUE_DELIVERIES: Final = (
    "SELECT outbox.id, outbox.topic, outbox.occurrence, outbox.payload, outbox.state, outbox.tries, outbox.made_at, "
    "outbox.next_at, outbox.claimed_until, outbox.done_at, outbox.told FROM outbox WHERE outbox.state = 'waiting' AND "
    "(outbox.next_at <= :now OR outbox.next_at = outbox.made_at) AND outbox.topic = :topic ORDER BY outbox.id LIMIT "
    ":limit OFFSET 0"
)

CLAIM_DELIVERY: Final = "UPDATE outbox SET claimed_until=:claimed_until WHERE outbox.id = :which"

RELEASE_DELIVERIES: Final = (
    "UPDATE outbox SET claimed_until=NULL WHERE outbox.state = 'waiting' AND outbox.claimed_until = :lease AND "
    "outbox.topic = :of_topic"
)

DELIVERED: Final = (
    "UPDATE outbox SET state='delivered', tries=(outbox.tries + 1), claimed_until=NULL, done_at=:done_at, told=:told "
    "WHERE outbox.id = :which AND outbox.state = 'waiting'"
)

NOT_DELIVERED: Final = (
    "UPDATE outbox SET state=:state, tries=(outbox.tries + 1), next_at=:next_at, claimed_until=NULL, done_at=:done_at, "
    "told=:told WHERE outbox.id = :which AND outbox.state = 'waiting' AND outbox.claimed_until = :lease"
)

FORGET_DELIVERY: Final = "DELETE FROM outbox WHERE outbox.id = :which AND outbox.state = 'waiting'"

DELIVER_AGAIN: Final = (
    "UPDATE outbox SET state='waiting', tries=0, next_at=:now, done_at=NULL WHERE outbox.id = :which AND "
    "(outbox.claimed_until IS NULL OR outbox.claimed_until <= :now)"
)

DELIVER_DEAD_AGAIN: Final = (
    "UPDATE outbox SET state='waiting', tries=0, next_at=:now, done_at=NULL WHERE outbox.state = 'dead' AND "
    "outbox.topic >= :inside AND outbox.topic < :beyond"
)

COUNT_OLD_DELIVERIES: Final = (
    "SELECT count(*) AS count_1 FROM outbox WHERE outbox.state = 'delivered' AND outbox.done_at < :before"
)

PRUNE_DELIVERIES: Final = "DELETE FROM outbox WHERE outbox.state = 'delivered' AND outbox.done_at < :before"

DELIVERY: Final = (
    "SELECT outbox.id, outbox.topic, outbox.occurrence, outbox.payload, outbox.state, outbox.tries, outbox.made_at, "
    "outbox.next_at, outbox.claimed_until, outbox.done_at, outbox.told FROM outbox WHERE outbox.id = :which"
)

COUNT_DELIVERIES: Final = (
    "SELECT outbox.state, count(*) AS count_1 FROM outbox WHERE instr(outbox.topic, :inside) = 1 GROUP BY outbox.state "
    "ORDER BY outbox.state"
)

DELIVERIES: Final = (
    "SELECT outbox.id, outbox.topic, outbox.occurrence, outbox.payload, outbox.state, outbox.tries, outbox.made_at, "
    "outbox.next_at, outbox.claimed_until, outbox.done_at, outbox.told FROM outbox ORDER BY outbox.id DESC LIMIT "
    ":limit OFFSET 0"
)

DELIVERIES_IN_STATE: Final = (
    "SELECT outbox.id, outbox.topic, outbox.occurrence, outbox.payload, outbox.state, outbox.tries, outbox.made_at, "
    "outbox.next_at, outbox.claimed_until, outbox.done_at, outbox.told FROM outbox WHERE outbox.state = :state ORDER "
    "BY outbox.id DESC LIMIT :limit OFFSET 0"
)

DELIVERIES_OF_TOPIC: Final = (
    "SELECT outbox.id, outbox.topic, outbox.occurrence, outbox.payload, outbox.state, outbox.tries, outbox.made_at, "
    "outbox.next_at, outbox.claimed_until, outbox.done_at, outbox.told FROM outbox WHERE outbox.topic = :topic OR "
    "instr(outbox.topic, :inside) = 1 ORDER BY outbox.id DESC LIMIT :limit OFFSET 0"
)

DELIVERIES_OF_TOPIC_IN_STATE: Final = (
    "SELECT outbox.id, outbox.topic, outbox.occurrence, outbox.payload, outbox.state, outbox.tries, outbox.made_at, "
    "outbox.next_at, outbox.claimed_until, outbox.done_at, outbox.told FROM outbox WHERE (outbox.topic = :topic OR "
    "instr(outbox.topic, :inside) = 1) AND outbox.state = :state ORDER BY outbox.id DESC LIMIT :limit OFFSET 0"
)

DELIVERY_ABOUT: Final = (
    "SELECT outbox.id, outbox.topic, outbox.occurrence, outbox.payload, outbox.state, outbox.tries, outbox.made_at, "
    "outbox.next_at, outbox.claimed_until, outbox.done_at, outbox.told FROM outbox WHERE outbox.topic = :topic AND "
    "outbox.occurrence = :occurrence"
)

DELIVERIES_ABOUT: Final = (
    "SELECT outbox.id, outbox.topic, outbox.occurrence, outbox.payload, outbox.state, outbox.tries, outbox.made_at, "
    "outbox.next_at, outbox.claimed_until, outbox.done_at, outbox.told FROM outbox WHERE outbox.topic = :topic AND "
    "outbox.occurrence >= :first AND outbox.occurrence < :beyond ORDER BY outbox.occurrence"
)

DELIVERIES_UNDER: Final = (
    "SELECT outbox.id, outbox.topic, outbox.occurrence, outbox.payload, outbox.state, outbox.tries, outbox.made_at, "
    "outbox.next_at, outbox.claimed_until, outbox.done_at, outbox.told FROM outbox WHERE outbox.topic = :topic ORDER "
    "BY outbox.id"
)

COUNT_STALE: Final = (
    "SELECT count(*) AS count_1 FROM outbox WHERE outbox.state = 'waiting' AND instr(outbox.topic, :inside) = 1 AND "
    "outbox.next_at < :before AND (outbox.claimed_until IS NULL OR outbox.claimed_until <= :now)"
)

GIVE_UP_STALE: Final = (
    "UPDATE outbox SET state='dead', claimed_until=NULL, done_at=:done_at, told=:told WHERE outbox.state = 'waiting' "
    "AND instr(outbox.topic, :inside) = 1 AND outbox.next_at < :before AND (outbox.claimed_until IS NULL OR "
    "outbox.claimed_until <= :now)"
)

PRUNE_STALE: Final = (
    "DELETE FROM outbox WHERE outbox.state = 'waiting' AND instr(outbox.topic, :inside) = 1 AND outbox.next_at < "
    ":before AND (outbox.claimed_until IS NULL OR outbox.claimed_until <= :now)"
)

COUNT_FORGOTTEN: Final = (
    "SELECT count(*) AS count_1 FROM outbox WHERE outbox.state = 'dead' AND outbox.topic >= :inside AND outbox.topic < "
    ":beyond AND outbox.done_at < :before"
)

PRUNE_DEAD: Final = (
    "DELETE FROM outbox WHERE outbox.state = 'dead' AND outbox.topic >= :inside AND outbox.topic < :beyond AND "
    "outbox.done_at < :before"
)

HOLDERS: Final = (
    "SELECT DISTINCT role_grant.person FROM role_grant JOIN person ON role_grant.person = person.id WHERE "
    "role_grant.role = :role AND (role_grant.scope = '' OR role_grant.scope = :project) AND person.active = 1 ORDER BY "
    "role_grant.person"
)
