-- One row per client who lives in an institution and month-end.
-- AWBZ clients who live in an institution, per month: an institution lifts the figures of its buurt. Flagged by the
-- indication (with stay), by the address (more than 10 residents of different households), or both; nobody is left out.
with

indicaties as (
    select * from {{ ref('stg_awbz') }}
),

voorzieningen as (
    select * from {{ ref('voorziening_awbz') }}
),

bewoning as (
    select * from {{ ref('bewoning') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

regelingen as (
    select * from {{ ref('regelingen') }}
    where regeling = 'awbz'
),

verblijf as (
    select
        gemeentecode,
        concat('awbz-', besluitnummer, '-', coalesce(functiecode, concat('zzp', zzp))) as voorziening_id,
        max(case when intramuraal then 1 else 0 end) as intramuraal
    from indicaties
    group by gemeentecode, concat('awbz-', besluitnummer, '-', coalesce(functiecode, concat('zzp', zzp)))
),

clienten as (
    select
        voorzieningen.gemeentecode,
        peilmaanden.peildatum,
        voorzieningen.persoon,
        max(verblijf.intramuraal) as intramuraal
    from voorzieningen
    inner join verblijf
        on
            voorzieningen.gemeentecode = verblijf.gemeentecode
            and voorzieningen.voorziening_id = verblijf.voorziening_id
    inner join peilmaanden
        on
            voorzieningen.gemeentecode = peilmaanden.gemeentecode
            and voorzieningen.begindatum <= peilmaanden.peildatum
            and (voorzieningen.einddatum is null or voorzieningen.einddatum > peilmaanden.peildatum)
    inner join regelingen on peilmaanden.peildatum <= regelingen.geldig_tot
    group by voorzieningen.gemeentecode, peilmaanden.peildatum, voorzieningen.persoon
),

-- Only months in which there are clients: everybody of all months would be much.
maanden as (
    select distinct
        gemeentecode,
        peildatum
    from clienten
),

bewoners as (
    select
        bewoning.gemeentecode,
        maanden.peildatum,
        bewoning.adres,
        bewoning.huishouden,
        bewoning.persoon
    from bewoning
    inner join maanden
        on
            bewoning.gemeentecode = maanden.gemeentecode
            and bewoning.van <= maanden.peildatum
            and (bewoning.tot is null or bewoning.tot > maanden.peildatum)
            and (bewoning.overlijden is null or bewoning.overlijden > maanden.peildatum)
),

instellingen as (
    select
        gemeentecode,
        peildatum,
        adres
    from bewoners
    group by gemeentecode, peildatum, adres
    having count(distinct persoon) > 10 and count(distinct huishouden) > 1
),

final as (
    select
        clienten.gemeentecode,
        clienten.peildatum,
        clienten.persoon,
        clienten.intramuraal = 1 as indicatie_met_verblijf,
        instellingen.adres is not null as op_instellingsadres
    from clienten
    left join bewoners
        on
            clienten.gemeentecode = bewoners.gemeentecode
            and clienten.peildatum = bewoners.peildatum
            and clienten.persoon = bewoners.persoon
    left join instellingen
        on
            bewoners.gemeentecode = instellingen.gemeentecode
            and bewoners.peildatum = instellingen.peildatum
            and bewoners.adres = instellingen.adres
    where clienten.intramuraal = 1 or instellingen.adres is not null
)

select * from final
