-- One row per row of a delivery and rule that it breaks.
-- Rows that are sound and still do not count: starts and stops that fit no allocation (JZ-41, JZ-42) or each other
-- (JZ-43, JZ-44), a delivery of one route for months in which the other counts (JZ-95), and records without a person
-- (JZ-96).
with

bij as (
    select * from {{ ref('stg_jeugdzorg_bij') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
    where bron = 'jeugdzorg' and geldt
),

dekking as (
    select * from {{ ref('dekking') }}
    where regeling = 'jeugdzorg'
),

{{ uitval_uit_berichten('stg_jeugdzorg_berichten', 'JZ') }},

dubbel_gedekt as (
    select distinct
        leveringen.gemeentecode,
        leveringen.leverancier,
        leveringen.leverdatum,
        cast(null as bigint) as rij,
        'JZ-95' as regel_id
    from leveringen
    inner join dekking
        on
            leveringen.gemeentecode = dekking.gemeentecode
            and leveringen.semantiek = dekking.ook_geleverd
            and leveringen.dekt_van <= dekking.peildatum
            and leveringen.dekt_tot >= dekking.peildatum
),

zonder_persoon as (
    select
        gemeentecode,
        leverancier,
        leverdatum,
        rij,
        'JZ-96' as regel_id
    from bij
    where persoon is null
),

final as (
    select * from losse_berichten
    union all
    select * from dubbel_gedekt
    union all
    select * from zonder_persoon
)

select * from final
